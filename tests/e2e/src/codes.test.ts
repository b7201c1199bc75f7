import {
  type Application,
  clockwork,
  createTenant,
  createUser,
  hiddenFields,
  newApplication,
  newPkce,
  obtainCode,
  obtainTokens,
  redeem,
  refresh,
  type Signet,
  startSignet,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { granted, invalidGrant, invalidToken, outcome } from "./outcomes.ts";

const time = clockwork();
let signet: Signet;
let application: Application;
beforeAll(async () => {
  signet = await startSignet({ clockwork: time });
  application = await newApplication(signet);
});
afterAll(() => signet.stop());

const offline = { scope: "openid offline_access" };

describe("a code is redeemed once", () => {
  test("C1: of 100 parallel redemptions one succeeds, and its tokens stay valid", async () => {
    const obtained = await obtainCode(application, offline);
    const replies = await Promise.all(Array.from({ length: 100 }, () => redeem(application, obtained)));
    const [winner, ...others] = replies.filter(({ ok }) => ok);
    expect(others).toEqual([]);
    const refusals = await Promise.all(replies.filter((reply) => reply !== winner).map(outcome));
    expect(refusals).toEqual(Array.from({ length: 99 }, () => invalidGrant));

    const tokens = await tokensOf(winner ?? Response.error());
    expect(await outcome(userinfo(signet.url, tokens.access_token))).toEqual(granted);
    expect(await outcome(refresh(application, tokens.refresh_token))).toEqual(granted);
  });

  test("C2: a replay two seconds later ends the tokens that were issued from the code", async () => {
    const obtained = await obtainCode(application, offline);
    const tokens = await tokensOf(await redeem(application, obtained));
    const refreshed = await tokensOf(await refresh(application, tokens.refresh_token));

    time.advance(1_999);
    expect(await outcome(redeem(application, obtained))).toEqual(invalidGrant);
    expect(await outcome(userinfo(signet.url, tokens.access_token))).toEqual(granted);

    time.advance(1);
    expect(await outcome(redeem(application, obtained))).toEqual(invalidGrant);
    expect(await outcome(userinfo(signet.url, tokens.access_token))).toEqual(invalidToken);
    expect(await outcome(userinfo(signet.url, refreshed.access_token))).toEqual(invalidToken);
    expect(await outcome(refresh(application, refreshed.refresh_token))).toEqual(invalidGrant);
  });

  test("C2: so does a replay after the code would have expired", async () => {
    const obtained = await obtainCode(application, offline);
    const tokens = await tokensOf(await redeem(application, obtained));
    time.advance(61_000);
    expect(await outcome(redeem(application, obtained))).toEqual(invalidGrant);
    expect(await outcome(userinfo(signet.url, tokens.access_token))).toEqual(invalidToken);
    expect(await outcome(refresh(application, tokens.refresh_token))).toEqual(invalidGrant);
  });

  test("C2: and it ends nothing that came of another code", async () => {
    const [replayed, other] = [await obtainCode(application, offline), await obtainCode(application, offline)];
    await tokensOf(await redeem(application, replayed));
    const tokens = await tokensOf(await redeem(application, other));
    time.advance(2_000);
    expect(await outcome(redeem(application, replayed))).toEqual(invalidGrant);
    expect(await outcome(userinfo(signet.url, tokens.access_token))).toEqual(granted);
  });

  test("C5: it lives for less than 60 seconds", async () => {
    const [inTime, tooLate] = [await obtainCode(application), await obtainCode(application)];
    time.advance(59_999);
    expect(await outcome(redeem(application, inTime))).toEqual(granted);
    time.advance(1);
    expect(await outcome(redeem(application, tooLate))).toEqual(invalidGrant);
  });
});

describe("a code belongs to the client and the tenant that it was issued to", () => {
  test("C3: another client cannot redeem it, and nobody can afterwards", async () => {
    const other = await newApplication(signet, { agent: application.agent });
    const obtained = await obtainCode(application);
    expect(await outcome(redeem(other, obtained))).toEqual(invalidGrant);
    expect(await outcome(redeem(application, obtained))).toEqual(invalidGrant);
  });

  test("C3: nor can a public client, which needs no secret for it", async () => {
    const metadata = { grant_types: ["authorization_code"], token_endpoint_auth_method: "none" };
    const publicOne = await newApplication(signet, { metadata, agent: application.agent });
    expect(await outcome(redeem(publicOne, await obtainCode(application)))).toEqual(invalidGrant);
    expect(await outcome(redeem(application, await obtainCode(publicOne)))).toEqual(invalidGrant);
  });

  test("C3: spliced into another session of the same client, it does not answer to that session's verifier", async () => {
    const attacker = await newApplication(signet, { person: await createUser(signet, "mallory") });
    const victims = await obtainCode(application);
    const attackers = await obtainCode({ ...attacker, client: application.client });
    expect(await outcome(redeem(application, { ...victims, verifier: attackers.verifier }))).toEqual(invalidGrant);
    expect(await outcome(redeem(application, { ...attackers, verifier: newPkce().verifier }))).toEqual(invalidGrant);
  });

  test("C4: at another tenant it is unknown, and stays good at its own", async () => {
    const tenant = await createTenant(signet, "elsewhere");
    const elsewhere = await newApplication(tenant, { person: await createUser(tenant, "alice") });
    const [ours, theirs] = [await obtainCode(application), await obtainCode(elsewhere)];
    expect(await outcome(redeem(elsewhere, ours))).toEqual(invalidGrant);
    expect(await outcome(redeem(application, theirs))).toEqual(invalidGrant);
    expect(await outcome(redeem(application, ours))).toEqual(granted);
    expect(await outcome(redeem(elsewhere, theirs))).toEqual(granted);
  });
});

describe("what is no code is refused like an unknown one", () => {
  test("C6: no other thing that is used once, or kept secret, passes for a code", async () => {
    const { agent, client } = await newApplication(signet);
    const page = await agent.open(`${signet.url}/`);
    const interaction = {
      id: page.url.split("/").at(-1) ?? "",
      secret: [...agent.cookies.values()].join().split(".").at(-1) ?? "",
    };
    const tokens = await obtainTokens(application);
    const things = {
      refreshToken: tokens.refresh_token,
      accessToken: tokens.access_token,
      idToken: tokens.id_token,
      interactionId: interaction.id,
      interactionSecret: interaction.secret,
      csrfToken: hiddenFields(page.html).csrf_token,
      session: [...application.agent.cookies].find(([name]) => name.startsWith("signet_session_"))?.[1],
      clientSecret: client.client_secret,
      registrationToken: signet.registrationToken,
      verifier: newPkce().verifier,
    };
    for (const [kind, code] of Object.entries(things)) {
      expect([kind, code]).toEqual([kind, expect.stringMatching(/^\S{20,}$/)]);
      expect([kind, await outcome(redeem(application, { code: code ?? "", verifier: newPkce().verifier }))]).toEqual([
        kind,
        invalidGrant,
      ]);
    }
    expect(await outcome(userinfo(signet.url, tokens.access_token))).toEqual(granted);
    expect(await outcome(refresh(application, tokens.refresh_token))).toEqual(granted);
  });

  test("C6: and a code passes for nothing else", async () => {
    const obtained = await obtainCode(application);
    expect(await outcome(refresh(application, obtained.code))).toEqual(invalidGrant);
    expect(await outcome(userinfo(signet.url, obtained.code))).toEqual(invalidToken);
    expect(await outcome(redeem(application, obtained))).toEqual(granted);
  });

  test("C7: a truncated or extended code is unknown, and leaves the whole one good", async () => {
    const obtained = await obtainCode(application);
    const { code } = obtained;
    const last = code.charCodeAt(42);
    const sameBits = String.fromCharCode(last + 1);
    const variants = [
      code.slice(0, -1),
      code.slice(1),
      `${code}A`,
      `A${code}`,
      `${code}=`,
      `${code}${code}`,
      `${code} `,
      ` ${code}`,
      `${code.slice(0, 42)}${sameBits}`,
      code.toLowerCase(),
      "A",
      "A".repeat(43),
      "A".repeat(20_000),
    ];
    for (const variant of variants.filter((one) => one !== code)) {
      expect([variant, await outcome(redeem(application, { ...obtained, code: variant }))]).toEqual([variant, invalidGrant]);
    }
    expect(await outcome(redeem(application, obtained))).toEqual(granted);
  });

  test("C7: a truncated or extended access token is invalid", async () => {
    const opaque = await newApplication(signet, { metadata: { access_token_format: "opaque" }, agent: application.agent });
    for (const { access_token: token } of [await obtainTokens(application), await obtainTokens(opaque)]) {
      const [header = "", payload = ""] = token.split(".");
      const variants = [
        token.slice(0, -1),
        token.slice(0, -2),
        `${token}A`,
        `${token}.`,
        `${token}.A`,
        `${token}=`,
        `.${token}`,
        `${header}.${payload}.`,
        `${header}.${payload}`,
        `${header}..${token.split(".")[2]}`,
        token.replace(/.$/, (end) => String.fromCharCode(end.charCodeAt(0) === 0x5f ? 0x2d : end.charCodeAt(0) + 1)),
      ];
      for (const variant of variants.filter((one) => one !== token)) {
        expect([variant, await outcome(userinfo(signet.url, variant))]).toEqual([variant, invalidToken]);
      }
      expect(await outcome(userinfo(signet.url, token))).toEqual(granted);
    }
  });
});
