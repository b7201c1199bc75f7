import { describe, expect, test } from "vitest";
import { errorPage } from "./error.ts";
import { signedInPage } from "./signed-in.ts";
import { signedOutPage } from "./signed-out.ts";

const branding = { name: "Northwind" };

describe("the error page", () => {
  test("has the status that it is told, the message, and the details for whoever looks into it", () => {
    const page = errorPage({
      status: 503,
      heading: "Busy",
      message: "Try again.",
      code: "temporarily_unavailable",
      errorId: "7f3c",
    });
    expect(page.status).toBe(503);
    expect(page.html).toContain('<p class="lead" id="message" dir="auto">Try again.</p>');
    expect(page.html).toContain('<dt>Error</dt><dd id="error-code">temporarily_unavailable</dd>');
    expect(page.html).toContain('<dt>Reference</dt><dd id="error-id">7f3c</dd>');
    expect(page.contentSecurityPolicy).toContain("form-action 'none'");
  });

  test("has no empty details and no link to nowhere", () => {
    expect(errorPage({ status: 400, heading: "h", message: "m" }).html).not.toMatch(/<dl|<a /);
  });

  test.each(["/", "/northwind/", "https://northwind.example/"])("leads home to %s", (homeUri) => {
    expect(errorPage({ status: 400, heading: "h", message: "m", homeUri }).html).toContain(` id="home" href="${homeUri}"`);
  });

  test.each(["//evil.example", "/\\evil.example", "javascript:alert(1)", "evil", ""])(
    "B11: does not lead home to %j",
    (homeUri) => {
      expect(errorPage({ status: 400, heading: "h", message: "m", homeUri }).html).not.toContain("<a ");
    },
  );
});

describe("the signed-in page", () => {
  test("names the person and signs out by a form", () => {
    const { html, status, contentSecurityPolicy } = signedInPage({
      branding,
      user: { name: "Ada Lovelace", username: "ada" },
      signOutAction: "/northwind/sign-out",
      csrfToken: "token",
    });
    expect(status).toBe(200);
    expect(html).toContain('<strong id="user-name" dir="auto">Ada Lovelace</strong>');
    expect(html).toContain('<form id="sign-out" method="post" action="/northwind/sign-out">');
    expect(html).toContain('<input type="hidden" name="csrf_token" value="token">');
    expect(html).toMatch(/<button[^>]* id="sign-out-button" type="submit">Sign out<\/button>/);
    expect(contentSecurityPolicy).toContain("form-action 'self';");
  });
});

describe("the signed-out page", () => {
  test("leads back to the sign-in", () => {
    const { html, status } = signedOutPage({ branding, signInUri: "/northwind/" });
    expect(status).toBe(200);
    expect(html).toMatch(/<a [^>]*id="sign-in-link" href="\/northwind\/">Sign in again<\/a>/);
  });
});
