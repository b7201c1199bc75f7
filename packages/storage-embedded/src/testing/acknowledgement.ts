/** What the writer of the crash test says that it has done, each with the number of the round and of the step. */
export const acknowledgements = [
  "code-saved",
  "code-consumed",
  "grant-opened",
  "grant-rotated",
  "grant-revoked",
  "session-started",
  "interaction-finished",
  "tenant-created",
  "tenant-replaced",
  "user-created",
  "consent-allowed",
] as const;
export type Acknowledgement = (typeof acknowledgements)[number];
