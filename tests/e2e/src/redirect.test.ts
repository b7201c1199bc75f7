import {
  type Application,
  authorizationUrl,
  newApplication,
  obtainCode,
  redeem,
  redirectUri,
  registrationRequest,
  type Signet,
  startSignet,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectErrorPage, expectNoInsights, granted, invalidGrant, invalidRequest, outcome } from "./outcomes.ts";

let signet: Signet;
let application: Application;
let native: Application;
beforeAll(async () => {
  signet = await startSignet();
  application = await newApplication(signet);
  native = await newApplication(signet, {
    metadata: { application_type: "native", redirect_uris: ["http://127.0.0.1/callback", "http://[::1]/callback"] },
  });
});
afterAll(() => signet.stop());

/** Opens an authorization request whose redirect_uri is `sent` as it stands. */
function open(to: Application, sent: string | undefined, client = to.client) {
  return to.agent.open(authorizationUrl(to.issuer, client, { redirect_uri: sent }));
}

/** What the registration API says to a client with this redirect URI. */
async function register(uri: string, applicationType = "web"): Promise<Response> {
  return registrationRequest(signet, { application_type: applicationType, redirect_uris: [uri] });
}

async function expectNotRegistered(uri: string, applicationType = "web"): Promise<void> {
  const reply = await register(uri, applicationType);
  const text = await reply.text();
  expectNoInsights(text);
  expect([reply.status, JSON.parse(text)]).toEqual([
    400,
    { error_code: 1006, error_message: expect.stringContaining("redirect_uris[0]"), more_info: "" },
  ]);
}

describe("a redirect_uri is exactly one that is registered, or there is no redirect", () => {
  test("R1: the registered one is redirected to, so that the refusals below are for their difference", async () => {
    expect(await obtainCode(application)).toMatchObject({ code: expect.any(String) });
  });

  test.each(["https://evil.example/callback", "https://app.example/other", "", "callback", "/callback"])(
    "R1: the unregistered redirect_uri %j is answered by a page",
    async (sent) => expectErrorPage(await open(application, sent)),
  );

  test("R1: a request without a redirect_uri is answered by a page", async () => {
    expectErrorPage(await open(application, undefined));
  });

  test.each(["0123456789abcdef01234567", "no-client", ""])("R1: the unknown client %j is answered by a page", async (id) => {
    expectErrorPage(await open(application, redirectUri, { client_id: id, client_secret: "" }));
  });

  test("R1: whether the client or the redirect_uri is unknown is not told", async () => {
    const pages = await Promise.all([
      open(application, "https://evil.example/callback"),
      open(application, redirectUri, { client_id: "0123456789abcdef01234567", client_secret: "" }),
    ]);
    const [one, other] = pages.map(({ html }) => html.replaceAll(/[0-9a-f]{18}/g, "an error id"));
    expect(one).toBe(other);
  });

  test("R1: neither another error in the request nor prompt=none makes it redirect", async () => {
    for (const more of [{ prompt: "none" }, { response_type: "token" }, { response_mode: "form_post" }, { request: "x.y.z" }]) {
      const url = authorizationUrl(application.issuer, application.client, { redirect_uri: "https://evil.example/", ...more });
      expectErrorPage(await application.agent.open(url));
    }
  });

  test.each([
    "https://app.example/..;/callback",
    "https://app.example/x/..;/callback",
    "https://app.example/x/../callback",
    "https://app.example/./callback",
    "https://app.example/%2e%2e/callback",
    "https://app.example/%2E/callback",
    "https://app.example//callback",
    "https://app.example/callback/",
    "https://app.example/callback/.",
    "https://app.example/callback%2f",
    "https://app.example/call%62ack",
    "https://app.example/Callback",
    "https://App.example/callback",
    "HTTPS://app.example/callback",
    "http://app.example/callback",
    "https://app.example:443/callback",
    "https://app.example:8443/callback",
    "https://app.example./callback",
    "https://app.example/callback?",
    "https://app.example/callback?x=1",
    "https://app.example/callback;x=1",
    "https://app.example\\callback",
    "https:/app.example/callback",
    " https://app.example/callback",
    "https://app.example/callback ",
  ])("R2: %j is not the registered one", async (sent) => expectErrorPage(await open(application, sent)));

  test.each([
    "http://localhost.evil.test/callback",
    "http://127.0.0.1.evil.test/callback",
    "http://127.0.0.1@evil.test/callback",
    "http://127.0.0.1:80@evil.test/callback",
    "http://evil.test#127.0.0.1/callback",
    "http://evil.test\\@127.0.0.1/callback",
    "http://127.1/callback",
    "http://0x7f000001/callback",
    "http://2130706433/callback",
    "http://[::ffff:127.0.0.1]/callback",
  ])("R3: %j passes for no loopback address, here and at registration", async (sent) => {
    expectErrorPage(await open(native, sent));
    await expectNotRegistered(sent, "native");
    await expectNotRegistered(sent, "web");
  });

  test("R4: a period in the registered URI stands for itself", async () => {
    const dotted = await newApplication(signet, { metadata: { redirect_uris: ["https://a.b/callback"] } });
    expectErrorPage(await open(dotted, "https://aXb/callback"));
    expectErrorPage(await open(dotted, "https://aXb.evil.example/callback"));
    expect((await open(dotted, "https://a.b/callback")).heading).toBe("Sign in");
  });

  test.each(["?code=stolen", "?state=forged", "?iss=https://evil.example", "?x=1&code=stolen", "#code=stolen", "%23code=stolen"])(
    "R5: %s behind the registered URI is answered by a page",
    async (more) => {
      expectErrorPage(await open(application, `${redirectUri}${more}`));
      const withQuery = await newApplication(signet, { metadata: { redirect_uris: [`${redirectUri}?x=1`] } });
      expectErrorPage(await open(withQuery, `${redirectUri}?x=1${more.replace("?", "&")}`));
    },
  );

  test.each(["code=1", "state=1", "iss=1", "error=1", "x=1&code=1", "%63ode=1", "x=1;code=1"])(
    "R5: a URI with the query %s cannot be registered",
    (query) => expectNotRegistered(`${redirectUri}?${query}`),
  );
});

