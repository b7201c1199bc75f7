import { createHash } from "node:crypto";
import {
  authorizationUrl,
  clockwork,
  createTenant,
  createUser,
  hiddenFields,
  newApplication,
  newPkce,
  obtainCode,
  obtainTokens,
  type Person,
  type RegisteredClient,
  redeem,
  redirectUri,
  registerClient,
  type Signet,
  signIn,
  startSignet,
  tokenRequest,
  userAgent,
  type Visit,
} from "@signet/testkit";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorIn, granted, invalidClient, invalidGrant, outcome } from "../outcomes.ts";

const time = clockwork();
let signet: Signet;
let admin: Person;
beforeAll(async () => {
  signet = await startSignet({ clockwork: time });
  admin = { username: "admin", password: signet.adminPassword };
});
afterAll(() => signet.stop());

const requestOf = (client: Pick<RegisteredClient, "client_id">, parameters: Readonly<Record<string, string | undefined>> = {}) =>
  authorizationUrl(signet.url, client, parameters);

describe("M1: every authorization response names its issuer", () => {
  /** How the application is answered, whatever way: the parameters that it gets. */
  const answered = ({ callback, html }: Visit): Readonly<Record<string, string>> =>
    callback === undefined ? hiddenFields(html) : Object.fromEntries(callback.searchParams);

  test.each(["query", "form_post"])(
    "M1: with response_mode=%s, of success and of every error, at every tenant",
    async (response_mode) => {
      const tenant = await createTenant(signet, `issuer-${response_mode.replace("_", "-")}`);
      const homes = [
        { ...signet, issuer: signet.url, person: admin },
        { ...tenant, person: await createUser(tenant, "somebody") },
      ];
      for (const { issuer, person, ...home } of homes) {
        const { client, agent } = await newApplication({ ...home, issuer });
        const open = (parameters: Readonly<Record<string, string>>) =>
          agent.open(authorizationUrl(issuer, client, { response_mode, ...parameters }));
        const signInPage = await open({});
        const consent = await agent.submit(signInPage, { ...person });
        const answers = {
          code: await agent.submit(consent, { decision: "allow" }),
          "code of a session": await open({}),
          access_denied: await agent.submit(await open({ prompt: "consent" }), { decision: "deny" }),
          login_required: await open({ prompt: "none", max_age: "0" }),
          consent_required: await open({ prompt: "none", scope: "openid email" }),
          invalid_scope: await open({ scope: "nothing-known" }),
          unsupported_response_type: await open({ response_type: "token" }),
          invalid_request: await open({ prompt: "none login" }),
          invalid_request_object: await open({ request: "e30." }),
          invalid_request_uri: await open({ request_uri: "https://app.example/request.jwt" }),
          registration_not_supported: await open({ registration: "{}" }),
        };
        for (const [name, visit] of Object.entries(answers)) {
          const { iss, state, code, error = "" } = answered(visit);
          expect({ name, iss, state }).toEqual({ name, iss: issuer, state: "a-state" });
          if (name.startsWith("code")) expect(code).toMatch(/^[\w-]{43}$/);
          else expect(error).toBe(name);
        }
      }
    },
  );
});

