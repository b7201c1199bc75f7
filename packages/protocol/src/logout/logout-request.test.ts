import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Client } from "../client/client.ts";
import { parseClientMetadata } from "../client/client-metadata.ts";
import { OAuthError } from "../errors.ts";
import { type ClientId, parseClientId, parseSessionPublicId, parseTenantId, type SessionPublicId } from "../ids.ts";
import { clientIdOfLogout, decideLogout, logoutReturn, parseLogoutParameters, parseLogoutRequest } from "./logout-request.ts";
import { sidOf } from "./session-id.ts";

const [clientId, otherId] = [known<ClientId>(parseClientId("c".repeat(24))), known<ClientId>(parseClientId("d".repeat(24)))];
const [sid, otherSid] = [
  known<SessionPublicId>(parseSessionPublicId("a".repeat(32))),
  known<SessionPublicId>(parseSessionPublicId("b".repeat(32))),
];
const uri = "https://app.example/signed-out";
const withQuery = "https://app.example/?signed=out";
const client: Client = {
  id: clientId,
  tenantId: known(parseTenantId("e".repeat(16))),
  metadata: parseClientMetadata({ redirectUris: ["https://app.example/cb"], postLogoutRedirectUris: [uri, withQuery] }),
};
const hint = { clientId, sid: sidOf(sid, clientId) };

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the value was meant to be valid");
  return value;
}

const sent = (parameters: Readonly<Record<string, string>>) =>
  parseLogoutParameters(Object.entries(parameters).map(([name, value]) => ({ name, value })));

describe("whose request it is", () => {
  test.each([
    ["of nobody", {}, undefined, undefined],
    ["of the client that is named", { client_id: otherId }, undefined, otherId],
    ["of the hint's", {}, hint, clientId],
    ["of the hint's, whom client_id names too", { client_id: clientId }, hint, clientId],
  ])("%s", (_, parameters, given, expected) => {
    expect(clientIdOfLogout(sent(parameters), given)).toBe(expected);
  });

  test("a client_id beside a hint of another client is refused", () => {
    expect(() => clientIdOfLogout(sent({ client_id: otherId }), hint)).toThrow("client_id must name the client");
  });
});

describe("where it may lead", () => {
  test("a registered URI is accepted with a hint and with a client_id", () => {
    const parameters = { post_logout_redirect_uri: uri, state: "s" };
    expect(parseLogoutRequest(sent(parameters), hint, client)).toStrictEqual({
      client,
      hint,
      postLogoutRedirectUri: uri,
      state: "s",
    });
    expect(parseLogoutRequest(sent({ ...parameters, client_id: clientId }), undefined, client).postLogoutRedirectUri).toBe(uri);
  });

  test.each([
    `${uri}/`,
    `${uri}?`,
    `${uri}#`,
    `${uri}?a=b`,
    uri.toUpperCase(),
    "https://app.example",
    "https://app.example/cb",
    "https://app.example.evil.example/signed-out",
    "//app.example/signed-out",
    "javascript:alert(1)",
    ` ${uri}`,
  ])("B8: %j is not registered, and is refused", (post_logout_redirect_uri) => {
    expect(() => parseLogoutRequest(sent({ client_id: clientId, post_logout_redirect_uri }), undefined, client)).toThrow(
      OAuthError,
    );
    expect(() => parseLogoutRequest(sent({ post_logout_redirect_uri }), hint, client)).toThrow(OAuthError);
  });

  test("B8: no text but the registered ones leads anywhere", () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string(), fc.constantFrom(`${uri}x`, withQuery.slice(1))), (text) => {
        fc.pre(text !== "" && text !== uri && text !== withQuery);
        expect(() => parseLogoutRequest(new Map([["post_logout_redirect_uri", text]]), hint, client)).toThrow(OAuthError);
      }),
    );
  });

  test("B8: without anyone who says whose it is, no URI is good", () => {
    expect(() => parseLogoutRequest(sent({ post_logout_redirect_uri: uri }), undefined, undefined)).toThrow(
      "needs an id_token_hint or a client_id",
    );
  });

  test("a client that does not exist is refused, with a URI and without one", () => {
    for (const parameters of [{ client_id: otherId }, { client_id: otherId, post_logout_redirect_uri: uri }]) {
      expect(() => parseLogoutRequest(sent(parameters), undefined, undefined)).toThrow("is not a client");
    }
  });
});

test("a request longer than a query has room for is refused, and so is a state of more than 2048 characters", () => {
  expect(() => sent({ id_token_hint: "x".repeat(8193) })).toThrow("at most 8192 characters");
  expect(() => parseLogoutRequest(sent({ state: "x".repeat(2049) }), undefined, undefined)).toThrow("state may have at most");
});

test("logout_hint and ui_locales are accepted, and nothing is made of them", () => {
  expect(parseLogoutRequest(sent({ logout_hint: "ada", ui_locales: "de en" }), undefined, undefined)).toStrictEqual({});
});

describe("what is done", () => {
  const session = { publicId: sid };
  test.each([
    ["nobody is signed in", "nobody", {}, undefined, false],
    ["nobody is signed in, whatever was said", "nobody", { hint }, undefined, true],
    ["there is no hint", "ask", {}, session, false],
    ["the hint is of another session", "ask", { hint: { ...hint, sid: sidOf(otherSid, clientId) } }, session, false],
    ["the hint is of this session", "end-session", { hint }, session, false],
    ["there is no hint, and the person said so", "end-session", {}, session, true],
    [
      "the hint is of another session, and the person said so",
      "end-session",
      { hint: { ...hint, sid: sidOf(otherSid, clientId) } },
      session,
      true,
    ],
  ] as const)("%s: %s", (_, decision, request, present, confirmed) => {
    expect(decideLogout(request, present, confirmed)).toBe(decision);
  });
});

describe("where the browser goes", () => {
  const postLogoutRedirectUri = known(client.metadata.postLogoutRedirectUris[0]);
  const queried = known(client.metadata.postLogoutRedirectUris[1]);
  test.each([
    [{ postLogoutRedirectUri, state: "a b&c" }, `${uri}?state=a%20b%26c`],
    [{ postLogoutRedirectUri: queried, state: "s" }, `${withQuery}&state=s`],
    [{ postLogoutRedirectUri }, uri],
  ])("with the state in it: %j", (request, expected) => {
    expect(logoutReturn(request, "end-session")).toStrictEqual({ uri: expected, automatic: true });
  });

  test("nowhere without a URI, also with a state", () => {
    expect(logoutReturn({ state: "s" }, "end-session")).toBeUndefined();
  });

  test("by itself where there was nobody to be asked only with an ID token of the application's", () => {
    expect(logoutReturn({ postLogoutRedirectUri }, "nobody")?.automatic).toBe(false);
    expect(logoutReturn({ postLogoutRedirectUri, hint }, "nobody")?.automatic).toBe(true);
  });
});
