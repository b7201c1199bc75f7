import { describe, expect, test } from "vitest";
import { type ConsentView, consentPage } from "./consent.ts";

const view: ConsentView = {
  branding: { name: "Northwind" },
  client: { name: "Acme Notes" },
  user: { name: "Ada Lovelace", username: "ada" },
  scopes: [
    { name: "email", description: "See your email address" },
    { name: "roles", description: " " },
  ],
  claims: [{ name: "birthdate", description: "See your birth date" }],
  action: "/northwind/consent/1",
  csrfToken: "token",
  formTargets: ["https://app.example"],
};

describe("the consent page", () => {
  const { html, status, contentSecurityPolicy } = consentPage(view);

  test("posts one of two decisions", () => {
    expect(status).toBe(200);
    expect(html).toContain('<form id="consent" method="post" action="/northwind/consent/1"');
    expect(html).toContain('<input type="hidden" name="csrf_token" value="token">');
    expect(html).toMatch(/<button[^>]* id="allow" type="submit" name="decision" value="allow">Allow<\/button>/);
    expect(html).toMatch(/<button[^>]* id="deny" type="submit" name="decision" value="deny">Deny<\/button>/);
    expect(contentSecurityPolicy).toContain("form-action 'self' https://app.example;");
  });

  test("has neither decision made beforehand: no field has the focus, so that no stray Enter allows anything", () => {
    expect(html).not.toContain("autofocus");
  });

  test("says who asks, of whom, and who is signed in", () => {
    expect(html).toContain(
      '<bdi id="client-name" dir="auto">Acme Notes</bdi></strong> wants to use your <bdi dir="auto">Northwind</bdi> account.',
    );
    expect(html).toContain(
      '<strong id="user-name" dir="auto">Ada Lovelace</strong><small id="user-username" dir="auto">ada</small>',
    );
  });

  test("names a person without a name, or with the username for a name, by the username alone", () => {
    for (const name of ["", " ", "ada"]) {
      const page = consentPage({ ...view, user: { name, username: "ada" } }).html;
      expect(page).toContain('<strong id="user-name" dir="auto">ada</strong>');
      expect(page).not.toContain("user-username");
    }
  });

  test("lists the scopes in words, and those without a description by name", () => {
    const items = [...html.matchAll(/<li data-scope="([^"]*)">.*?<span dir="auto">([^<]*)<\/span><\/li>/g)];
    expect(items.map(([, name, text]) => [name, text])).toEqual([
      ["email", "See your email address"],
      ["roles", "roles"],
    ]);
  });

  test("lists the claims that are asked for by name behind the scopes, in words", () => {
    expect(html).toMatch(
      /data-scope="roles".*<li data-claim="birthdate">.*?<span dir="auto">See your birth date<\/span><\/li><\/ul>/,
    );
  });

  test("has no empty list", () => {
    expect(consentPage({ ...view, scopes: [], claims: [] }).html).not.toMatch(/<ul|What it asks for/);
  });

  test("links to the application, its policy and its terms, as far as it has them", () => {
    expect(html).not.toContain("<a ");
    const linked = consentPage({
      ...view,
      client: {
        name: "Acme Notes",
        clientUri: "https://acme.example/",
        policyUri: "https://acme.example/p",
        tosUri: "https://acme.example/t",
      },
    }).html;
    expect(linked).toMatch(
      /<a href="https:\/\/acme.example\/" target="_blank"[^>]*><bdi id="client-name" dir="auto">Acme Notes<\/bdi>/,
    );
    expect(linked).toMatch(/<a href="https:\/\/acme.example\/p"[^>]*>Privacy policy/);
    expect(linked).toMatch(/<a href="https:\/\/acme.example\/t"[^>]*>Terms of service/);
    expect(consentPage({ ...view, client: { name: "A", tosUri: "https://acme.example/t" } }).html).not.toMatch(
      /Privacy policy|> and </,
    );
  });

  test("says where nobody has reviewed the application, with its name as a text", () => {
    expect(html).not.toContain("unreviewed");
    const client = { name: "<b>Acme", isUnreviewed: true };
    expect(consentPage({ ...view, client }).html).toContain(
      '<p class="caution" id="unreviewed">Nobody at <bdi dir="auto">Northwind</bdi> has reviewed <bdi dir="auto">&lt;b&gt;Acme</bdi>: it registered itself',
    );
  });

  test("B6: does not link to a script", () => {
    expect(consentPage({ ...view, client: { name: "A", clientUri: "javascript:alert(1)" } }).html).not.toContain("javascript");
  });

  test("is refused with a target that would break out of the policy", () => {
    expect(() => consentPage({ ...view, formTargets: ["https://a.example; script-src *"] })).toThrow(RangeError);
  });
});
