import {
  type Application,
  administer,
  authorizationUrl,
  type Clockwork,
  clockwork,
  createTenant,
  createUser,
  newApplication,
  obtainCode,
  obtainTokens,
  redeem,
  refresh,
  type Signet,
  signIn,
  startSignet,
} from "@signet/testkit";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Received, type Receivers, startReceivers } from "./receiver.ts";

const second = 1000;
const event = "http://schemas.openid.net/event/backchannel-logout";

let signet: Signet;
let time: Clockwork;
let receivers: Receivers;
beforeAll(async () => {
  time = clockwork();
  receivers = await startReceivers();
  signet = await startSignet({ clockwork: time, environment: { SIGNET_OUTBOUND_ALLOWED_HOSTS: receivers.host } });
});
afterAll(async () => {
  await signet.stop();
  await receivers.stop();
});

/** An application with a back end that hears of sign-outs. */
function hearing(name: string, more: Partial<Application> = {}, metadata: Readonly<Record<string, unknown>> = {}) {
  return newApplication(signet, { metadata: { backchannel_logout_uri: receivers.uriOf(name), ...metadata }, ...more });
}

/** What an application does with a logout token: OpenID Connect Back-Channel Logout section 2.6, by a library. */
async function verified({ form, answer }: Received, { issuer, client }: Application) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/oauth2/v1/certs`));
  const token = form.get("logout_token") ?? "";
  const { payload } = await jwtVerify(token, keys, {
    issuer,
    audience: client.client_id,
    typ: "logout+jwt",
    requiredClaims: ["iat", "exp", "jti", "events"],
    currentDate: new Date(Number(decodeJwt(token).iat) * second),
  });
  expect(payload).not.toHaveProperty("nonce");
  answer(200);
  return payload;
}

function signOutBy({ agent, issuer }: Application, idToken: string) {
  return agent.open(`${issuer}/oauth2/v1/logout?${new URLSearchParams({ id_token_hint: idToken })}`);
}

describe("a sign-out is told to the applications that take part in the session", () => {
  test("by a signed token that names the person, the session and the application, and nothing else", async () => {
    const application = await hearing(
      "one",
      {},
      { backchannel_logout_session_required: true, id_token_signed_response_alg: "ES256" },
    );
    const tokens = await obtainTokens(application);
    const { sub, sid } = decodeJwt(tokens.id_token);
    await signOutBy(application, tokens.id_token);
    const received = await receivers.next("one");
    expect(received.contentType).toBe("application/x-www-form-urlencoded");
    expect([...received.form.keys()]).toEqual(["logout_token"]);
    const seconds = Math.floor(time.clock() / second);
    expect(await verified(received, application)).toEqual({
      iss: signet.url,
      sub,
      sid,
      aud: application.client.client_id,
      iat: seconds,
      exp: seconds + 120,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      events: { [event]: {} },
    });
  });

  test("each of them, whichever began it, and none that is only registered or is of another browser", async () => {
    const application = await hearing("begins");
    const { agent } = application;
    const other = await hearing("takes-part", { agent });
    const elsewhere = await hearing("elsewhere");
    await hearing("registered");
    const tokens = await obtainTokens(application);
    const others = await obtainTokens(other);
    await obtainTokens(elsewhere);
    await signOutBy(application, tokens.id_token);
    const told = await Promise.all([receivers.next("begins"), receivers.next("takes-part")]);
    const [mine, theirs] = [await verified(told[0], application), await verified(told[1], other)];
    const [ofMine, ofTheirs] = [decodeJwt(tokens.id_token), decodeJwt(others.id_token)];
    expect([mine.sid, theirs.sid]).toEqual([ofMine.sid, ofTheirs.sid]);
    expect([mine.sub, theirs.sub]).toEqual([ofMine.sub, ofMine.sub]);
    expect(mine.sid).not.toBe(theirs.sid);
    expect(mine.jti).not.toBe(theirs.jti);
    expect([receivers.waiting("elsewhere"), receivers.waiting("registered")]).toEqual([0, 0]);
  });

  test("also one whose code was never redeemed, and one that joined before a sign-in anew", async () => {
    const application = await hearing("unredeemed");
    await obtainCode(application, { scope: "openid" });
    const again = await newApplication(signet, { agent: application.agent });
    const page = await application.agent.open(authorizationUrl(signet.url, again.client, { prompt: "login" }));
    await signIn(application.agent, page, application.person);
    const button = await application.agent.open(`${signet.url}/signed-in`);
    expect((await application.agent.submit(button, {})).heading).toBe("You are signed out");
    await verified(await receivers.next("unredeemed"), application);
  });
});

describe("a session that ends otherwise is told likewise", () => {
  test.each([
    ["by a block", (path: string) => administer(signet, "PATCH", path, { blocked: true })],
    ["by a new password", (path: string) => administer(signet, "PATCH", path, { password: "another good password" })],
    ["by the deletion of the user", (path: string) => administer(signet, "DELETE", path).catch(() => undefined)],
  ])("%s", async (how, end) => {
    const name = how.replaceAll(" ", "-");
    const home = await createTenant(signet, `logout-${name}`);
    const person = await createUser(home, "ada");
    const application = await newApplication(home, { person, metadata: { backchannel_logout_uri: receivers.uriOf(name) } });
    await obtainTokens(application);
    await end(`/${home.name}/users/${person.id}`);
    await verified(await receivers.next(name), application);
  });

  test("by another person who signs in with the same browser, which ends what was granted in it too", async () => {
    const home = await createTenant(signet, "logout-replaced");
    const [ada, bob] = [await createUser(home, "ada"), await createUser(home, "bob")];
    const metadata = { backchannel_logout_uri: receivers.uriOf("replaced"), refresh_tokens: "always" };
    const application = await newApplication(home, { person: ada, metadata });
    const tokens = await obtainTokens(application, { scope: "openid" });
    const page = await application.agent.open(authorizationUrl(home.issuer, application.client, { prompt: "login" }));
    await signIn(application.agent, page, bob);
    expect((await verified(await receivers.next("replaced"), application)).sid).toBe(decodeJwt(tokens.id_token).sid);
    expect((await refresh(application, tokens.refresh_token)).status).toBe(400);
  });
});

/** The next request to the application, however long it takes by Signet's clock. */
async function afterAWhile(name: string): Promise<Received> {
  await expect
    .poll(
      () => {
        time.advance(30 * second);
        return receivers.waiting(name);
      },
      { timeout: 15_000, interval: 100 },
    )
    .not.toBe(0);
  return receivers.next(name);
}

describe("an application that cannot be told at once", () => {
  test("is told again, by a token of its own each time, until it says that it was", async () => {
    const application = await hearing("failing");
    const tokens = await obtainTokens(application);
    await signOutBy(application, tokens.id_token);
    const seen = new Set<unknown>();
    for (const status of [500, 400, 302]) {
      const received = await afterAWhile("failing");
      seen.add(decodeJwt(received.form.get("logout_token") ?? "").jti);
      received.answer(status);
    }
    seen.add((await verified(await afterAWhile("failing"), application)).jti);
    expect(seen.size).toBe(4);
  });
});

describe("X23: an application that hangs", () => {
  test("delays neither the person nor any other application", async () => {
    const hanging = await hearing("hanging");
    const { agent } = hanging;
    const others = await Promise.all(["a", "b", "c"].map((name) => hearing(`prompt-${name}`, { agent })));
    const tokens = await obtainTokens(hanging);
    for (const other of others) await obtainTokens(other);
    const page = await signOutBy(hanging, tokens.id_token);
    expect(page.heading).toBe("You are signed out");
    const stuck = await receivers.next("hanging");
    for (const [index, name] of ["a", "b", "c"].entries()) {
      const other = others[index] ?? expect.unreachable();
      await verified(await receivers.next(`prompt-${name}`), other);
    }
    stuck.answer(200);
  });
});

test("what was not told before Signet stops is told when it runs again", async () => {
  const application = await hearing("survives");
  const tokens = await obtainTokens(application);
  await signOutBy(application, tokens.id_token);
  (await receivers.next("survives")).answer(503);
  await signet.restart();
  await verified(await afterAWhile("survives"), application);
});

test("S1: an address that is not public is not asked", async () => {
  const other = await startReceivers();
  const application = await newApplication(signet, { metadata: { backchannel_logout_uri: other.uriOf("private") } });
  const bystander = await hearing("bystander", { agent: application.agent });
  const tokens = await obtainTokens(application);
  await obtainTokens(bystander);
  await signOutBy(application, tokens.id_token);
  await verified(await receivers.next("bystander"), bystander);
  expect(other.waiting("private")).toBe(0);
  await other.stop();
});

test("a code of the session that is redeemed after the sign-out grants nothing that lasts", async () => {
  const application = await hearing("late", {}, { refresh_tokens: "always" });
  const tokens = await obtainTokens(application, { scope: "openid" });
  const code = await obtainCode(application, { scope: "openid" });
  await signOutBy(application, tokens.id_token);
  await verified(await receivers.next("late"), application);
  const late = await redeem(application, code);
  if (late.status === 200) {
    const { refresh_token } = JSON.parse(await late.text());
    time.advance(120 * second);
    // The token that was used before may be tried again, and nothing but the end of the session makes it unknown.
    await expect.poll(async () => (await refresh(application, refresh_token)).status, { timeout: 10_000 }).toBe(400);
  } else {
    expect([late.status, JSON.parse(await late.text()).error]).toEqual([400, "invalid_grant"]);
  }
});
