import { describe, expect, test } from "vitest";
import { type SelectAccountView, selectAccountPage } from "./select-account.ts";

const view: SelectAccountView = {
  branding: { name: "Northwind" },
  client: { name: "Acme Notes" },
  user: { name: "Ada Lovelace", username: "ada" },
  action: "/northwind/select-account/1",
  csrfToken: "token",
  formTargets: ["https://app.example"],
};

describe("the page where an account is chosen", () => {
  const { html, status, contentSecurityPolicy } = selectAccountPage(view);

  test("posts one of three choices, without JavaScript", () => {
    expect(status).toBe(200);
    expect(html).toContain('<form id="select-account" method="post" action="/northwind/select-account/1"');
    expect(html).toContain('<input type="hidden" name="csrf_token" value="token">');
    const buttons = [...html.matchAll(/<button[^>]* id="([^"]*)" type="submit" name="account" value="([^"]*)">/g)];
    expect(buttons.map(([, id, value]) => [id, value])).toEqual([
      ["same-account", "same"],
      ["another-account", "another"],
      ["cancel", "none"],
    ]);
    expect(contentSecurityPolicy).toContain("form-action 'self' https://app.example;");
  });

  test("has no choice made beforehand", () => {
    expect(html).not.toContain("autofocus");
  });

  test("says which application it is for, and who is signed in", () => {
    expect(html).toContain('<bdi id="client-name" dir="auto">Acme Notes</bdi>');
    expect(html).toContain(
      '<strong id="user-name" dir="auto">Ada Lovelace</strong><small id="user-username" dir="auto">ada</small>',
    );
  });

  test("names a person without a name, or with the username for a name, by the username alone", () => {
    for (const name of ["", " ", "ada"]) {
      const page = selectAccountPage({ ...view, user: { name, username: "ada" } }).html;
      expect(page).toContain('<strong id="user-name" dir="auto">ada</strong>');
      expect(page).not.toContain("user-username");
    }
  });
});
