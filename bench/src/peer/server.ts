import { generateKeyPairSync } from "node:crypto";
import { exportJWK } from "jose";
import { Provider } from "oidc-provider";
import { redirectUri } from "../contender.ts";
import { mapAdapters } from "./map-adapter.ts";

// The peer's process: oidc-provider, set up to do what Signet does in the same flows.

const { PEER_PORT = "", PEER_STORE, PEER_CLIENT_ID, PEER_CLIENT_SECRET } = process.env;
const port = Number(PEER_PORT);
const issuer = `http://localhost:${port}`;
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** Access tokens of this package are JWTs only for a resource; so every request gets one, whose scopes are those of the sign-in. */
const resource = "https://api.example.test";
const resourceServer = {
  audience: resource,
  scope: "openid offline_access",
  accessTokenFormat: "jwt",
  accessTokenTTL: 3600,
  jwt: { sign: { alg: "ES256" } },
};

const provider = new Provider(issuer, {
  ...(PEER_STORE === "own" ? {} : { adapter: mapAdapters() }),
  clients: [
    {
      client_id: PEER_CLIENT_ID,
      client_secret: PEER_CLIENT_SECRET,
      redirect_uris: [redirectUri],
      grant_types: ["authorization_code", "refresh_token", "client_credentials"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_basic",
      id_token_signed_response_alg: "ES256",
    },
  ],
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "ES256", use: "sig", kid: "bench" }] },
  scopes: ["openid", "offline_access"],
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: {
    AccessToken: 3600,
    AuthorizationCode: 60,
    ClientCredentials: 3600,
    Grant: 30 * 86_400,
    IdToken: 3600,
    Interaction: 3600,
    RefreshToken: 30 * 86_400,
    Session: 86_400,
  },
  findAccount: (_context, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => resourceServer,
    },
  },
});

provider.listen(port, "127.0.0.1");
