import { describe, expect, test } from "vitest";
import { started } from "../testing/browser.ts";
import { startWithAnn } from "../testing/start-with-ann.ts";

describe("M2: a client that changed meanwhile", () => {
  const changes = {
    "lost its redirect URI": { redirectUris: ["https://app.example/other"] },
    "lost the code flow": { grantTypes: ["client_credentials"] },
    "lost the scope": { scope: "email" },
  };

  test.each(Object.entries(changes))("%s: nothing goes on", async (_what, draft) => {
    const { browser, client, registered, addClient, stores, tenant, user } = await startWithAnn();
    const interaction = started(await browser.authorize(client));
    await browser.signIn(interaction);
    const kept = "grantTypes" in draft ? { redirectUris: [] } : {};
    const changed = addClient({ ...draft, ...kept });
    registered.clients.set(client.id, { ...changed, id: client.id });
    for (const attempt of [
      () => browser.page(interaction),
      () => browser.signIn(interaction),
      () => browser.consent(interaction),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ name: "OAuthError" });
    }
    expect(await stores.consents.find(tenant.id, user.id, client.id)).toEqual([]);
  });

  test("was deleted: nothing goes on", async () => {
    const { browser, client, registered } = await startWithAnn();
    const interaction = started(await browser.authorize(client));
    registered.clients.delete(client.id);
    await expect(browser.signIn(interaction)).rejects.toMatchObject({ name: "OAuthError", code: "invalid_request" });
  });

  test("an interaction under the strict profile is resumed under it", async () => {
    const { browser, client } = await startWithAnn();
    const parameters = Object.entries({
      client_id: client.id,
      redirect_uri: "https://app.example/cb",
      response_type: "code",
      scope: "openid",
      state: "xyz",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
    }).map(([name, value]) => ({ name, value }));
    const interaction = started(await browser.send(parameters, true));
    await browser.signIn(interaction);
    expect((await browser.consent(interaction)).code).toBeDefined();
  });
});
