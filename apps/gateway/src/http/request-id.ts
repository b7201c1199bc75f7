import { randomBytes } from "node:crypto";

const prefix = randomBytes(6).toString("hex");
let count = 0;

/** Unique among all requests to all replicas; not a secret. A counter behind a prefix of this process: drawing random bytes for each would cost more. */
export function newRequestId(): string {
  count += 1;
  return `${prefix}${count.toString(16).padStart(6, "0")}`;
}
