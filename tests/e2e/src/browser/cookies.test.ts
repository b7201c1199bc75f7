import { randomBytes } from "node:crypto";
import {
  authorizationUrl,
  createTenant,
  createUser,
  type Home,
  newApplication,
  type Person,
  type Signet,
  signIn,
  startSignet,
  type UserAgent,
  userAgent,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let signet: Signet;
let admin: Person;
beforeAll(async () => {
  signet = await startSignet();
  admin = { username: "admin", password: signet.adminPassword };
});
afterAll(() => signet.stop());

/** A browser in which somebody has signed in at an issuer, without an application. */
async function signedInAt(issuer: string, person: Person, agent: UserAgent = userAgent(signet.url)): Promise<UserAgent> {
  const page = await agent.submit(await agent.open(`${issuer}/`), { username: person.username, password: person.password });
  expect(page.heading).toBe("You are signed in");
  return agent;
}

function sessionOf({ cookies }: UserAgent): { readonly name: string; readonly value: string } {
  const found = [...cookies].filter(([name]) => name.startsWith("signet_session_"));
  expect(found).toHaveLength(1);
  const [name = "", value = ""] = found[0] ?? [];
  return { name, value };
}

describe("the session's cookie", () => {
  test("B3: has another value after each sign-in, and the value before is worth nothing", async () => {
    const agent = await signedInAt(signet.url, admin);
    const before = sessionOf(agent);
    const withOldCookie = agent.clone();
    expect((await withOldCookie.open(`${signet.url}/`)).heading).toBe("You are signed in");

    const { client } = await newApplication(signet);
    const again = await agent.open(authorizationUrl(signet.url, client, { prompt: "login" }));
    await signIn(agent, again, admin);
    const after = sessionOf(agent);
    expect(after.name).toBe(before.name);
    expect(after.value).not.toBe(before.value);
    expect((await agent.open(`${signet.url}/`)).heading).toBe("You are signed in");
    expect((await withOldCookie.open(`${signet.url}/`)).heading).toBe("Sign in");
  });

  test("B3: never is what somebody planted in the browser", async () => {
    const { name } = sessionOf(await signedInAt(signet.url, admin));
    const planted = randomBytes(32).toString("base64url");
    const agent = await signedInAt(signet.url, admin, userAgent(signet.url, new Map([[name, planted]])));
    expect(sessionOf(agent).value).not.toBe(planted);
    const attacker = userAgent(signet.url, new Map([[name, planted]]));
    expect((await attacker.open(`${signet.url}/`)).heading).toBe("Sign in");
  });

  test("B3: does not survive the sign-out, wherever it was copied to", async () => {
    const agent = await signedInAt(signet.url, admin);
    const copy = agent.clone();
    const page = await agent.submit(await agent.open(`${signet.url}/`), {});
    expect(page.heading).toBe("You are signed out");
    expect(agent.cookies.size).toBe(0);
    expect((await copy.open(`${signet.url}/`)).heading).toBe("Sign in");
  });

  test("B4: is like every other cookie: without a prefix and Secure on http://localhost, but HttpOnly and SameSite=Lax", async () => {
    const { client, agent, person } = await newApplication(signet);
    await signIn(agent, await agent.open(authorizationUrl(signet.url, client)), person);
    await agent.submit(await agent.open(`${signet.url}/`), {});
    // The interaction's and the session's, each set and cleared.
    expect(agent.setCookies).toHaveLength(4);
    for (const cookie of agent.setCookies) {
      expect(cookie).toMatch(
        /^signet_(?:session|interaction)_[0-9a-f]+=[\w.-]*; Path=\/; HttpOnly; SameSite=Lax(?:; Max-Age=\d+)?$/,
      );
    }
  });
});

describe("a session of one tenant", () => {
  let other: Home & { readonly issuer: string };
  let person: Person;
  beforeAll(async () => {
    other = await createTenant(signet, "cookies-other");
    person = await createUser(other, "somebody");
  });

  test("T3: is none at another, where the browser is asked to sign in", async () => {
    const agent = await signedInAt(signet.url, admin);
    expect((await agent.open(`${other.issuer}/`)).heading).toBe("Sign in");
    const { client } = await newApplication(other);
    expect((await agent.open(authorizationUrl(other.issuer, client))).heading).toBe("Sign in");
    const silent = await agent.open(authorizationUrl(other.issuer, client, { prompt: "none" }));
    expect(silent.callback?.searchParams.get("error")).toBe("login_required");
  });

  test.each([
    ["from default to another", () => [signet.url, admin, other.issuer, person] as const],
    ["from another to default", () => [other.issuer, person, signet.url, admin] as const],
  ])("T3: is none at another even under the other's cookie name, %s", async (_, between) => {
    const [from, personThere, to, personHere] = between();
    const { value } = sessionOf(await signedInAt(from, personThere));
    const { name } = sessionOf(await signedInAt(to, personHere));
    const forged = userAgent(signet.url, new Map([[name, value]]));
    expect((await forged.open(`${to}/`)).heading).toBe("Sign in");
    expect((await forged.open(`${to}/signed-in`)).heading).toBe("Sign in");
  });

  test("T3: lives beside one of another in the same browser, and neither ends the other", async () => {
    const agent = await signedInAt(other.issuer, person, await signedInAt(signet.url, admin));
    const atOther = await agent.submit(await agent.open(`${other.issuer}/`), {});
    expect(atOther.heading).toBe("You are signed out");
    const atDefault = await agent.open(`${signet.url}/`);
    expect(atDefault.heading).toBe("You are signed in");
    expect(atDefault.html).toContain('<small id="user-username" dir="auto">admin</small>');
  });
});

describe("a sign-in that was begun", () => {
  test("T3: at one tenant is not to be finished at another", async () => {
    const { issuer } = await createTenant(signet, "cookies-third");
    const agent = userAgent(signet.url);
    const begun = await agent.open(`${signet.url}/`);
    const moved = await agent.open(begun.url.replace(signet.url, issuer));
    expect([moved.status, moved.heading]).toEqual([404, "This page has expired"]);
    const submitted = await agent.submit(
      { ...begun, html: begun.html.replace('action="/', 'action="/cookies-third/') },
      { username: admin.username, password: admin.password },
    );
    expect([submitted.status, submitted.heading]).toEqual([404, "This page has expired"]);
  });

  test("B4: has a cookie of its own; a browser that leaves many unfinished does not come to send more than a server reads", async () => {
    const agent = userAgent(signet.url);
    for (let count = 0; count < 40; count++) await agent.open(`${signet.url}/`);
    expect(agent.cookies.size).toBeLessThanOrEqual(13);
    await signedInAt(signet.url, admin, agent);
  });
});
