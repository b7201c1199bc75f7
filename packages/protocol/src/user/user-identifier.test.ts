import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emailIdentifier, enteredIdentifier, usernameIdentifier } from "./user-identifier.ts";

describe("usernameIdentifier", () => {
  test.each([
    ["ann", "ANN"],
    ["admin", "ａｄｍｉｎ"],
    ["ann", "Ａnn"],
    ["k", "\u212a"],
    ["zoë", "zoe\u0308"],
    ["file", "ﬁle"],
    ["σοφία", "ΣΟΦΊΑ"],
    ["x2", "x²"],
  ])("K6: %s and %s are one account's", (one, other) => {
    expect(usernameIdentifier(one)).toBeDefined();
    expect(usernameIdentifier(other)).toBe(usernameIdentifier(one));
  });

  test.each(["ann", "o'neil", "zoë.w", "ann_2", "dev+ops", "李雷", "corp\\ann", "x"])("takes %s", (username) => {
    expect(usernameIdentifier(username)).toBe(username);
  });

  test.each([
    ["nothing", ""],
    ["a space", "ann b"],
    ["a no-break space", "ann\u00a0b"],
    ["an ideographic space", "ann\u3000"],
    ["a control character", "ann\u0000"],
    ["a line break", "ann\n"],
    ["a zero-width space", "ann\u200b"],
    ["a zero-width joiner", "ann\u200d"],
    ["a soft hyphen", "an\u00adn"],
    ["a byte order mark", "\ufeffann"],
    ["a change of direction", "\u202enna"],
    ["a direction isolate", "\u2066ann\u2069"],
    ["a Hangul filler", "ann\u3164"],
    ["a variation selector", "ann\ufe0f"],
    ["a combining grapheme joiner", "an\u034fn"],
    ["a tag character", "ann\u{e0061}"],
    ["a private-use character", "ann\ue000"],
    ["half a surrogate pair", "ann\ud800"],
    ["a commercial at", "ann@app.example"],
    ["a fullwidth commercial at", "ann\uff20app.example"],
    ["a small commercial at", "ann\ufe6bapp.example"],
    ["more than 128 characters", "a".repeat(129)],
    ["what is longer than 128 characters in NFKC", "\ufdfa".repeat(20)],
  ])("K6: refuses %s", (_what, username) => {
    expect(usernameIdentifier(username)).toBeUndefined();
  });

  test("K6: the marks that lower case sets free come in their one order", () => {
    const identifier = usernameIdentifier("\u0130\u0327");
    expect(identifier).toBe("i\u0327\u0307".normalize("NFKC"));
    expect(usernameIdentifier(identifier ?? "")).toBe(identifier);
  });

  test("K6: an identifier is its own identifier, and holds nothing that is refused", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 })), (username) => {
        const identifier = usernameIdentifier(username);
        if (identifier === undefined) return;
        expect(usernameIdentifier(identifier)).toBe(identifier);
        expect(identifier).not.toMatch(/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}@]/u);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("emailIdentifier", () => {
  test.each([
    ["ann@app.example", "Ann@APP.Example"],
    ["ann@app.example", "ａｎｎ@app.example"],
    ["zoë@bücher.example", "ZOE\u0308@BÜCHER.example"],
    ["ann@app.example", "ann@app．example"],
  ])("K6: %s and %s are one account's", (one, other) => {
    expect(emailIdentifier(one)).toBeDefined();
    expect(emailIdentifier(other)).toBe(emailIdentifier(one));
  });

  test.each(["ann@localhost", "a.b+c@sub.app.example", "o'neil@app.example", "李雷@例子.example"])("takes %s", (email) => {
    expect(emailIdentifier(email)).toBe(email);
  });

  test.each([
    "ann",
    "@app.example",
    "ann@",
    "ann@@app.example",
    "ann@evil.example@app.example",
    "ann\uff20app.example",
    "ann\ufe6bapp.example",
    "ann@app.example\uff20evil.example",
    "ann@app..example",
    "ann@.app.example",
    "ann@-app.example",
    "ann@app.example.",
    "ann@app.example\u200b",
    "ann smith@app.example",
    '"ann smith"@app.example',
    "ann@[127.0.0.1]",
    "ann@app.example,evil@app.example",
    "ann<b>@app.example",
    `${"a".repeat(65)}@app.example`,
    `ann@${"a".repeat(60)}.${"b".repeat(190)}.example`,
    "ann@app.example\r\nBcc: all@app.example",
  ])("K6: refuses %j", (email) => {
    expect(emailIdentifier(email)).toBeUndefined();
  });

  test("Q10: hostile domains are refused within 50 ms", () => {
    const started = performance.now();
    for (const domain of ["a-".repeat(120), `${"a".repeat(240)}!`, "a.".repeat(120), `${"a-a".repeat(80)}.`]) {
      expect(emailIdentifier(`a@${domain}`)).toBeUndefined();
    }
    expect(performance.now() - started).toBeLessThan(50);
  });
});

test("K6: usernames and email addresses share one space of identifiers, in which no username is an email address", () => {
  expect(enteredIdentifier("Ann@App.Example")).toBe(emailIdentifier("ann@app.example"));
  expect(enteredIdentifier("ANN")).toBe(usernameIdentifier("ann"));
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.emailAddress(), (username, email) => {
      const identifier = usernameIdentifier(username);
      if (identifier !== undefined) expect(identifier).not.toBe(emailIdentifier(email));
      expect(usernameIdentifier(email)).toBeUndefined();
    }),
  );
});
