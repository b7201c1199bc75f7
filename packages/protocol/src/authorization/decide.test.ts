import { describe, expect, test } from "vitest";
import { type Instant, instant } from "../instant.ts";
import type { Prompt } from "./authorization-request.ts";
import { type Decision, decide } from "./decide.ts";

const now = instant(1_700_000_000_000);
const secondsAgo = (seconds: number) => instant(now - seconds * 1000);

/** Of the browser's session; `fresh` began with a sign-in that the request led to, a second ago. */
const sessions: Readonly<Record<string, { readonly authTime: Instant } | undefined>> = {
  none: undefined,
  old: { authTime: secondsAgo(600) },
  recent: { authTime: secondsAgo(30) },
  fresh: { authTime: secondsAgo(1) },
};

const consents: Readonly<Record<string, readonly string[]>> = {
  none: [],
  part: ["openid"],
  all: ["openid", "email"],
};

/** The decision in a word. */
function decided(prompt: readonly Prompt[], maxAgeSeconds: number | undefined, session: string, consent: string): string {
  const decision = decide({
    request: { scopes: ["email", "openid"], prompt: new Set(prompt), ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }) },
    session: sessions[session],
    consentedScopes: consents[consent] ?? [],
    reauthenticated: session === "fresh",
    now,
  });
  return word(decision);
}

function word(decision: Decision): string {
  if (decision.kind === "sign-in") return `sign-in: ${decision.reason}`;
  return decision.kind === "refuse" ? decision.error.code : decision.kind;
}

/** Who signs in for a prompt and a max_age, by session; `""` where nobody has to. */
const signInTable: readonly (readonly [
  prompt: readonly Prompt[],
  maxAgeSeconds: number | undefined,
  Readonly<Record<string, string>>,
])[] = [
  [[], undefined, { none: "no-session", old: "", recent: "", fresh: "" }],
  [[], 0, { none: "no-session", old: "max-age", recent: "max-age", fresh: "" }],
  [[], 60, { none: "no-session", old: "max-age", recent: "", fresh: "" }],
  [[], 3600, { none: "no-session", old: "", recent: "", fresh: "" }],
  [["login"], undefined, { none: "no-session", old: "prompt", recent: "prompt", fresh: "" }],
  [["login"], 0, { none: "no-session", old: "prompt", recent: "prompt", fresh: "" }],
  [["login"], 60, { none: "no-session", old: "prompt", recent: "prompt", fresh: "" }],
  [["login"], 3600, { none: "no-session", old: "prompt", recent: "prompt", fresh: "" }],
  [["select_account"], undefined, { none: "no-session", old: "prompt", recent: "prompt", fresh: "" }],
  [["select_account"], 60, { none: "no-session", old: "prompt", recent: "prompt", fresh: "" }],
  [["consent"], undefined, { none: "no-session", old: "", recent: "", fresh: "" }],
  [["consent"], 0, { none: "no-session", old: "max-age", recent: "max-age", fresh: "" }],
  [["consent"], 60, { none: "no-session", old: "max-age", recent: "", fresh: "" }],
  [["consent"], 3600, { none: "no-session", old: "", recent: "", fresh: "" }],
  [["login", "consent"], undefined, { none: "no-session", old: "prompt", recent: "prompt", fresh: "" }],
  [["login", "consent"], 60, { none: "no-session", old: "prompt", recent: "prompt", fresh: "" }],
  [["none"], undefined, { none: "login_required", old: "", recent: "" }],
  [["none"], 0, { none: "login_required", old: "login_required", recent: "login_required" }],
  [["none"], 60, { none: "login_required", old: "login_required", recent: "" }],
  [["none"], 3600, { none: "login_required", old: "", recent: "" }],
];

/** What follows once nobody has to sign in, by consent. */
function afterSignIn(prompt: readonly Prompt[], consent: string): string {
  if (consent === "all" && !prompt.includes("consent")) return "issue-code";
  return prompt.includes("none") ? "consent_required" : "consent";
}

const rows = signInTable.flatMap(([prompt, maxAgeSeconds, bySession]) =>
  Object.entries(bySession).flatMap(([session, signIn]) =>
    Object.keys(consents).map((consent) => {
      const expected = signIn === "" ? afterSignIn(prompt, consent) : prompt.includes("none") ? signIn : `sign-in: ${signIn}`;
      return { prompt, maxAgeSeconds, session, consent, expected };
    }),
  ),
);

describe("M3, M4: what a request leads to", () => {
  test.each(rows)("prompt $prompt, max_age $maxAgeSeconds, session $session, consent $consent: $expected", (row) => {
    expect(decided(row.prompt, row.maxAgeSeconds, row.session, row.consent)).toBe(row.expected);
  });
});

test("M4: max_age is kept to the second", () => {
  const at = (seconds: number) =>
    word(
      decide({
        request: { scopes: ["openid"], prompt: new Set(), maxAgeSeconds: 60 },
        session: { authTime: secondsAgo(seconds) },
        consentedScopes: ["openid"],
        reauthenticated: false,
        now,
      }),
    );
  expect([at(60), at(60.001)]).toEqual(["issue-code", "sign-in: max-age"]);
});

test("M4: with max_age=0 a session of this very moment signs in again, and then no more", () => {
  const request = { scopes: ["openid"], prompt: new Set<Prompt>(), maxAgeSeconds: 0 };
  const situation = { request, session: { authTime: now }, consentedScopes: ["openid"], now };
  expect(word(decide({ ...situation, reauthenticated: false }))).toBe("sign-in: max-age");
  expect(word(decide({ ...situation, reauthenticated: true }))).toBe("issue-code");
});

test("offline_access needs consent like every scope", () => {
  const request = { scopes: ["openid", "offline_access"], prompt: new Set<Prompt>() };
  const situation = { request, session: { authTime: now }, reauthenticated: false, now };
  expect(word(decide({ ...situation, consentedScopes: ["openid"] }))).toBe("consent");
  expect(word(decide({ ...situation, consentedScopes: ["offline_access", "openid"] }))).toBe("issue-code");
});

test("the page asks for all scopes of the request, and the code is for all of them in their order", () => {
  const request = { scopes: ["openid", "email"], prompt: new Set<Prompt>() };
  const situation = { request, session: { authTime: now }, reauthenticated: false, now };
  expect(decide({ ...situation, consentedScopes: ["openid"] })).toEqual({ kind: "consent", scopes: ["openid", "email"] });
  expect(decide({ ...situation, consentedScopes: ["phone", "email", "openid"] })).toEqual({
    kind: "issue-code",
    scopes: ["openid", "email"],
  });
});
