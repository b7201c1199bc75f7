import {
  type Application,
  newApplication,
  obtainTokens,
  type Signet,
  startSignet,
  type UserAgent,
  type Visit,
} from "@signet/testkit";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const signedOutUri = "https://app.example/signed-out";
let signet: Signet;
beforeAll(async () => {
  signet = await startSignet();
});
afterAll(() => signet.stop());

/** An application whose pages hear of sign-outs in a frame. */
function framed(host: string, agent?: UserAgent, path = "/logout"): Promise<Application> {
  const metadata = {
    client_name: "Acme Notes",
    redirect_uris: ["https://app.example/callback", `https://${host}/callback`],
    post_logout_redirect_uris: [signedOutUri],
    frontchannel_logout_uri: `https://${host}${path}`,
    frontchannel_logout_session_required: true,
  };
  return newApplication(signet, { metadata, ...(agent === undefined ? {} : { agent }) });
}

function signOut({ agent }: Application, parameters: Readonly<Record<string, string>>): Promise<Visit> {
  return agent.open(`${signet.url}/oauth2/v1/logout?${new URLSearchParams(parameters)}`);
}

const framesOn = ({ html }: Visit) =>
  [...html.matchAll(/<iframe [^>]*src="([^"]*)"/g)].map(([, uri = ""]) => new URL(uri.replaceAll("&amp;", "&")));

describe("a sign-out loads a frame of each application that takes part (OpenID Connect Front-Channel Logout section 2)", () => {
  test("with iss and sid, and a policy that allows exactly these", async () => {
    const application = await framed("one.example");
    const other = await framed("two.example", application.agent, "/logout?app=2");
    await framed("registered.example", application.agent);
    const tokens = await obtainTokens(application);
    const others = await obtainTokens(other);
    const page = await signOut(application, { id_token_hint: tokens.id_token });
    expect([page.status, page.heading]).toEqual([200, "You are signed out"]);
    const frames = framesOn(page).sort((one, another) => one.href.localeCompare(another.href));
    expect(frames.map(({ origin, pathname }) => origin + pathname)).toEqual([
      "https://one.example/logout",
      "https://two.example/logout",
    ]);
    expect(frames[1]?.searchParams.get("app")).toBe("2");
    const sids = [tokens, others].map(({ id_token }) => decodeJwt(id_token).sid);
    expect(frames.map(({ searchParams }) => searchParams.get("sid"))).toEqual(sids);
    for (const { searchParams } of frames) expect(searchParams.get("iss")).toBe(signet.url);
    const policy = page.headers.get("Content-Security-Policy") ?? "";
    const sources = /frame-src ([^;]*)/.exec(policy)?.[1]?.split(" ").sort();
    expect(sources).toEqual(["https://one.example", "https://two.example"]);
    expect(policy).toContain("default-src 'none'");
  });

  test("and goes on to the application, by a link, by itself without scripts, and sooner with them", async () => {
    const application = await framed("goes-on.example");
    const tokens = await obtainTokens(application);
    const parameters = { id_token_hint: tokens.id_token, post_logout_redirect_uri: signedOutUri, state: "a&b" };
    const page = await signOut(application, parameters);
    expect([page.status, page.callback]).toEqual([200, undefined]);
    const target = `${signedOutUri}?state=a%26b`;
    expect(page.html).toContain(`id="continue" href="${target}"`);
    expect(page.html).toContain(`<noscript><meta http-equiv="refresh" content="5;url=${target}"></noscript>`);
    expect(page.headers.get("Content-Security-Policy")).toMatch(/script-src 'sha256-[^ ;]*'/);
    expect(page.headers.getSetCookie().join()).toContain("Max-Age=0");
  });

  test("by the page's own button too, and stays there", async () => {
    const application = await framed("button.example");
    await obtainTokens(application);
    const start = await application.agent.open(`${signet.url}/signed-in`);
    const page = await application.agent.submit(start, {});
    expect(framesOn(page).map(({ host }) => host)).toEqual(["button.example"]);
    expect(page.html).toContain('id="sign-in-link"');
    expect(page.html).not.toContain("http-equiv");
  });

  test("and none where nobody is signed in any more", async () => {
    const application = await framed("again.example");
    const tokens = await obtainTokens(application);
    await signOut(application, { id_token_hint: tokens.id_token });
    expect(framesOn(await signOut(application, { id_token_hint: tokens.id_token }))).toEqual([]);
  });
});