describe("M2: a sign-in in progress whose client was changed meanwhile", () => {
  const update = async ({ client_id }: RegisteredClient, metadata: Readonly<Record<string, unknown>>): Promise<void> => {
    const reply = await fetch(`${signet.url}/v1/oidc/default/registration?client_id=${client_id}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${signet.registrationToken}`, "Content-Type": "application/json" },
      body: JSON.stringify({ client_name: "Changed", redirect_uris: [redirectUri], ...metadata }),
    });
    expect(reply.status).toBe(200);
  };
  const withdrawn = [
    ["its response type", { grant_types: ["client_credentials"], response_types: [], redirect_uris: [] }],
    ["its redirect URI", { redirect_uris: ["https://app.example/another"] }],
  ] as const;

  test.each(withdrawn)("M2: is not finished by a sign-in once %s was withdrawn", async (_, metadata) => {
    const { client, agent } = await newApplication(signet);
    const page = await agent.open(requestOf(client));
    await update(client, metadata);
    const end = await agent.submit(page, { ...admin });
    expect([end.status, end.callback]).toEqual([400, undefined]);
    expect(agent.setCookies.filter((cookie) => cookie.startsWith("signet_session_"))).toEqual([]);
  });

  test.each(withdrawn)("M2: is not finished by an agreement once %s was withdrawn", async (_, metadata) => {
    const { client, agent } = await newApplication(signet);
    const consent = await agent.submit(await agent.open(requestOf(client)), { ...admin });
    await update(client, metadata);
    for (const decision of ["allow", "deny"]) {
      const end = await agent.submit(consent, { decision });
      expect([decision, end.status, end.callback]).toEqual([decision, 400, undefined]);
    }
  });

  test("M2: is not begun again with a response type that is off, nor is one added to it", async () => {
    const { client, agent } = await newApplication(signet);
    for (const response_type of ["token", "id_token", "code token", "code id_token", "none", "CODE", ""]) {
      expect([response_type, errorIn(await agent.open(requestOf(client, { response_type })))]).toEqual([
        response_type,
        response_type === "" ? "invalid_request" : "unsupported_response_type",
      ]);
    }
  });
});

describe("prompt", () => {
  test("M3: none without a session is login_required, and shows no page", async () => {
    const { client, agent } = await newApplication(signet);
    const visit = await agent.open(requestOf(client, { prompt: "none" }));
    expect(errorIn(visit)).toBe("login_required");
    expect(agent.cookies.size).toBe(0);
  });

  test("M3: none with a session but without consent is consent_required, and with both a code", async () => {
    const { client, agent } = await newApplication(signet);
    const consent = await agent.submit(await agent.open(requestOf(client)), { ...admin });
    expect(errorIn(await agent.open(requestOf(client, { prompt: "none" })))).toBe("consent_required");
    await agent.submit(consent, { decision: "allow" });
    expect((await agent.open(requestOf(client, { prompt: "none" }))).callback?.searchParams.has("code")).toBe(true);
  });

  test("M3: none goes with no other value", async () => {
    const { client, agent } = await newApplication(signet);
    for (const prompt of ["none login", "consent none"])
      expect(errorIn(await agent.open(requestOf(client, { prompt })))).toBe("invalid_request");
  });

  test("M4: login asks for the password in spite of a session, and cannot be got round by asking for the answer again", async () => {
    const { client, agent } = await newApplication(signet);
    await signIn(agent, await agent.open(requestOf(client)), admin);
    const page = await agent.open(requestOf(client, { prompt: "login" }));
    expect(page.heading).toBe("Sign in");
    // The session that is there does not count at the interaction's other page either.
    expect((await agent.open(page.url.replace("/sign-in/", "/consent/"))).heading).toBe("Sign in");
    const consentForm = { ...page, html: page.html.replace("/sign-in/", "/consent/") };
    expect((await agent.submit(consentForm, { decision: "allow" })).heading).toBe("Sign in");
    expect((await agent.submit(page, { ...admin })).callback?.searchParams.has("code")).toBe(true);
  });

  test("consent asks in spite of a consent that stands", async () => {
    const { client, agent } = await newApplication(signet);
    await signIn(agent, await agent.open(requestOf(client)), admin);
    expect((await agent.open(requestOf(client))).callback?.searchParams.has("code")).toBe(true);
    expect((await agent.open(requestOf(client, { prompt: "consent" }))).heading).toBe("Allow access");
  });

  test("login_hint is in the sign-in form, and nothing else is", async () => {
    const { client, agent } = await newApplication(signet);
    const hinted = await agent.open(requestOf(client, { login_hint: "ada@example.com" }));
    expect(hinted.html).toMatch(/<input id="username"[^>]* value="ada@example\.com"/);
    const page = await agent.open(requestOf(client));
    expect(page.html).toMatch(/<input id="username"[^>]* value=""/);
  });
});

