import { describe, expect, test } from "vitest";
import { type Instant, instant } from "../instant.ts";
import { passwordAcr } from "./acr.ts";
import type { Prompt } from "./authorization-request.ts";
import { type AccountChoice, type Decision, decide, type Situation } from "./decide.ts";

const now = instant(1_700_000_000_000);
const secondsAgo = (seconds: number) => instant(now - seconds * 1000);
const byPassword = (authTime: Instant) => ({ authTime, amr: ["pwd"] });

/** Of the browser's session; `fresh` began with a sign-in that the request led to, a second ago. */
const sessions: Readonly<Record<string, Situation["session"]>> = {
  none: undefined,
  old: byPassword(secondsAgo(600)),
  recent: byPassword(secondsAgo(30)),
  fresh: byPassword(secondsAgo(1)),
};

function decided(members: Partial<Situation> & { readonly prompt?: readonly Prompt[]; readonly maxAgeSeconds?: number }): string {
  const { prompt = [], maxAgeSeconds, request, ...others } = members;
  return word(
    decide({
      request: request ?? { prompt: new Set(prompt), ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }) },
      session: byPassword(now),
      consented: true,
      reauthenticated: false,
      choice: undefined,
      now,
      ...others,
    }),
  );
}

/** The decision in a word. */
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

/** What follows once nobody has to sign in. */
function afterSignIn(prompt: readonly Prompt[], consented: boolean): string {
  if (consented && !prompt.includes("consent")) return "issue-code";
  return prompt.includes("none") ? "consent_required" : "consent";
}

const rows = signInTable.flatMap(([prompt, maxAgeSeconds, bySession]) =>
  Object.entries(bySession).flatMap(([session, signIn]) =>
    [true, false].map((consented) => {
      const expected = signIn === "" ? afterSignIn(prompt, consented) : prompt.includes("none") ? signIn : `sign-in: ${signIn}`;
      return { prompt, maxAgeSeconds, session, consented, expected };
    }),
  ),
);

describe("M3, M4: what a request leads to", () => {
  test.each(rows)("prompt $prompt, max_age $maxAgeSeconds, session $session, consented $consented: $expected", (row) => {
    const { prompt, maxAgeSeconds, session, consented, expected } = row;
    const age = maxAgeSeconds === undefined ? {} : { maxAgeSeconds };
    const reauthenticated = session === "fresh";
    expect(decided({ prompt, ...age, session: sessions[session], consented, reauthenticated })).toBe(expected);
  });
});

describe("prompt=select_account", () => {
  const table: readonly {
    readonly with?: readonly Prompt[];
    readonly maxAgeSeconds?: number;
    readonly session: string;
    readonly choice?: AccountChoice;
    readonly expected: string;
  }[] = [
    { session: "none", expected: "sign-in: no-session" },
    { session: "old", expected: "select-account" },
    { session: "recent", expected: "select-account" },
    { session: "fresh", expected: "issue-code" },
    { session: "old", choice: "same", expected: "issue-code" },
    { session: "old", choice: "another", expected: "sign-in: another-account" },
    { session: "fresh", choice: "another", expected: "issue-code" },
    { session: "none", choice: "same", expected: "sign-in: no-session" },
    { with: ["login"], session: "old", expected: "select-account" },
    { with: ["login"], session: "old", choice: "same", expected: "sign-in: prompt" },
    { with: ["login"], session: "old", choice: "another", expected: "sign-in: another-account" },
    { with: ["login"], session: "fresh", choice: "same", expected: "issue-code" },
    { with: ["consent"], session: "old", expected: "select-account" },
    { with: ["consent"], session: "old", choice: "same", expected: "consent" },
    { maxAgeSeconds: 60, session: "old", expected: "select-account" },
    { maxAgeSeconds: 60, session: "old", choice: "same", expected: "sign-in: max-age" },
    { maxAgeSeconds: 60, session: "recent", choice: "same", expected: "issue-code" },
  ];

  test.each(table)("with $with, max_age $maxAgeSeconds, session $session, choice $choice: $expected", (row) => {
    const { with: others = [], maxAgeSeconds, session, choice, expected } = row;
    const prompt: readonly Prompt[] = ["select_account", ...others];
    const age = maxAgeSeconds === undefined ? {} : { maxAgeSeconds };
    const reauthenticated = session === "fresh";
    expect(decided({ prompt, ...age, session: sessions[session], choice, reauthenticated })).toBe(expected);
  });
});

describe("an acr that the request cannot do without (OpenID Connect Core section 5.5.1.1)", () => {
  const unmet = "unmet_authentication_requirements";
  const another = { authTime: now, amr: ["another"] };

  test.each<[requiredAcr: readonly string[], prompt: readonly Prompt[], session: Situation["session"], expected: string]>([
    [[passwordAcr], [], byPassword(now), "issue-code"],
    [["other", passwordAcr], [], byPassword(now), "issue-code"],
    [[passwordAcr], [], undefined, "sign-in: no-session"],
    [[passwordAcr], [], another, "sign-in: acr"],
    [[passwordAcr], ["none"], another, "login_required"],
    [["other"], [], byPassword(now), unmet],
    [["other"], [], undefined, unmet],
    [["other"], ["none"], undefined, unmet],
    [["other"], ["select_account"], byPassword(now), unmet],
    [[], [], byPassword(now), unmet],
  ])("requires %j, prompt %j, session %j: %s", (requiredAcr, prompt, session, expected) => {
    expect(decided({ request: { prompt: new Set(prompt), requiredAcr }, session })).toBe(expected);
  });
});

test("M4: max_age is kept to the second", () => {
  const at = (seconds: number) => decided({ maxAgeSeconds: 60, session: byPassword(secondsAgo(seconds)) });
  expect([at(60), at(60.001)]).toEqual(["issue-code", "sign-in: max-age"]);
});

test("M4: with max_age=0 a session of this very moment signs in again, and then no more", () => {
  expect(decided({ maxAgeSeconds: 0 })).toBe("sign-in: max-age");
  expect(decided({ maxAgeSeconds: 0, reauthenticated: true })).toBe("issue-code");
});
