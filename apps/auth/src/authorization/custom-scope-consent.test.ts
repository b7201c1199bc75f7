import { auth } from "@signet/contracts";
import { expect, test } from "vitest";
import { answer, Browser, started } from "../testing/browser.ts";
import { redefineScopes } from "../testing/running-auth.ts";
import { startWithAnn } from "../testing/start-with-ann.ts";

const badge = { name: "badge", description: "Your badge", fields: ["badge_number"] };
const scope = "openid badge";

/** A browser whose user has allowed a client the custom scope `badge`. */
async function allowed() {
  const started = await startWithAnn();
  const client = started.running.addClient({ scopes: [badge] });
  await started.browser.complete(client, { scope });
  return { ...started, client };
}

test("a custom scope that is defined as it was when it was allowed is not asked for again", async () => {
  const { browser, client } = await allowed();
  expect(answer(await browser.authorize(client, { scope })).code).toBeDefined();
});

test.each([
  ["more fields", { ...badge, fields: ["badge_number", "salary"] }],
  ["another description", { ...badge, description: "Your badge, and more" }],
])("a custom scope that came to have %s after it was allowed is asked for again, once", async (_what, changed) => {
  const { running, browser, client } = await allowed();
  redefineScopes(running, client, [changed]);
  expect(answer(await browser.authorize(client, { scope, prompt: "none" })).error).toBe("consent_required");
  const interaction = started(await browser.authorize(client, { scope }));
  expect(interaction.step).toBe(auth.Step.CONSENT);
  expect((await browser.consent(interaction)).code).toBeDefined();
  expect(answer(await browser.authorize(client, { scope })).code).toBeDefined();
});

test("after a sign-in, too, a changed custom scope is asked for again", async () => {
  const { running, client } = await allowed();
  const unchanged = new Browser(running);
  expect((await unchanged.signIn(started(await unchanged.authorize(client, { scope }))))?.$case).toBe("redirect");
  redefineScopes(running, client, [{ ...badge, fields: ["badge_number", "salary"] }]);
  const browser = new Browser(running);
  const interaction = started(await browser.authorize(client, { scope }));
  expect(await browser.signIn(interaction)).toEqual({ $case: "next", value: auth.Step.CONSENT });
});

test("what is allowed beside a changed custom scope stays allowed", async () => {
  const { running, browser, client } = await allowed();
  redefineScopes(running, client, [{ ...badge, fields: [] }]);
  expect(answer(await browser.authorize(client, { scope: "openid" })).code).toBeDefined();
});

test("a consent page that was shown before its scopes were changed is over: nobody agrees to what it did not show", async () => {
  const { running, browser } = await startWithAnn();
  const client = running.addClient({ scopes: [badge] });
  const interaction = started(await browser.authorize(client, { scope }));
  await browser.signIn(interaction);
  expect((await browser.page(interaction)).scopes).toHaveLength(2);
  redefineScopes(running, client, [{ ...badge, fields: ["badge_number", "salary"] }]);
  const over = { name: "ResourceError", kind: "not_found" };
  await expect(browser.consent(interaction)).rejects.toMatchObject(over);
  await expect(browser.page(interaction)).rejects.toMatchObject(over);
  redefineScopes(running, client, [badge]);
  expect((await browser.consent(interaction)).code).toBeDefined();
});
