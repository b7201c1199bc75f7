import type { KeyChange } from "./key-rotation.ts";

export interface KeyChangeListeners {
  readonly logger: { info(members: object, message: string): void };
  /** Counts changes by their reason. */
  readonly onKeyChange?: ((reason: KeyChange["reason"]) => void) | undefined;
}

/** Writes each change of signing keys into the log, and has it counted. */
export function keyChangeListener({ logger, onKeyChange }: KeyChangeListeners): (change: KeyChange) => void {
  return (change) => {
    logger.info(change, sentences[change.reason]);
    onKeyChange?.(change.reason);
  };
}

const sentences: Readonly<Record<KeyChange["reason"], string>> = {
  scheduled: "a signing key was published that takes over by plan",
  requested: "a signing key was published that takes over on demand",
  emergency: "a signing key was revoked",
};
