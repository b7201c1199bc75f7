import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newInitialAccessTokenId } from "../ids.ts";
import { instant } from "../instant.ts";
import { newSecret } from "../secret/secret.ts";
import { formatInitialAccessToken, parseInitialAccessToken, parseInitialAccessTokenTerms } from "./initial-access-token.ts";

const now = instant(1_800_000_000_000);
const day = 86_400_000;

describe("initial access tokens", () => {
  test("are read back as they were handed out, and fit into an Authorization header", () => {
    const token = { id: newInitialAccessTokenId(randomBytes), secret: newSecret(randomBytes) };
    const text = formatInitialAccessToken(token);
    expect(text).toMatch(/^[A-Za-z0-9\-._~+/]+=*$/);
    expect(parseInitialAccessToken(text)).toEqual(token);
  });

  test("nothing else is taken for one", () => {
    const shape = /^[0-9a-f]{24}\.[A-Za-z0-9_-]{43}$/;
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f.]{24,26}[\w.-]{40,45}$/)), (text) => {
        expect(parseInitialAccessToken(text) !== undefined).toBe(shape.test(text));
      }),
    );
  });

  test("may be used once within seven days, unless more is asked for", () => {
    expect(parseInitialAccessTokenTerms({ label: "" }, now)).toEqual({ label: "", maximumUses: 1, expiresAt: now + 7 * day });
    const asked = { label: "x", maximumUses: 100_000, lifetime: 365 * day };
    expect(parseInitialAccessTokenTerms(asked, now)).toEqual({ label: "x", maximumUses: 100_000, expiresAt: now + 365 * day });
  });

  test.each([
    { label: "a\nb" },
    { label: "x".repeat(201) },
    { label: "", maximumUses: 0 },
    { label: "", maximumUses: 100_001 },
    { label: "", maximumUses: 1.5 },
    { label: "", lifetime: 59_999 },
    { label: "", lifetime: 365 * day + 1 },
  ])("%j is refused", (asked) => {
    expect(() => parseInitialAccessTokenTerms(asked, now)).toThrow(expect.objectContaining({ kind: "invalid" }));
  });
});
