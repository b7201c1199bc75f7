/** The endpoints that are asked every few seconds whether Signet lives. It is no news while it does, and no trace worth keeping. */
export const probes: ReadonlySet<string> = new Set(["/healthz", "/readyz"]);
