import { createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { masked } from "./masked.ts";

const jwt = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxIn0", createHmac("sha256", "k").update("x").digest("base64url")].join(".");

test.each([
  ["a code or a token", randomBytes(32).toString("base64url")],
  ["a refresh token", `${randomBytes(16).toString("hex")}${randomBytes(24).toString("base64url")}`],
  ["a hash", randomBytes(32).toString("hex")],
  ["a key", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="],
  ["a JWT", jwt],
  ["a JWT without its signature", jwt.split(".").slice(0, 2).join(".")],
])("K7: %s is masked wherever it stands", (_name, secret) => {
  for (const text of [secret, `the value ${secret} is not allowed`, `"${secret}"`, `https://app.example/cb/${secret}/x`]) {
    expect(masked(text)).toContain("[masked]");
    expect(masked(text)).not.toContain(secret.slice(0, 16));
  }
});

test("K7: of a URI neither what stands before the host nor a value of the query is shown", () => {
  expect(masked("https://ann:pass@app.example/cb?code=abc&state=x y#token=z")).toBe(
    "https://[masked]@app.example/cb?code=[masked]&state=[masked] y#token=[masked]",
  );
});

test.each([
  "https://app.example/callback",
  "http://localhost:8080/signin-oidc",
  "openid profile offline_access https://api.example/read",
  "urn:ietf:params:oauth:grant-type:device_code",
  "59dd29d8574e741c966c73f0",
  "client_secret_basic",
  "authorization_code",
])("%s is shown as it is", (text) => {
  expect(masked(text)).toBe(text);
});

test("K7: of what is cut off, no beginning of a secret is shown", () => {
  const secret = createHmac("sha256", "k").update("y").digest("hex");
  for (let before = 250; before < 300; before++) {
    expect(masked(`${"a ".repeat(before / 2)}${secret}`)).not.toContain(secret.slice(0, 8));
    expect(masked(`${"a ".repeat((before - 8) / 2)}https://ann:${secret}@app.example`)).not.toContain(secret.slice(0, 3));
  }
});

test("line breaks and what changes the direction of text are spaces, and a long text is cut off", () => {
  expect(masked("a\r\nb\u202ec")).toBe("a  b c");
  expect(masked("a b ".repeat(1000)).length).toBeLessThanOrEqual(301);
});

test("K7: no 32 random bytes pass, in any of the usual forms and whatever surrounds them", () => {
  const forms = fc.constantFrom<BufferEncoding>("hex", "base64url");
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(bytes, forms, fc.constantFrom("", " ", "'", "=", "/", "?a=", "https://a.example/"), (random, form, before) => {
      const secret = Buffer.from(random).toString(form);
      expect(masked(before + secret)).not.toContain(secret.slice(0, 20));
    }),
  );
});

test("Q10: no text takes long", () => {
  const texts = ["a", "A1", "a1A", "eyJ.", "//@", "?a=&", "=", "-_"].map((part) => part.repeat(200_000));
  const begin = performance.now();
  for (const text of texts) masked(text);
  expect(performance.now() - begin).toBeLessThan(50);
});
