import { token } from "@signet/contracts";
import type { Service } from "@signet/rpc";
import { reply } from "./exchange.ts";

const implementation: token.TokenServiceImplementation = {
  exchange: async () => reply,
  userInfo: async () => ({}),
  introspect: async () => ({}),
  revoke: async () => ({}),
  jwks: async () => ({}),
  listSigningKeys: async () => ({}),
  rotateSigningKeys: async () => ({}),
  revokeSigningKeys: async () => ({}),
  revokeGrant: async () => ({}),
  endSession: async () => ({}),
  readIdTokenHint: async () => ({}),
  signLogoutToken: async () => ({}),
  rewrapDataKeys: async () => ({}),
};

/** A token service that does nothing: what is measured is the way to it. */
export const service: Service = { definition: token.TokenServiceDefinition, implementation };
