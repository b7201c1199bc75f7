import { ResourceError } from "@signet/protocol";

/** What of clients' secrets a caller may see. A secret that a call has just made is told to whoever made the call. */
export interface SecretView {
  /** The secrets in the clear, where they are asked for. */
  readonly secrets: boolean;
  /** What they are verified by: their hashes, and themselves where they are the key of assertions. */
  readonly hashes: boolean;
}

/** For whoever is Signet itself, in one process. */
export const wholeView: SecretView = { secrets: true, hashes: true };

/** @throws ResourceError forbidden where secrets are asked for by one who may not see them */
export function refuseHiddenSecrets(asked: boolean, view: SecretView): void {
  if (asked && !view.secrets)
    throw new ResourceError("forbidden", "client secrets are shown only to callers with the right to write");
}
