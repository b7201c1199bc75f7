import { createServer, type Server } from "node:http";
import { clockwork, freePort, redirectUri, type Signet, startSignet } from "@signet/testkit";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  askConfiguration,
  askToRegister,
  dynamicClient,
  registeringTenant,
  setRegistration,
} from "./dynamic-registration-request.ts";

const time = clockwork();
const issuer = "https://publisher.example";
const remoteIssuer = "https://other-publisher.example";
const lateIssuer = "https://late-publisher.example";
let signet: Signet;
let home: Awaited<ReturnType<typeof registeringTenant>>;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let server: Server;
let port: number;

beforeAll(async () => {
  keys = await generateKeyPair("ES256", { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: "one" }] };
  port = await freePort();
  server = createServer(({ url = "" }, response) => {
    if (url === "/silent-sector") return;
    setTimeout(() => response.end(JSON.stringify(jwks)), url === "/late-jwks" ? 800 : 0);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  signet = await startSignet({ clockwork: time, environment: { SIGNET_OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${port}` } });
  home = await registeringTenant(signet, "stating", {
    mode: "open",
    software_statement_issuers: [
      { issuer, jwks },
      { issuer: remoteIssuer, jwks_uri: `http://127.0.0.1:${port}/jwks` },
      { issuer: lateIssuer, jwks_uri: `http://127.0.0.1:${port}/late-jwks` },
    ],
  });
});
afterAll(async () => {
  await signet.stop();
  server.close();
  server.closeAllConnections();
});

const seconds = () => Math.floor(time.clock() / 1000);

function statement(
  claims: Readonly<Record<string, unknown>>,
  header: { readonly alg: string; readonly kid?: string } = { alg: "ES256", kid: "one" },
) {
  return new SignJWT({ iss: issuer, software_id: "4NRB1-0XZABZI9E6-5SM3R", ...claims })
    .setProtectedHeader(header)
    .sign(keys.privateKey);
}

async function refusal(software_statement: string, at = home): Promise<unknown> {
  const reply = await askToRegister(at, { redirect_uris: [redirectUri], software_statement });
  return [reply.status, JSON.parse(reply.text).error];
}

describe("RFC 7591 section 2.3: software statements", () => {
  test("what an approved statement says takes precedence, and the statement is answered as it was sent", async () => {
    const software_statement = await statement({ client_name: "Stated", client_uri: "https://publisher.example/app" });
    const client = await dynamicClient(home, {
      client_name: "Sent",
      policy_uri: "https://app.example/policy",
      software_statement,
    });
    expect(client).toMatchObject({
      client_name: "Stated",
      client_uri: "https://publisher.example/app",
      policy_uri: "https://app.example/policy",
      software_id: "4NRB1-0XZABZI9E6-5SM3R",
      software_statement,
    });
    expect(JSON.parse((await askConfiguration(client, "GET")).text)).toMatchObject({ client_name: "Stated", software_statement });
  });

  test("the keys may be at an address of the issuer's", async () => {
    const software_statement = await statement({ iss: remoteIssuer, client_name: "Fetched" });
    expect((await dynamicClient(home, { software_statement })).client_name).toBe("Fetched");
  });

  test("X23: keys that are late and a sector identifier that never comes are an error of the request, and no time-out", async () => {
    const software_statement = await statement({ iss: lateIssuer });
    const pairwise = { subject_type: "pairwise", sector_identifier_uri: `http://127.0.0.1:${port}/silent-sector` };
    const reply = await askToRegister(home, { redirect_uris: [redirectUri], software_statement, ...pairwise });
    expect(JSON.parse(reply.text)).toMatchObject({
      error: "invalid_client_metadata",
      error_description: expect.stringContaining("sector_identifier_uri"),
    });
  });

  test("what was stated stays stated: a replacement without the statement does not undo it", async () => {
    const software_statement = await statement({ redirect_uris: [redirectUri], client_name: "Stated" });
    const client = await dynamicClient(home, { software_statement });
    const { client_id } = client;
    const reply = await askConfiguration(client, "PUT", {
      client_id,
      client_name: "Mine",
      redirect_uris: ["https://app.example/x"],
    });
    expect(JSON.parse(reply.text)).toMatchObject({ client_name: "Stated", redirect_uris: [redirectUri], software_statement });
    const next = await statement({ client_name: "Stated anew" });
    const again = await askConfiguration(client, "PUT", { client_id, redirect_uris: [redirectUri], software_statement: next });
    expect(JSON.parse(again.text)).toMatchObject({ client_name: "Stated anew", software_statement: next });
  });

  test("G1: a statement gives no more than the tenant leaves to clients", async () => {
    const software_statement = await statement({ resource_server: true, refresh_tokens: "always", scope: "openid admin" });
    const client = await dynamicClient(home, { software_statement });
    expect(client.scope).toBe("openid");
    expect(client).not.toHaveProperty("resource_server");
    expect(client).not.toHaveProperty("refresh_tokens");
    const granting = await statement({ grant_types: ["client_credentials"] });
    expect(await refusal(granting)).toEqual([400, "invalid_client_metadata"]);
  });

  test("one of an issuer that the tenant does not name is not approved", async () => {
    expect(await refusal(await statement({ iss: "https://evil.example" }))).toEqual([400, "unapproved_software_statement"]);
    const other = await registeringTenant(signet, "stating-nothing", { mode: "open" });
    expect(await refusal(await statement({}), other)).toEqual([400, "unapproved_software_statement"]);
  });

  test("what is no statement, signed by another key, unsigned, expired, not good yet, or of wrong types, is invalid", async () => {
    const good = await statement({});
    const other = await generateKeyPair("ES256");
    const forged = await new SignJWT({ iss: issuer }).setProtectedHeader({ alg: "ES256", kid: "one" }).sign(other.privateKey);
    const [, payload] = good.split(".");
    const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
    const hmac = await new SignJWT({ iss: issuer }).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from("x".repeat(32)));
    for (const [what, software_statement] of Object.entries({
      noJwt: "statement",
      forged,
      unsigned: `${none}.${payload}.`,
      unsignedWithSomething: `${none}.${payload}.AAAA`,
      hmac,
      changed: `${good.slice(0, -10)}${good.at(-10) === "A" ? "B" : "A"}${good.slice(-9)}`,
      expired: await statement({ exp: seconds() - 61 }),
      notYet: await statement({ nbf: seconds() + 61 }),
      wrongType: await statement({ redirect_uris: redirectUri }),
      withoutIssuer: await statement({ iss: undefined }),
      otherKey: await statement({}, { alg: "ES256", kid: "two" }),
    })) {
      expect([what, await refusal(software_statement)]).toEqual([what, [400, "invalid_software_statement"]]);
    }
  });

  test("a tenant may require one", async () => {
    await setRegistration(home, { software_statements: "required" });
    const reply = await askToRegister(home, { redirect_uris: [redirectUri] });
    expect([reply.status, JSON.parse(reply.text).error]).toEqual([400, "invalid_client_metadata"]);
    await dynamicClient(home, { software_statement: await statement({}) });
    await setRegistration(home, { software_statements: "optional" });
  });
});
