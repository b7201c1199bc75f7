import { createTenant, registerClient, type Signet, startSignet } from "@signet/testkit";
import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const insecure = { [oauth.allowInsecureRequests]: true };

let signet: Signet;
let issuers: Readonly<
  Record<string, { readonly home: Parameters<typeof registerClient>[0]; readonly name: string; readonly issuer: string }>
>;
beforeAll(async () => {
  signet = await startSignet();
  const elsewhere = await createTenant(signet, "asserting");
  issuers = {
    default: { home: signet, name: "default", issuer: signet.url },
    asserting: { home: elsewhere, name: elsewhere.name, issuer: elsewhere.issuer },
  };
});
afterAll(() => signet.stop());

/** How a client of the library authenticates, and what it registers for that. */
interface Method {
  readonly metadata: Readonly<Record<string, unknown>>;
  authentication(clientSecret: string): oauth.ClientAuth;
}

async function signing(algorithm: string): Promise<Method> {
  const { privateKey, publicKey } = await oauth.generateKeyPair(algorithm, { extractable: true });
  const jwk = await crypto.subtle.exportKey("jwk", publicKey);
  return {
    metadata: {
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: algorithm,
      jwks: { keys: [{ ...jwk, alg: algorithm, use: "sig", key_ops: ["verify"], kid: "a-key" }] },
    },
    authentication: () => oauth.PrivateKeyJwt({ key: privateKey, kid: "a-key" }),
  };
}

const macs: Method = {
  metadata: { token_endpoint_auth_method: "client_secret_jwt" },
  authentication: (clientSecret) => oauth.ClientSecretJwt(clientSecret),
};

/** As a program of its own, with a library that nobody here wrote. */
describe.each(["default", "asserting"])("at the tenant %s", (tenant) => {
  test.each(["PS256", "RS256", "ES256", "ES384", "client_secret_jwt"])(
    "oauth4webapi authenticates by assertions (%s) at the token endpoint, at introspection and at revocation",
    async (name) => {
      const { home, issuer } = issuers[tenant] ?? { home: signet, issuer: signet.url };
      const method = name === "client_secret_jwt" ? macs : await signing(name);
      const registered = await registerClient(
        home,
        { grant_types: ["client_credentials"], redirect_uris: [], ...method.metadata },
        tenant,
      );
      const url = new URL(issuer);
      const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, insecure));
      const client: oauth.Client = { client_id: registered.client_id };
      const authentication = method.authentication(registered.client_secret);

      const reply = await oauth.clientCredentialsGrantRequest(server, client, authentication, {}, insecure);
      const { access_token } = await oauth.processClientCredentialsResponse(server, client, reply);
      const introspect = async () => {
        const answer = await oauth.introspectionRequest(server, client, authentication, access_token, insecure);
        return (await oauth.processIntrospectionResponse(server, client, answer)).active;
      };
      expect(await introspect()).toBe(true);
      await oauth.processRevocationResponse(
        await oauth.revocationRequest(server, client, authentication, access_token, insecure),
      );
      expect(await introspect()).toBe(false);
    },
  );
});
