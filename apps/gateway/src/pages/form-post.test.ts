import { describe, expect, test } from "vitest";
import { formPostPage } from "./form-post.ts";

describe("the form-post page", () => {
  const redirectUri = "https://app.example:8443/cb?tenant=1&x=2";
  const { html, status, contentSecurityPolicy } = formPostPage({
    redirectUri,
    parameters: [
      { name: "code", value: "abc" },
      { name: "state", value: "a b\n&c" },
      { name: "submit", value: "x" },
    ],
  });

  test("holds the response's parameters, in order and as they are", () => {
    expect(status).toBe(200);
    expect(html).toContain('<form id="form-post" method="post" action="https://app.example:8443/cb?tenant=1&amp;x=2">');
    expect(
      [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [name, value]),
    ).toEqual([
      ["code", "abc"],
      ["state", "a b\n&amp;c"],
      ["submit", "x"],
    ]);
  });

  test("sends nothing but the parameters: its button has no name", () => {
    expect(html).toMatch(/<button class="button primary" id="continue" type="submit" autofocus>Continue<\/button>/);
  });

  test("submits itself even where a parameter is named like the form's method", () => {
    expect(html).toContain('<script>HTMLFormElement.prototype.submit.call(document.getElementById("form-post"))</script>');
  });

  test.each([
    [redirectUri, "https: http:"],
    ["http://127.0.0.1:5000/cb", "https: http:"],
    ["http://[::1]:5000/cb", "https: http:"],
    ["com.example.app:/cb", "com.example.app:"],
  ])("may lead on from %s, as far as the application sends its user", (uri, sources) => {
    expect(formPostPage({ redirectUri: uri, parameters: [] }).contentSecurityPolicy).toContain(`form-action ${sources};`);
  });

  test("has the same script, whatever it carries", () => {
    const other = formPostPage({ redirectUri, parameters: [{ name: "error", value: "access_denied" }] });
    expect(other.contentSecurityPolicy).toBe(contentSecurityPolicy);
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "/cb", ""])("B6: is refused for %j", (uri) => {
    expect(() => formPostPage({ redirectUri: uri, parameters: [] })).toThrow(RangeError);
  });
});
