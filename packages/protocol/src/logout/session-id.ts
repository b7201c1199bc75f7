import { hash } from "node:crypto";
import type { ClientId, SessionPublicId, Sid } from "../ids.ts";

const digits = 32;

/**
 * What one client knows a session by (`sid`, OpenID Connect Front-Channel Logout section 3), from the first token to the sign-out: another value for each client,
 * so that two that compare theirs do not find that a person of the one is a person of the other, whom they know by different subjects.
 */
export function sidOf(session: SessionPublicId, client: ClientId): Sid {
  // Both have one length. Nobody outside knows the session's public id, which is random.
  return hash("sha256", `${session} ${client}`, "hex").slice(0, digits) as Sid;
}
