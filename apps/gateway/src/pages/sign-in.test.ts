import { describe, expect, test } from "vitest";
import { type SignInProblem, type SignInView, signInPage } from "./sign-in.ts";

const view: SignInView = { branding: { name: "Northwind" }, action: "/northwind/sign-in/1", csrfToken: "token", formTargets: [] };

function input(markup: string, name: string): string {
  return markup.match(new RegExp(`<input[^>]*\\sname="${name}"[^>]*>`))?.[0] ?? "";
}

describe("the sign-in form", () => {
  const { html, status } = signInPage(view);

  test("is posted, with the fields that password managers and tests know it by", () => {
    expect(status).toBe(200);
    expect(html).toContain('<form id="sign-in" method="post" action="/northwind/sign-in/1"');
    expect(input(html, "csrf_token")).toBe('<input type="hidden" name="csrf_token" value="token">');
    for (const attribute of ['id="username"', 'autocomplete="username"', 'autocapitalize="none"', 'spellcheck="false"']) {
      expect(input(html, "username")).toContain(` ${attribute}`);
    }
    for (const attribute of ['id="password"', 'type="password"', 'autocomplete="current-password"']) {
      expect(input(html, "password")).toContain(` ${attribute}`);
    }
    expect(html).toMatch(/<button[^>]* id="submit" type="submit">Sign in<\/button>/);
  });

  test("never shows a password again", () => {
    expect(input(signInPage({ ...view, username: "ada", problem: "credentials" }).html, "password")).not.toContain("value=");
  });

  test("has the focus on the username, or on the password where the username is known", () => {
    expect([input(html, "username"), input(html, "password")].map((field) => field.includes(" autofocus"))).toEqual([
      true,
      false,
    ]);
    const known = signInPage({ ...view, username: "ada" }).html;
    expect(input(known, "username")).toContain('value="ada"');
    expect([input(known, "username"), input(known, "password")].map((field) => field.includes(" autofocus"))).toEqual([
      false,
      true,
    ]);
  });

  test("may be answered by the issuer and by a redirect to the application, and nothing else", () => {
    const { contentSecurityPolicy } = signInPage({ ...view, formTargets: ["https://app.example", "com.example.app:"] });
    expect(contentSecurityPolicy).toContain("form-action 'self' https://app.example com.example.app:;");
  });

  test.each(["", "https://a.example *", "https://a.example;script-src", "https://a.example,*", "https://a.example\r\nX: y"])(
    "is refused with the target %j",
    (target) => {
      expect(() => signInPage({ ...view, formTargets: [target] })).toThrow(RangeError);
    },
  );
});

