import { once } from "node:events";
import { connect } from "node:net";
import { createServer, type Server } from "node:tls";
import { selfSignedCertificate } from "@signet/test-certificates";
import { authorizationUrl, type Person, registerClient, type Signet, signIn, startSignet, userAgent } from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applicationHeading, type CallbackServer, portOf, startCallbackServer } from "./callback-server.ts";
import { complaintsOn, describeInBrowser, useChromium } from "./chromium.ts";
import { decideOn, press, reach, signInOn } from "./on-page.ts";

const publicUrl = "https://id.signet.test";

let signet: Signet;
let admin: Person;
let application: CallbackServer;
let proxy: Server;
beforeAll(async () => {
  signet = await startSignet({ environment: { SIGNET_PUBLIC_URL: publicUrl } });
  admin = { username: "admin", password: signet.adminPassword };
  application = await startCallbackServer("https");
  proxy = await endTlsInFrontOf(signet);
});
afterAll(async () => {
  await application.close();
  proxy.close();
  await signet.stop();
});

const chromium = useChromium({ hosts: () => new Map([["id.signet.test:443", `localhost:${portOf(proxy)}`]]) });

describeInBrowser("behind a proxy that ends TLS", () => {
  test("B4: a person signs in, with cookies that only this host gets, over TLS, and that no script reads", async () => {
    const { redirectUri } = application;
    const client = await registerClient({ ...signet, url: signet.listenerUrl }, { redirect_uris: [redirectUri] });
    const page = await chromium.newPage();
    const complaints = complaintsOn(page);
    const reply = await page.goto(authorizationUrl(publicUrl, client, { redirect_uri: redirectUri }));
    expect(await reply?.headerValue("Strict-Transport-Security")).toBe("max-age=31536000; includeSubDomains");
    expect(new URL(page.url()).origin).toBe(publicUrl);
    await signInOn(page, admin);
    await reach(page, "Allow access");

    const cookies = await page.context().cookies(publicUrl);
    expect(cookies.map(({ name }) => name.replace(/_[0-9a-f]+$/, "")).sort()).toEqual([
      "__Host-signet_interaction",
      "__Host-signet_session",
    ]);
    for (const cookie of cookies) {
      expect(cookie).toMatchObject({ domain: "id.signet.test", path: "/", secure: true, httpOnly: true, sameSite: "Lax" });
    }
    expect(await page.evaluate("document.cookie")).toBe("");

    await decideOn(page, "Allow");
    await reach(page, applicationHeading);
    expect(application.calls).toEqual([
      { method: "GET", parameters: { code: expect.any(String), state: "a-state", iss: publicUrl } },
    ]);
    expect((await page.context().cookies(publicUrl)).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^__Host-signet_session_/),
    ]);

    await page.goto(`${publicUrl}/`);
    await press(page, "Sign out");
    await reach(page, "You are signed out");
    expect(await page.context().cookies(publicUrl)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe("what comes from behind that proxy", () => {
  test("B4: is a cookie with the prefix, Secure, HttpOnly and SameSite=Lax, wherever one is set", async () => {
    const agent = userAgent(publicUrl, new Map(), signet.listenerUrl);
    const client = await registerClient({ ...signet, url: signet.listenerUrl });
    await signIn(agent, await agent.open(authorizationUrl(publicUrl, client)), admin);
    const signedIn = await agent.open(`${publicUrl}/`);
    await agent.submit(signedIn, {});
    expect(agent.setCookies).toHaveLength(4);
    for (const cookie of agent.setCookies) {
      expect(cookie).toMatch(
        /^__Host-signet_(?:session|interaction)_[0-9a-f]+=[\w.-]*; Path=\/; HttpOnly; SameSite=Lax; Secure(?:; Max-Age=\d+)?$/,
      );
    }
  });

  test.each(["/", "/healthz", "/oauth2/v1/certs", "/oauth2/v1/auth", "/v1/workplaces", "/nothing"])(
    "B4: is marked to be asked for over TLS only: %s",
    async (path) => {
      const reply = await userAgent(publicUrl, new Map(), signet.listenerUrl).request(publicUrl + path);
      expect(reply.headers.get("Strict-Transport-Security")).toBe("max-age=31536000; includeSubDomains");
    },
  );
});

async function endTlsInFrontOf({ listenerUrl }: Signet): Promise<Server> {
  const { hostname, port } = new URL(listenerUrl);
  const server = createServer(selfSignedCertificate(), (outside) => {
    const inside = connect({ host: hostname, port: Number(port) });
    outside.pipe(inside).pipe(outside);
    outside.on("error", () => inside.destroy());
    inside.on("error", () => outside.destroy());
  });
  await once(server.listen(0, "localhost"), "listening");
  return server;
}
