import type { common } from "@signet/contracts";

/** That a request was refused: what its reply says of it, and why, for the administrator. */
export interface Refused {
  readonly error: string;
  readonly description: string;
  readonly explanation: common.Explanation | undefined;
}
