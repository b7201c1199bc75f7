import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { exportJWK } from "jose";
import { type Client, type Configuration, Provider } from "oidc-provider";
import { redirectUri } from "../contender.ts";
import { mapAdapters } from "./map-adapter.ts";
import { redisAdapters } from "./redis-adapter.ts";

// The peer's process: oidc-provider, set up to do what Signet does in the same flows.

const { PEER_PORT = "", PEER_STORE = "", PEER_CLIENTS = "" } = process.env;
const port = Number(PEER_PORT);
const issuer = `http://localhost:${port}`;
const ellipticCurveKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const rsaKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

/** Id and secret of the clients: those whose tokens are signed with ES256 and with RS256, and the one that asks with its access tokens. */
const [es256 = [], rs256 = [], asking = []] = PEER_CLIENTS.split(",").map((pair) => pair.split(":"));

/**
 * Access tokens of this package are JWTs only for a resource; so every request gets one, whose scopes are those of the sign-in. Its userinfo and
 * introspection take no JWTs, though, so the client that asks there gets opaque tokens, which is what this package has without a resource.
 */
const resource = "https://api.example.test";
const resourceServer = (client: Client) => ({
  audience: resource,
  scope: "openid offline_access",
  accessTokenFormat: "jwt",
  accessTokenTTL: 3600,
  jwt: { sign: { alg: client.clientId === rs256[0] ? "RS256" : "ES256" } },
});

const registration = ([id, secret]: readonly string[], algorithm: "ES256" | "RS256") => ({
  client_id: id,
  client_secret: secret,
  redirect_uris: [redirectUri],
  grant_types: ["authorization_code", "refresh_token", "client_credentials"],
  response_types: ["code"],
  token_endpoint_auth_method: "client_secret_basic",
  id_token_signed_response_alg: algorithm,
});

const publishedKey = async (key: KeyObject, alg: "ES256" | "RS256") => ({ ...(await exportJWK(key)), alg, use: "sig", kid: alg });

/** @param store own, maps, or the URL of a Redis */
function adapter(store: string): Pick<Configuration, "adapter"> {
  if (store === "own") return {};
  return { adapter: store === "maps" ? mapAdapters() : redisAdapters(store).adapterOf };
}

const provider = new Provider(issuer, {
  ...adapter(PEER_STORE),
  clients: [registration(es256, "ES256"), registration(rs256, "RS256"), registration(asking, "ES256")],
  jwks: { keys: [await publishedKey(ellipticCurveKey, "ES256"), await publishedKey(rsaKey, "RS256")] },
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
    introspection: { enabled: true },
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_context: unknown, client: Client) => (client.clientId === asking[0] ? undefined : resource),
      useGrantedResource: () => true,
      getResourceServerInfo: (_context: unknown, _resource: string, client: Client) => resourceServer(client),
    },
  },
});

provider.listen(port, "127.0.0.1");