describe("a problem", () => {
  test.each<[SignInProblem, number, string]>([
    ["credentials", 400, "The username or the password is wrong."],
    ["busy", 503, "Sign-in is busy at the moment. Please wait a little and try again."],
    ["limited", 429, "There were too many attempts to sign in. Please wait a minute and try again."],
    ["stale", 403, "This page had expired. Please sign in again."],
  ])("%s is answered with %d and an alert that both fields refer to", (problem, status, text) => {
    const page = signInPage({ ...view, username: "ada", problem });
    expect(page.status).toBe(status);
    expect(page.html).toMatch(new RegExp(`<div class="alert" id="problem" role="alert">.*<p>${text}</p></div>`));
    for (const name of ["username", "password"]) {
      expect(input(page.html, name)).toContain(' aria-describedby="problem"');
      expect(input(page.html, name).includes(' aria-invalid="true"')).toBe(problem === "credentials");
    }
  });

  test.each([
    [1, "a minute"],
    [60, "a minute"],
    [61, "2 minutes"],
    [900, "15 minutes"],
  ])("of too many attempts says how long to wait: %d seconds are %s", (retryAfterSeconds, text) => {
    expect(signInPage({ ...view, problem: "limited", retryAfterSeconds }).html).toContain(`Please wait ${text} and try again.`);
  });

  test("is not spoken of where there is none", () => {
    expect(signInPage(view).html).not.toMatch(/id="problem"|role="alert"|aria-invalid="/);
  });
});

describe("the application that one continues to", () => {
  test("is named, with its logo, its policy and its terms", () => {
    const { html, contentSecurityPolicy } = signInPage({
      ...view,
      client: {
        name: "Acme Notes",
        logoUri: "https://cdn.acme.example/l.png",
        policyUri: "https://acme.example/p",
        tosUri: "https://acme.example/t",
      },
    });
    expect(html).toContain('to continue to <strong><bdi id="client-name" dir="auto">Acme Notes</bdi></strong>');
    expect(html).toContain('<img class="emblem" src="https://cdn.acme.example/l.png" alt=""');
    expect(contentSecurityPolicy).toContain("img-src data: https://cdn.acme.example;");
    expect(html).toMatch(/href="https:\/\/acme.example\/p"[^>]*>Privacy policy/);
    expect(html).toMatch(/href="https:\/\/acme.example\/t"[^>]*>Terms of service/);
  });

  test("is not spoken of where there is none", () => {
    expect(signInPage(view).html).not.toMatch(/to continue to|id="client-name"|<footer/);
  });

  test.each([
    ["Acme Notes", "A"],
    ["  étude", "É"],
    ["“quoted”", "Q"],
    ["حساب", "ح"],
    ["👩‍👩‍👧‍👦 Family", "👩‍👩‍👧‍👦"],
    ["🇩🇪 Amt", "🇩🇪"],
    ["<b>", "B"],
    ["7-Tage", "7"],
    ["https://notes.acme.example", "N"],
  ])("is shown by its initial where it has no logo: %s", (name, initial) => {
    expect(signInPage({ ...view, client: { name } }).html).toContain(`<span class="emblem" aria-hidden="true">${initial}</span>`);
  });

  test.each(["", "   ", "…"])("has an emblem even where its name cannot be read: %j", (name) => {
    expect(signInPage({ ...view, client: { name } }).html).toContain('<span class="emblem" aria-hidden="true"><svg');
  });

  test("is called this application where it has no name", () => {
    expect(signInPage({ ...view, client: { name: " " } }).html).toContain('dir="auto">this application</bdi>');
  });

  test.each(["javascript:alert(1)", "JAVASCRIPT://x", "data:text/html,x", "//evil.example/x", "/x", "https://"])(
    "B6: gets no link and no picture from %j",
    (uri) => {
      const { html, contentSecurityPolicy } = signInPage({
        ...view,
        client: { name: "Acme", logoUri: uri, policyUri: uri, tosUri: uri },
      });
      expect(html).not.toMatch(/<a |<img /);
      expect(contentSecurityPolicy).toContain("img-src data:;");
    },
  );
});

describe("the tenant", () => {
  test("is shown by Signet's mark where it has no logo of its own", () => {
    expect(signInPage(view).html).toMatch(/<header class="brand"><svg class="mark".*<\/svg><span dir="auto">Northwind<\/span>/);
  });

  test("stands in the browser's tab: by its logo, or by the mark in its colour", () => {
    const icon = (branding: SignInView["branding"]) => /<link rel="icon"[^>]*>/.exec(signInPage({ ...view, branding }).html)?.[0];
    const logoUri = "https://cdn.northwind.example/logo.png";
    expect(icon({ name: "Northwind", logoUri })).toBe(`<link rel="icon" href="${logoUri}">`);
    expect(icon({ name: "Northwind", accentColor: "#F2B705" })).toContain("fill%3D%22%23f2b705%22");
    expect(icon({ name: "Northwind" })).toContain("fill%3D%22%2323419f%22");
  });

  test("may have a logo in a data URI", () => {
    const { html, contentSecurityPolicy } = signInPage({
      ...view,
      branding: { name: "Northwind", logoUri: "data:image/png;base64,AA==" },
    });
    expect(html).toContain('<img class="logo" src="data:image/png;base64,AA=="');
    expect(contentSecurityPolicy).toContain("img-src data:;");
  });

  test("greets with its welcome text, lines kept", () => {
    const { html } = signInPage({ ...view, branding: { name: "Northwind", welcomeText: "One\nTwo" } });
    expect(html).toContain('<p class="welcome" id="welcome" dir="auto">One\nTwo</p>');
  });

  test("colours the page by a second style, allowed by the policy", () => {
    const { html, contentSecurityPolicy } = signInPage({ ...view, branding: { name: "Northwind", accentColor: "#F2B705" } });
    expect(html).toContain("<style>:root{--accent:#f2b705;");
    expect(contentSecurityPolicy).toMatch(/style-src 'sha256-\S+' 'sha256-\S+';/);
  });
});
