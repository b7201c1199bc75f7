import { createHash, generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Application,
  clockwork,
  hiddenFields,
  newApplication,
  newPkce,
  obtainTokens,
  redeem,
  redirectUri,
  type Signet,
  startSignet,
  tokensOf,
} from "@signet/testkit";
import { decodeJwt, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorIn, expectErrorPage } from "./outcomes.ts";

type Members = Readonly<Record<string, unknown>>;

const time = clockwork();
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwks = { keys: [{ ...rsa.publicKey.export({ format: "jwk" }), kid: "r" }] };

/** Where an application publishes its request objects. */
interface ObjectHost {
  readonly server: Server;
  readonly url: string;
  readonly objects: Map<string, string>;
  asked: number;
}

async function startObjectHost(): Promise<ObjectHost> {
  const server = createServer(({ url = "" }, response) => {
    host.asked++;
    const object = host.objects.get(url);
    if (url.startsWith("/silent")) return;
    if (url.startsWith("/late")) return void setTimeout(() => response.end(object ?? ""), 800);
    if (url === "/moved") response.writeHead(302, { Location: "http://127.0.0.2:1/request.jwt" }).end();
    else if (object === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "Content-Type": "application/oauth-authz-req+jwt" }).end(object);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  const host: ObjectHost = { server, url: `http://127.0.0.1:${address.port}`, objects: new Map(), asked: 0 };
  return host;
}

let signet: Signet;
let host: ObjectHost;
let application: Application;
beforeAll(async () => {
  host = await startObjectHost();
  signet = await startSignet({
    clockwork: time,
    environment: { SIGNET_OUTBOUND_ALLOWED_HOSTS: new URL(host.url).host },
  });
  const paths = ["/request.jwt", "/hashed.jwt", "/missing.jwt", "/huge.jwt", "/moved", "/silent", "/late.jwt"];
  application = await newApplication(signet, { metadata: { jwks, request_uris: paths.map((path) => host.url + path) } });
  await obtainTokens(application, { scope: "openid" });
});
afterAll(async () => {
  host.server.close();
  host.server.closeAllConnections();
  await signet.stop();
});

const seconds = () => Math.floor(time.clock() / 1000);

function signed(changes: Members = {}, alg = "RS256"): Promise<string> {
  const { client_id } = application.client;
  const rightly = { iss: client_id, aud: signet.url, client_id, exp: seconds() + 60, jti: randomUUID() };
  const request = { response_type: "code", redirect_uri: redirectUri, scope: "openid", state: "inner" };
  return new SignJWT({ ...rightly, ...request, ...changes })
    .setProtectedHeader({ alg, kid: "r", typ: "oauth-authz-req+jwt" })
    .sign(rsa.privateKey);
}

/** What the browser is sent with: nothing but these and client_id. */
function ask(parameters: Readonly<Record<string, string>>, path = "/oauth2/v1/auth") {
  const query = new URLSearchParams({ client_id: application.client.client_id, ...parameters });
  return application.agent.open(`${signet.url}${path}?${query}`);
}

const answered = (visit: { readonly callback: URL | undefined }) => Object.fromEntries(visit.callback?.searchParams ?? []);
const beside = { response_type: "code", scope: "openid", redirect_uri: redirectUri };

describe("a request object by value", () => {
  test("is the whole request: challenge, nonce, max_age and claims count up to the tokens", async () => {
    const { verifier, challenge } = newPkce();
    const claims = { id_token: { acr: { essential: true } } };
    const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
    const request = await signed({ nonce: "n-1", max_age: 3600, claims, ...pkce });
    const { code = "", ...others } = answered(await ask({ request }));
    expect(others).toEqual({ state: "inner", iss: signet.url });
    const { id_token } = await tokensOf(await redeem(application, { code, verifier }));
    expect(decodeJwt(id_token)).toMatchObject({ nonce: "n-1", acr: expect.any(String), auth_time: expect.any(Number) });
  });

  test("P1: a challenge in it binds the code", async () => {
    const { challenge } = newPkce();
    const request = await signed({ code_challenge: challenge, code_challenge_method: "S256" });
    const { code = "" } = answered(await ask({ request }));
    const reply = await redeem(application, { code, verifier: "" });
    expect(JSON.parse(await reply.text())).toMatchObject({ error: "invalid_grant" });
  });

  test("goes by POST too, and by form_post back", async () => {
    const body = new URLSearchParams({
      client_id: application.client.client_id,
      request: await signed({ response_mode: "form_post" }),
    });
    const reply = await application.agent.request(`${signet.url}/oauth2/v1/auth`, { method: "POST", body });
    expect(hiddenFields(await reply.text())).toMatchObject({ state: "inner", code: expect.any(String) });
  });

  test("meets the strict profile by what is in it", async () => {
    const path = "/api/id/v1/auth/authorize";
    expect(errorIn(await ask({ request: await signed() }, path))).toBe("invalid_request");
    const pkce = { code_challenge: newPkce().challenge, code_challenge_method: "S256" };
    expect(answered(await ask({ request: await signed(pkce) }, path)).code).toBeDefined();
  });

  test.each([
    { state: "outer" },
    { nonce: "outer" },
    { code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" },
    { response_type: "code token" },
    { redirect_uri: `${redirectUri}/other` },
    { response_mode: "form_post" },
  ])("P8: with %j beside it is refused", async (contradiction) => {
    const request = await signed({ nonce: "inner" });
    const visit = await ask({ ...beside, request, ...contradiction });
    if ("redirect_uri" in contradiction) expectErrorPage(visit);
    else if ("response_mode" in contradiction) expect(hiddenFields(visit.html).error).toBe("invalid_request_object");
    else expect(errorIn(visit)).toBe("invalid_request_object");
  });

  test("P8: of another client, unsigned, expired or for another tenant is refused; without a redirect URI beside it on a page", async () => {
    const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const refused = [
      await signed({ iss: "another", client_id: "another" }),
      await signed({ exp: seconds() - 1 }),
      await signed({ aud: `${signet.url}/elsewhere` }),
      await signed({ request: "a.b.c" }),
      `${encoded({ alg: "none" })}.${encoded(decodeJwt(await signed()))}.`,
      "x",
    ];
    for (const request of refused) {
      expect(errorIn(await ask({ ...beside, request }))).toBe("invalid_request_object");
      expectErrorPage(await ask({ request }));
    }
  });

  test("R1, R2, R5: has a redirect URI that is registered, as any request, or its answer is a page", async () => {
    for (const uri of ["https://evil.example/", `${redirectUri}/`, `${redirectUri}/..;/x`, `${redirectUri}?code=x`, ""]) {
      const visit = await ask({ request: await signed({ redirect_uri: uri, prompt: "none" }) });
      expectErrorPage(visit);
    }
  });

  test("M1, B7: what is wrong in it is told with its state and response mode, escaped, and with iss", async () => {
    const hostile = `"><script>alert(1)</script>`;
    const visit = await ask({ request: await signed({ state: hostile, response_mode: "form_post", prompt: hostile }) });
    expect(visit.html).not.toContain("<script>alert");
    expect(hiddenFields(visit.html)).toMatchObject({ error: "invalid_request", state: hostile, iss: signet.url });
  });

  test("Q1: is sent once, and not together with request_uri", async () => {
    const request = await signed();
    expectErrorPage(
      await application.agent.open(
        `${signet.url}/oauth2/v1/auth?${new URLSearchParams([
          ["client_id", application.client.client_id],
          ["request", request],
          ["request", request],
        ])}`,
      ),
    );
    expect(errorIn(await ask({ ...beside, request, request_uri: `${host.url}/request.jwt` }))).toBe("invalid_request");
  });
});

describe("a request object by reference", () => {
  test("is fetched for each request, where its address is registered", async () => {
    for (const state of ["first", "second"]) {
      host.objects.set("/request.jwt", await signed({ state }));
      expect(answered(await ask({ request_uri: `${host.url}/request.jwt` }))).toMatchObject({ state, code: expect.any(String) });
    }
  });

  test("is the one that the fragment of its address is the hash of", async () => {
    const object = await signed({ state: "hashed" });
    host.objects.set("/hashed.jwt", object);
    const uri = (content: string) => `${host.url}/hashed.jwt#${createHash("sha256").update(content).digest("base64url")}`;
    expect(answered(await ask({ request_uri: uri(object) }))).toMatchObject({ state: "hashed", code: expect.any(String) });
    expect(errorIn(await ask({ ...beside, request_uri: uri("another") }))).toBe("invalid_request_uri");
  });

  test("S1: is not fetched from an address that is not registered", async () => {
    host.objects.set("/other.jwt", await signed());
    const { asked } = host;
    for (const uri of ["/other.jwt", "/request.jwt?x", "/./request.jwt", "/request.jwt#x"]) {
      expect(errorIn(await ask({ ...beside, request_uri: host.url + uri }))).toBe("invalid_request_uri");
    }
    expect(host.asked).toBe(asked);
    expectErrorPage(await ask({ request_uri: `${host.url}/other.jwt` }));
  });

  test("S2, S3: that is not there, is too large, never comes or is moved to a private address is invalid_request_uri", async () => {
    host.objects.set("/huge.jwt", "x".repeat(1_000_000));
    for (const path of ["/missing.jwt", "/huge.jwt", "/moved", "/silent"]) {
      expect(errorIn(await ask({ ...beside, request_uri: host.url + path }))).toBe("invalid_request_uri");
    }
  });
});

test("X23: an object that is late and keys that never come, or another object than was meant, twice, are an error of the request, and no time-out", async () => {
  const uri = `${host.url}/late.jwt`;
  host.objects.set("/late.jwt", await signed());
  const remote = { jwks_uri: `${host.url}/silent-jwks`, request_uris: [uri] };
  const application = await newApplication(signet, { metadata: remote });
  const query = new URLSearchParams({ ...beside, client_id: application.client.client_id, request_uri: uri });
  const answer = await application.agent.open(`${signet.url}/oauth2/v1/auth?${query}`);
  expect(errorIn(answer)).toBe("invalid_request_object");
  expect(errorIn(await ask({ ...beside, request_uri: `${uri}#${"A".repeat(43)}` }))).toBe("invalid_request_uri");
});

test("a client that is registered to send signed request objects is refused without", async () => {
  const strict = await newApplication(signet, { metadata: { jwks, require_signed_request_object: true } });
  const query = new URLSearchParams({ ...beside, client_id: strict.client.client_id });
  expect(errorIn(await strict.agent.open(`${signet.url}/oauth2/v1/auth?${query}`))).toBe("invalid_request");
});
