import { newApplication, obtainTokens, registerClient, type Signet, startSignet } from "@signet/testkit";
import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

let signet: Signet;
let server: oauth.AuthorizationServer;
beforeAll(async () => {
  signet = await startSignet();
});
// The library keeps the keys that it read with what it discovered: each test is a program that begins.
beforeEach(async () => {
  const issuer = new URL(signet.url);
  server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecurely));
});
afterAll(() => signet.stop());

const insecurely = { [oauth.allowInsecureRequests]: true };
const algorithms = ["RS256", "ES256", "PS256", "EdDSA", "Ed25519"];

/** A client with its tokens, as oauth4webapi sees it. */
async function withTokens(metadata: Readonly<Record<string, string>> = {}) {
  const application = await newApplication(signet, { metadata });
  const { client_id, client_secret } = application.client;
  const client: oauth.Client = { client_id, ...metadata };
  return { client, authentication: oauth.ClientSecretBasic(client_secret), tokens: await obtainTokens(application) };
}

async function introspected(client: oauth.Client, authentication: oauth.ClientAuth, token: string) {
  const reply = await oauth.introspectionRequest(server, client, authentication, token, insecurely);
  const status = await oauth.processIntrospectionResponse(server, client, reply);
  if (reply.headers.get("Content-Type")?.includes("jwt"))
    await oauth.validateApplicationLevelSignature(server, reply, insecurely);
  return status;
}

describe("a client of a library that nobody here wrote", () => {
  test("asks about its tokens, and revokes them (RFC 7662, RFC 7009)", async () => {
    const { client, authentication, tokens } = await withTokens();
    expect(await introspected(client, authentication, tokens.access_token)).toMatchObject({
      ...{ active: true, iss: signet.url, client_id: client.client_id, token_type: "Bearer" },
    });
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      const reply = await oauth.revocationRequest(server, client, authentication, token, insecurely);
      await oauth.processRevocationResponse(reply);
      expect(await introspected(client, authentication, token)).toEqual({ active: false });
    }
  });

  test.each(algorithms)("as a resource server verifies answers that are signed with %s (RFC 9701)", async (alg) => {
    const { tokens } = await withTokens();
    const metadata = { introspection_signed_response_alg: alg };
    const { client_id, client_secret } = await registerClient(signet, { ...metadata, resource_server: true });
    const status = await introspected({ client_id, ...metadata }, oauth.ClientSecretBasic(client_secret), tokens.access_token);
    expect(status).toMatchObject({ active: true, iss: signet.url, token_type: "Bearer" });
  });

  test.each(algorithms)("verifies userinfo that is signed with %s", async (alg) => {
    const { client, tokens } = await withTokens({ userinfo_signed_response_alg: alg });
    const reply = await oauth.userInfoRequest(server, client, tokens.access_token, insecurely);
    const claims = await oauth.processUserInfoResponse(server, client, oauth.skipSubjectCheck, reply);
    await oauth.validateApplicationLevelSignature(server, reply, insecurely);
    expect(claims.sub).toMatch(/^[0-9a-f]{32}$/);
  });
});
