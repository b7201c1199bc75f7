import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseForm } from "../parameters/form.ts";
import { exampleClient } from "../testing/example-parties.ts";
import { parseAuthorizationParameters, parseRedirection } from "./redirection.ts";

const web = exampleClient({ redirectUris: ["https://app.example/cb", "https://a.b/cb", "https://app.example/q?tenant=7"] });
const native = exampleClient({ applicationType: "native", redirectUris: ["http://127.0.0.1:7777/cb", "com.example.app:/cb"] });
const page = expect.objectContaining({ name: "OAuthError", code: "invalid_request" });

function redirection(redirectUri: string, client = web, more: readonly (readonly [string, string])[] = []) {
  return parseRedirection(new Map([["client_id", client.id], ["redirect_uri", redirectUri], ...more]), client);
}

describe("parseAuthorizationParameters", () => {
  test.each(["client_id=a&client_id=b", "redirect_uri=a&redirect_uri=a", "state=1&state=2", "scope=openid&scope="])(
    "Q1: %s is told on a page",
    (query) => {
      expect(() => parseAuthorizationParameters(parseForm(query))).toThrow(page);
    },
  );

  test("Q1: resource and audience may repeat", () => {
    const parameters = parseAuthorizationParameters(parseForm("resource=a&resource=b&audience=c&audience=d&state=1"));
    expect([...parameters]).toEqual([["state", "1"]]);
  });

  test("a request of more than 16,384 characters is told on a page", () => {
    const fits = [{ name: "state", value: "s".repeat(16_379) }];
    expect(parseAuthorizationParameters(fits).get("state")).toHaveLength(16_379);
    expect(() => parseAuthorizationParameters([{ name: "state", value: "s".repeat(16_380) }])).toThrow(page);
  });

  test("Q7: 100,000 scopes are told on a page within 100 ms", () => {
    const value = Array.from({ length: 100_000 }, (_, index) => `s${index}`).join(" ");
    const started = performance.now();
    expect(() => parseAuthorizationParameters([{ name: "scope", value }])).toThrow(page);
    expect(performance.now() - started).toBeLessThan(100);
  });
});

