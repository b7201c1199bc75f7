import type { token } from "@signet/contracts";
import type { MethodCallers } from "@signet/process";

const gateway = ["gateway"];
const auth = ["auth"];

/** Who may call each method. */
export const methodCallers: MethodCallers<typeof token.TokenServiceDefinition> = {
  exchange: gateway,
  userInfo: gateway,
  introspect: gateway,
  revoke: gateway,
  jwks: gateway,
  listSigningKeys: gateway,
  rotateSigningKeys: gateway,
  revokeSigningKeys: gateway,
  rewrapDataKeys: gateway,
  revokeGrant: gateway,
  endSession: auth,
  readIdTokenHint: auth,
  signLogoutToken: auth,
};