describe("max_age", () => {
  const authTimeOf = (idToken: string) => Number(decodeJwt(idToken).auth_time);

  test("M4: asks for the password once the last sign-in is longer ago, and the ID token tells of the new one", async () => {
    const application = await newApplication(signet);
    const first = await obtainTokens(application, { max_age: "60" });
    time.advance(60_000);
    const { agent, client } = application;
    expect((await agent.open(requestOf(client, { max_age: "60" }))).callback?.searchParams.has("code")).toBe(true);
    time.advance(1);
    expect(errorIn(await agent.open(requestOf(client, { max_age: "60", prompt: "none" })))).toBe("login_required");
    expect((await agent.open(requestOf(client, { max_age: "60" }))).heading).toBe("Sign in");
    const second = await obtainTokens(application, { max_age: "60" });
    expect(authTimeOf(second.id_token) - authTimeOf(first.id_token)).toBe(60);
  });

  test("M4: of 0 asks every time, and once is enough", async () => {
    const { agent, client } = await newApplication(signet);
    await signIn(agent, await agent.open(requestOf(client)), admin);
    const page = await agent.open(requestOf(client, { max_age: "0" }));
    expect(page.heading).toBe("Sign in");
    expect((await agent.submit(page, { ...admin })).callback?.searchParams.has("code")).toBe(true);
  });

  test.each(["-1", "abc", "1.5", "1e3", "99999999999999999999"])(
    "M4: that is no number of seconds is refused: %s",
    async (max_age) => {
      const { agent, client } = await newApplication(signet);
      expect(errorIn(await agent.open(requestOf(client, { max_age })))).toBe("invalid_request");
    },
  );
});

describe("an attacker who reads along", () => {
  /** The whole request and the whole response of somebody's sign-in; nothing of it was used yet. */
  async function overheard(metadata: Readonly<Record<string, unknown>>) {
    const application = await newApplication(signet, { metadata });
    const { code, verifier } = await obtainCode(application);
    return { application, code, verifier };
  }
  const redemption = (code: string, more: Readonly<Record<string, string>> = {}) => ({
    grant_type: "authorization_code",
    code,
    redirect_uri: redirectUri,
    ...more,
  });

  test("M5: gets no tokens for a confidential client, having no secret, and spoils nothing for it", async () => {
    const { application, code, verifier } = await overheard({});
    for (const client_secret of ["guessed", application.client.client_id]) {
      const attacker = { ...application.client, client_secret };
      expect(await outcome(tokenRequest(signet.url, attacker, redemption(code)))).toEqual(invalidClient);
    }
    expect(await outcome(tokenRequest(signet.url, { ...application.client, client_secret: "" }, redemption(code)))).toEqual(
      invalidClient,
    );
    expect(await outcome(redeem(application, { code, verifier }))).toEqual(granted);
  });

  test("M5: gets no tokens for a public client, having no verifier but only the challenge", async () => {
    const metadata = { token_endpoint_auth_method: "none", grant_types: ["authorization_code"] };
    const guesses: readonly ((challenge: string) => Readonly<Record<string, string>>)[] = [
      () => ({}),
      () => ({ code_verifier: newPkce().verifier }),
      (challenge) => ({ code_verifier: challenge }),
    ];
    for (const guess of guesses) {
      const { application, code, verifier } = await overheard(metadata);
      const challenge = createHash("sha256").update(verifier).digest("base64url");
      const attacker = { ...application.client, client_secret: "" };
      expect(await outcome(tokenRequest(signet.url, attacker, redemption(code, guess(challenge))))).toEqual(invalidGrant);
    }
  });

  test("M5: gets no tokens as another client, registered by themselves", async () => {
    const { code, verifier } = await overheard({});
    const own = await registerClient(signet);
    expect(await outcome(tokenRequest(signet.url, own, redemption(code, { code_verifier: verifier })))).toEqual(invalidGrant);
  });

  test("M5: signs nobody in by slipping the response to the application in a browser of their own", async () => {
    const { application, code } = await overheard({});
    // The application goes on with the verifier of the sign-in that it began in the attacker's browser.
    expect(await outcome(redeem(application, { code, verifier: newPkce().verifier }))).toEqual(invalidGrant);
  });

  test("M5: gets no session by sending the request again in a browser of their own", async () => {
    const { application } = await overheard({});
    const attacker = userAgent(signet.url);
    expect((await attacker.open(requestOf(application.client))).heading).toBe("Sign in");
    expect(errorIn(await attacker.open(requestOf(application.client, { prompt: "none" })))).toBe("login_required");
  });
});
