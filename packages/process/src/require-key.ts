import { ResourceError } from "@signet/protocol";
import { StartError } from "./start-error.ts";

/**
 * Sees to it that a service starts only with the key-encryption key that its secrets are encrypted under.
 * @param opens tries the key: rejects with a ResourceError where what it would open is not to be had, with any other error where it does not open it
 * @throws StartError where it is another key; what `opens` rejects with where that is a ResourceError
 */
export async function requireKey(opens: () => Promise<void>): Promise<void> {
  try {
    await opens();
  } catch (error) {
    if (error instanceof ResourceError || !(error instanceof Error)) throw error;
    throw new StartError(
      `the databases were encrypted under another key-encryption key: set SIGNET_KEY_ENCRYPTION_KEY to that one, or, to change the key, SIGNET_PREVIOUS_KEY_ENCRYPTION_KEY (${error.message})`,
      { cause: error },
    );
  }
}
