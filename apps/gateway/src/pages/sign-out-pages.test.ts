import { describe, expect, test } from "vitest";
import { signOutPage } from "./sign-out.ts";
import { signedOutPage } from "./signed-out.ts";

const branding = { name: "Northwind" };
const client = { name: `"><script>alert(1)</script>` };
const signOut = {
  branding,
  user: { name: "Ada", username: "ada" },
  action: "/northwind/sign-out",
  csrfToken: "token",
  stayUri: "/northwind/signed-in",
  formTargets: [],
};

describe("the sign-out page", () => {
  test("asks by a form that carries the request, and leads back without one", () => {
    const { html, contentSecurityPolicy } = signOutPage({ ...signOut, parameters: [{ name: "state", value: `"&'<` }] });
    expect(html).toContain('<form id="sign-out" method="post" action="/northwind/sign-out"');
    expect(html).toContain('<input type="hidden" name="csrf_token" value="token">');
    expect(html).toContain('<input type="hidden" name="state" value="&quot;&amp;&#39;&lt;">');
    expect(html).toContain('id="stay" href="/northwind/signed-in"');
    expect(contentSecurityPolicy).toContain("form-action 'self';");
  });

  test("B7: an application's name is text", () => {
    expect(signOutPage({ ...signOut, client, parameters: [] }).html).not.toContain("<script>alert");
  });
});

describe("the signed-out page with frames", () => {
  const frames = ["https://one.example/out?iss=a&sid=b", "https://one.example/other", "http://localhost:3000/out"];

  test("names the frames' origins in its policy, each once, and keeps the frames in a sandbox", () => {
    const { html, contentSecurityPolicy } = signedOutPage({ branding, signInUri: "/", frames });
    expect(contentSecurityPolicy).toContain("; frame-src https://one.example http://localhost:3000;");
    expect(html.match(/<iframe hidden sandbox="allow-scripts allow-same-origin"/g)).toHaveLength(3);
    expect(html).toContain('src="https://one.example/out?iss=a&amp;sid=b"');
  });

  test("without them allows none", () => {
    expect(signedOutPage({ branding, signInUri: "/" }).contentSecurityPolicy).not.toContain("frame-src");
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "not a URI"])("%s is no frame", (frame) => {
    expect(() => signedOutPage({ branding, signInUri: "/", frames: [frame] })).toThrow(RangeError);
  });

  test("B7: where it goes on is an attribute's text, whatever is in it", () => {
    const uri = `https://app.example/?state=";url=https://evil.example`;
    const { html } = signedOutPage({ branding, signInUri: "/", frames, back: { client, uri, automatic: true } });
    expect(html).toContain('content="5;url=https://app.example/?state=&quot;;url=https://evil.example"');
    expect(html).not.toContain("<script>alert");
  });
});