describe("a redirect URI that could do harm cannot be registered", () => {
  test.each([
    "javascript:alert(1)",
    "JavaScript:alert(1)//https://app.example",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://app.example/x",
    "about:blank",
    "urn:ietf:wg:oauth:2.0:oob",
  ])("R6: %s", async (uri) => {
    await expectNotRegistered(uri, "web");
    await expectNotRegistered(uri, "native");
  });

  test("R6: a private-use scheme is for native applications, and has a period (RFC 8252 section 8.4)", async () => {
    await expectNotRegistered("com.example.app:/callback", "web");
    await expectNotRegistered("example:/callback", "native");
    expect((await register("com.example.app:/callback", "native")).status).toBe(200);
  });

  test("R7: nor may one with a private-use scheme have user information", async () => {
    await expectNotRegistered("com.example.app://user@host/callback", "native");
  });

  test.each([
    "https://app.example/callback#fragment",
    "https://app.example/callback#",
    "https://user@app.example/callback",
    "https://user:password@app.example/callback",
    "https://*.app.example/callback",
    "https://app.example/*",
    "https://app.example\\callback",
    "https://app.example/callback\\",
    "https://app.example/callback\r\nSet-Cookie: x=1",
    "https://app.example/callback%0d%0aSet-Cookie:%20x=1",
    "https://app.example/\u0000callback",
    "https://app.example/%00callback",
    "https://app.example/\tcallback",
    "https://äpp.example/callback",
    "http://app.example/callback",
    "//app.example/callback",
    "callback",
  ])("R7: %j", (uri) => expectNotRegistered(uri));

  test("R7: nor can a client be changed to have one", async () => {
    const { client_id } = application.client;
    const reply = await fetch(`${signet.url}/v1/oidc/default/registration?client_id=${client_id}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${signet.registrationToken}`, "Content-Type": "application/json" },
      body: JSON.stringify({ redirect_uris: ["https://*.app.example/callback"] }),
    });
    expect(reply.status).toBe(400);
    expectErrorPage(await open(application, "https://*.app.example/callback"));
  });
});

describe("a native application listens on a loopback port that it learns when it starts", () => {
  test.each(["http://127.0.0.1:51004/callback", "http://127.0.0.1/callback", "http://[::1]:65535/callback"])(
    "R8: %s gets a code, which redeems with that very URI",
    async (sent) => {
      const obtained = await obtainCode(native, { redirect_uri: sent });
      expect(await outcome(redeem(native, obtained, { redirect_uri: sent }))).toEqual(granted);
    },
  );

  test.each([
    "http://localhost:51004/callback",
    "http://127.0.0.2:51004/callback",
    "http://127.0.0.1:51004/other",
    "http://127.0.0.1:51004/callback/",
    "http://127.0.0.1:51004/callback?x=1",
    "http://127.0.0.1:51004",
    "http://127.0.0.1:65536/callback",
    "http://127.0.0.1:-1/callback",
    "http://127.0.0.1:/callback",
    "https://127.0.0.1:51004/callback",
  ])("R8: %s is another host or path, and is answered by a page", async (sent) => expectErrorPage(await open(native, sent)));

  test("R8: the port of a web application is part of its redirect URI", async () => {
    const web = await newApplication(signet, { metadata: { redirect_uris: ["http://127.0.0.1:8080/callback"] } });
    expectErrorPage(await open(web, "http://127.0.0.1:8081/callback"));
  });
});

describe("the token endpoint asks for the redirect_uri of the authorization request", () => {
  test.each(["https://evil.example/callback", `${redirectUri}/`, `${redirectUri}?`, "https://app.example:443/callback"])(
    "R9: %s is another one, and the code is used up",
    async (other) => {
      const obtained = await obtainCode(application);
      expect(await outcome(redeem(application, obtained, { redirect_uri: other }))).toEqual(invalidGrant);
      expect(await outcome(redeem(application, obtained))).toEqual(invalidGrant);
    },
  );

  test("R9: another port than a native application's code was sent to is another one", async () => {
    const obtained = await obtainCode(native, { redirect_uri: "http://127.0.0.1:51004/callback" });
    expect(await outcome(redeem(native, obtained, { redirect_uri: "http://127.0.0.1:51005/callback" }))).toEqual(invalidGrant);
  });

  test("R9: another registered redirect URI is another one", async () => {
    const two = await newApplication(signet, { metadata: { redirect_uris: [redirectUri, "https://app.example/second"] } });
    const obtained = await obtainCode(two);
    expect(await outcome(redeem(two, obtained, { redirect_uri: "https://app.example/second" }))).toEqual(invalidGrant);
  });

  test("R9: it cannot be left out", async () => {
    const obtained = await obtainCode(application);
    expect(await outcome(redeem(application, obtained, { redirect_uri: undefined }))).toEqual(invalidRequest);
    expect(await outcome(redeem(application, obtained))).toEqual(granted);
  });
});
