import { auth } from "@signet/contracts";
import type { Decision } from "@signet/protocol";

/** The page that a decision leads to. What is refused once somebody is at a page, is told when they have signed in. */
export function stepOf({ kind }: Decision): auth.Step {
  if (kind === "consent") return auth.Step.CONSENT;
  return kind === "select-account" ? auth.Step.SELECT_ACCOUNT : auth.Step.SIGN_IN;
}
