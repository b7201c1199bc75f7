import type { auth } from "@signet/contracts";
import type { MethodCallers } from "@signet/process";

const gateway = ["gateway"];
const token = ["token"];

/** Who may call each method. */
export const methodCallers: MethodCallers<typeof auth.AuthServiceDefinition> = {
  authorize: gateway,
  startSignIn: gateway,
  getInteraction: gateway,
  submitSignIn: gateway,
  selectAccount: gateway,
  submitConsent: gateway,
  getSession: gateway,
  endSession: gateway,
  signOut: gateway,
  redeemCode: token,
  getUserClaims: token,
  createUser: gateway,
  getUser: gateway,
  listUsers: gateway,
  updateUser: gateway,
  deleteUser: gateway,
};
