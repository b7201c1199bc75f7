import { auth } from "@signet/contracts";
import { expect, test } from "vitest";
import { answer, Browser, started } from "../testing/browser.ts";
import { startWithAnn } from "../testing/start-with-ann.ts";

const { SAME, ANOTHER, NONE, UNSPECIFIED } = auth.AccountChoice;
const over = { name: "ResourceError", kind: "not_found" };

/** Ann is signed in and has agreed, and the application asks for a choice. */
async function asked(changes: Readonly<Record<string, string>> = {}) {
  const begun = await startWithAnn();
  await begun.browser.complete(begun.client);
  const interaction = started(await begun.browser.authorize(begun.client, { prompt: "select_account", ...changes }));
  return { ...begun, interaction };
}

test("the page says who is signed in", async () => {
  const { browser, interaction } = await asked();
  expect(interaction.step).toBe(auth.Step.SELECT_ACCOUNT);
  expect(await browser.page(interaction)).toMatchObject({
    step: auth.Step.SELECT_ACCOUNT,
    application: { name: "The app" },
    user: { username: "ann", name: "Ann Example" },
    scopes: [],
  });
});

test("whoever goes on as the one who is signed in is back at the application at once, without a password", async () => {
  const { browser, interaction } = await asked();
  const session = browser.session;
  expect(answer(await browser.selectAccount(interaction, SAME))).toMatchObject({ code: expect.any(String), state: "xyz" });
  expect(browser.session).toBe(session);
  await expect(browser.selectAccount(interaction, SAME)).rejects.toMatchObject(over);
});

test("whoever wants another account signs in with it, and is asked for nothing that this user did not agree to", async () => {
  const { browser, interaction, addUser, running } = await asked({ login_hint: "ann" });
  await addUser({ username: "bob" });
  expect(await browser.selectAccount(interaction, ANOTHER)).toEqual({ $case: "next", value: auth.Step.SIGN_IN });
  expect(await browser.page(interaction)).toMatchObject({ step: auth.Step.SIGN_IN, user: undefined, loginHint: "" });
  expect(await browser.signIn(interaction, { username: "bob" })).toEqual({ $case: "next", value: auth.Step.CONSENT });
  expect((await browser.consent(interaction)).code).toBeDefined();
  expect((await running.auth.getSession({ tenant: "default", session: browser.session })).user?.username).toBe("bob");
});

test("whoever comes back from the sign-in of another account may still go on as before", async () => {
  const { browser, interaction } = await asked();
  await browser.selectAccount(interaction, ANOTHER);
  expect(answer(await browser.selectAccount(interaction, SAME)).code).toBeDefined();
});

test("whoever chooses none is back at the application, which is told so", async () => {
  const { browser, interaction } = await asked({ response_mode: "form_post" });
  expect(answer(await browser.selectAccount(interaction, NONE))).toEqual({
    redirectUri: "https://app.example/cb",
    responseMode: "form_post",
    error: "account_selection_required",
    error_description: expect.any(String),
    state: "xyz",
    iss: "https://id.example",
  });
  await expect(browser.page(interaction)).rejects.toMatchObject(over);
});

test("what is asked for beside the choice is asked after it: consent", async () => {
  const { browser, interaction } = await asked({ scope: "openid email" });
  await expect(browser.consent(interaction)).rejects.toMatchObject({ kind: "unauthenticated" });
  expect(await browser.selectAccount(interaction, SAME)).toEqual({ $case: "next", value: auth.Step.CONSENT });
  expect((await browser.page(interaction)).step).toBe(auth.Step.CONSENT);
  expect((await browser.consent(interaction)).code).toBeDefined();
});

test.each([{ prompt: "select_account login" }, { max_age: "0" }])(
  "M4: what is asked for beside the choice is asked after it: with %j a sign-in, with the chosen name in the form",
  async (changes) => {
    const { browser, interaction } = await asked(changes);
    expect((await browser.page(interaction)).step).toBe(auth.Step.SELECT_ACCOUNT);
    expect(await browser.selectAccount(interaction, SAME)).toEqual({ $case: "next", value: auth.Step.SIGN_IN });
    expect(await browser.page(interaction)).toMatchObject({ step: auth.Step.SIGN_IN, loginHint: "ann" });
    expect(answer(await browser.signIn(interaction)).code).toBeDefined();
  },
);

test("where nobody is signed in the account is chosen by signing in", async () => {
  const { browser, client } = await startWithAnn();
  const interaction = started(await browser.authorize(client, { prompt: "select_account" }));
  expect(interaction.step).toBe(auth.Step.SIGN_IN);
  expect(await browser.signIn(interaction)).toEqual({ $case: "next", value: auth.Step.CONSENT });
});

test("a session that has ended meanwhile is not gone on with", async () => {
  const { browser, interaction, running } = await asked();
  await running.auth.endSession({ tenant: "default", session: browser.session });
  expect((await browser.page(interaction)).step).toBe(auth.Step.SIGN_IN);
  expect(await browser.selectAccount(interaction, SAME)).toEqual({ $case: "next", value: auth.Step.SIGN_IN });
});

test("nobody goes on as another user, who signed in in another tab meanwhile", async () => {
  const { browser, client, interaction, addUser } = await asked();
  await addUser({ username: "bob" });
  await browser.signIn(started(await browser.authorize(client, { prompt: "login" })), { username: "bob" });
  expect(await browser.selectAccount(interaction, SAME)).toEqual({ $case: "next", value: auth.Step.SIGN_IN });
});

test("B2: the choice is the browser's whose interaction it is", async () => {
  const { browser, interaction, running } = await asked();
  const elsewhere = new Browser(running);
  await expect(elsewhere.selectAccount({ ...interaction, secret: "x".repeat(43) }, ANOTHER)).rejects.toMatchObject(over);
  expect((await browser.page(interaction)).step).toBe(auth.Step.SELECT_ACCOUNT);
});

test("a choice that is none is refused, and so is one without an application", async () => {
  const { browser, interaction, running } = await asked();
  await expect(browser.selectAccount(interaction, UNSPECIFIED)).rejects.toMatchObject({ kind: "invalid" });
  const { interaction: own } = await running.auth.startSignIn({ tenant: "default" });
  if (own === undefined) throw new Error("an interaction was begun");
  await expect(browser.selectAccount(own, SAME)).rejects.toMatchObject(over);
});

test("of many submits of one choice exactly one is answered", async () => {
  const { browser, interaction } = await asked();
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => browser.selectAccount(interaction, SAME)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const result of results) if (result.status === "rejected") expect(result.reason).toMatchObject(over);
});
