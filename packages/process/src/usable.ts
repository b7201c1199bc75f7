import { StartError } from "./start-error.ts";

/**
 * What `open` makes of a setting.
 * @throws StartError with the setting's name, and not its value, where `open` refuses it
 */
export function usable<Opened>(setting: string, open: () => Opened): Opened {
  try {
    return open();
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new StartError(`${setting} cannot be used: ${reason}`, { cause: error });
  }
}