describe("parseRedirection", () => {
  test("gives back the registered redirect URI, the response mode and the state", () => {
    expect(
      redirection("https://app.example/cb", web, [
        ["response_mode", "form_post"],
        ["state", "a b"],
      ]),
    ).toEqual({
      client: web,
      redirectUri: "https://app.example/cb",
      responseMode: "form_post",
      state: "a b",
    });
  });

  test("takes query for the response mode where none was sent", () => {
    expect(redirection("https://app.example/cb")).toEqual({
      client: web,
      redirectUri: "https://app.example/cb",
      responseMode: "query",
    });
  });

  test.each(["fragment", "query.jwt", "FORM_POST"])("delivers the error about the response mode %s by query", (mode) => {
    expect(redirection("https://app.example/cb", web, [["response_mode", mode]]).responseMode).toBe("query");
  });

  test("R1: an unknown client and an unregistered redirect URI are told on a page, in the same words", () => {
    const errors = [
      () =>
        parseRedirection(
          new Map([
            ["client_id", "x"],
            ["redirect_uri", "https://app.example/cb"],
          ]),
          undefined,
        ),
      () => redirection("https://evil.example/cb"),
    ].map((attempt) => {
      try {
        return attempt();
      } catch (error) {
        return error;
      }
    });
    expect(errors[0]).toEqual(page);
    expect(String(errors[0])).toBe(String(errors[1]));
  });

  test.each([
    ["client_id", new Map([["redirect_uri", "https://app.example/cb"]])],
    ["redirect_uri", new Map([["client_id", web.id]])],
  ])("R1: a missing %s is told on a page", (name, parameters) => {
    expect(() => parseRedirection(parameters, web)).toThrow(
      expect.objectContaining({ code: "invalid_request", description: expect.stringContaining(name) }),
    );
  });

  test("R1: a redirect URI is required also from a client with a single one", () => {
    const client = exampleClient({ redirectUris: ["https://app.example/cb"] });
    expect(() => parseRedirection(new Map([["client_id", client.id]]), client)).toThrow(page);
  });

  test.each([
    "https://app.example/cb/",
    "https://app.example/cb/..;/evil",
    "https://app.example/x/../cb",
    "https://app.example/%2e%2e/cb",
    "https://app.example//cb",
    "https://app.example/CB",
    "https://APP.example/cb",
    "HTTPS://app.example/cb",
    "https://app.example:443/cb",
    "https://app.example/c%62",
    "https://app.example/cb#",
    " https://app.example/cb",
  ])("R2: %s is not the registered redirect URI", (uri) => {
    expect(() => redirection(uri)).toThrow(page);
  });

  test.each([
    "http://localhost.evil.test/cb",
    "https://app.example@evil.test/cb",
    "https://app.example.evil.test/cb",
    "http://127.0.0.1:7777@evil.test/cb",
    "http://127.0.0.1.evil.test:7777/cb",
  ])("R3: %s passes for no registered redirect URI", (uri) => {
    expect(() => redirection(uri)).toThrow(page);
    expect(() => redirection(uri, native)).toThrow(page);
  });

  test("R4: a period in a registered redirect URI stands for itself", () => {
    expect(redirection("https://a.b/cb").redirectUri).toBe("https://a.b/cb");
    expect(() => redirection("https://aXb/cb")).toThrow(page);
  });

  test.each([
    "https://app.example/cb?code=stolen",
    "https://app.example/cb?state=x",
    "https://app.example/cb?iss=https://evil.example",
    "https://app.example/cb#code=stolen",
    "https://app.example/q?tenant=7&code=stolen",
    "https://app.example/q?tenant=8",
  ])("R5: %s brings no member of the answer along", (uri) => {
    expect(() => redirection(uri)).toThrow(page);
  });

  test("R8: a native application's loopback address may have another port", () => {
    expect(redirection("http://127.0.0.1:50123/cb", native).redirectUri).toBe("http://127.0.0.1:50123/cb");
    expect(redirection("http://127.0.0.1/cb", native).redirectUri).toBe("http://127.0.0.1/cb");
  });

  test.each([
    "http://localhost:7777/cb",
    "http://127.0.0.1:50123/other",
    "http://127.0.0.1:50123/cb?code=x",
    "http://10.0.0.1:7777/cb",
  ])("R8: %s differs from a native application's loopback address in more than the port", (uri) => {
    expect(() => redirection(uri, native)).toThrow(page);
  });

  test("R8: a web application's port may not differ", () => {
    const client = exampleClient({ redirectUris: ["http://127.0.0.1:7777/cb"] });
    expect(() => redirection("http://127.0.0.1:7778/cb", client)).toThrow(page);
  });

  test("a state that is too long to go back is told on a page", () => {
    expect(redirection("https://app.example/cb", web, [["state", "s".repeat(2048)]]).state).toHaveLength(2048);
    expect(() => redirection("https://app.example/cb", web, [["state", "s".repeat(2049)]])).toThrow(page);
  });

  test("R1: of any text only what is registered is a redirect URI", () => {
    const near = fc
      .constantFrom(...web.metadata.redirectUris)
      .chain((uri) =>
        fc
          .tuple(fc.nat(uri.length), fc.string({ maxLength: 5 }))
          .map(([at, inserted]) => uri.slice(0, at) + inserted + uri.slice(at)),
      );
    fc.assert(
      fc.property(fc.oneof(near, fc.webUrl(), fc.string({ minLength: 1 })), (uri) => {
        const isRegistered = web.metadata.redirectUris.some((registered) => registered === uri);
        if (isRegistered) expect(redirection(uri).redirectUri).toBe(uri);
        else expect(() => redirection(uri)).toThrow(page);
      }),
    );
  });
});
