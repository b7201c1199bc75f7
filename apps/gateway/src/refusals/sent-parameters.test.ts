import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shownParameters } from "./sent-parameters.ts";

const secret = randomBytes(32).toString("base64url");

test("values that cannot be secret are shown, others are not, and of unknown names only how many there were", () => {
  const parameters = [
    { name: "client_id", value: "59dd29d8574e741c966c73f0" },
    { name: "scope", value: "openid profile" },
    { name: "state", value: "xyz" },
    { name: "password", value: "short" },
    { name: "redirect_url", value: "https://app.example/" },
  ];
  expect(shownParameters({ parameters })).toEqual({
    parameters: [
      { name: "client_id", value: "59dd29d8574e741c966c73f0" },
      { name: "scope", value: "openid profile" },
      { name: "state", value: "[masked]" },
      { name: "password", value: "[masked]" },
    ],
    others: 1,
  });
});

test("forms, fields, queries and bodies are looked at alike", () => {
  const found = {
    form: [{ name: "grant_type", value: "password" }],
    fields: new Map([["username", "ann"]]),
    query: new Map([["limit", "0"]]),
    body: { grant_types: ["password"], contacts: ["ann@app.example"] },
  };
  expect(shownParameters(found).parameters).toEqual([
    { name: "grant_type", value: "password" },
    { name: "username", value: "[masked]" },
    { name: "limit", value: "0" },
    { name: "grant_types", value: '["password"]' },
    { name: "contacts", value: "[masked]" },
  ]);
});

test.each(["client_id", "redirect_uri", "scope", "state", "x", secret])(
  "K7: a secret that is sent as %s is not shown",
  (name) => {
    const parameters = [{ name, value: secret }];
    for (const found of [
      { parameters },
      { form: parameters },
      { fields: new Map([[name, secret]]) },
      { body: { [name]: secret } },
    ]) {
      expect(JSON.stringify(shownParameters(found))).not.toContain(secret);
    }
  },
);

test("however many are sent, a bounded number is told", () => {
  const parameters = Array.from({ length: 1_000 }, () => ({ name: "scope", value: "x ".repeat(1_000) }));
  const shown = shownParameters({ parameters });
  expect(shown.parameters.length).toBe(64);
  expect(shown.others).toBe(936);
  expect(JSON.stringify(shown).length).toBeLessThan(64 * 400);
});

test("whatever was found, it comes to an end", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("parameters", "form", "fields", "query", "body"), fc.jsonValue()), (found) => {
      expect(shownParameters(found).parameters.length).toBeLessThanOrEqual(64);
    }),
  );
});
