import { clientCredentialsScopes, parseClientCredentials } from "@signet/protocol";
import type { Grant } from "./grant.ts";

/** A token that a client gets for itself (RFC 6749 section 4.4): no user, no grant, no refresh token (section 4.4.3). */
export const clientCredentials: Grant = {
  type: "client_credentials",
  async exchange({ tenant, client, parameters, confirmation, now }, { issue }) {
    const { scopes: requestedScopes } = parseClientCredentials(parameters);
    const scopes = clientCredentialsScopes(client, requestedScopes);
    return issue({
      tenant,
      client,
      scopes,
      requestedScopes,
      grant: undefined,
      nonce: undefined,
      profile: {},
      confirmation,
      refreshToken: undefined,
      now,
    });
  },
};
