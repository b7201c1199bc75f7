/** Under which a reply names its error id: what the log and the administrator know the refusal by. */
export const errorIdHeader = "Signet-Error-Id";
