import { describe, expect, test } from "vitest";
import { instant } from "../instant.ts";
import { claimsOf, parseUserClaims, type UserProfile } from "./user-claims.ts";

const invalid = expect.objectContaining({ name: "ResourceError", kind: "invalid" });

const complete = {
  name: "Ann Example",
  given_name: "Ann",
  family_name: "Example",
  middle_name: "B",
  nickname: "annie",
  profile: "https://people.example/ann",
  picture: "https://people.example/ann.png",
  website: "http://ann.example",
  gender: "female",
  birthdate: "1990-02-03",
  zoneinfo: "Europe/Paris",
  locale: "fr-FR",
  phone_number: "+33 1 23 45 67 89",
  phone_number_verified: true,
  address: {
    formatted: "1 Rue\n75001 Paris",
    street_address: "1 Rue",
    locality: "Paris",
    region: "IDF",
    postal_code: "75001",
    country: "FR",
  },
};

const user: UserProfile = {
  username: "ann",
  email: "ann@app.example",
  emailVerified: true,
  claims: complete,
  roles: ["admin", "editor"],
  attributes: { customer: 7, tags: ["a"], note: null },
  updatedAt: instant(1_700_000_000_999),
};

describe("parseUserClaims", () => {
  test("takes every standard claim in its type", () => {
    expect(parseUserClaims(JSON.stringify(complete))).toEqual(complete);
  });

  test.each([
    { name: 1 },
    { name: "" },
    { name: null },
    { name: "x".repeat(1025) },
    { name: "\ud800" },
    { phone_number_verified: "true" },
    { picture: "javascript:alert(1)" },
    { website: "ftp://files.example" },
    { profile: "//people.example" },
    { birthdate: "3 February 1990" },
    { birthdate: "1990-2-3" },
    { address: "1 Rue" },
    { address: [] },
    { address: { street: "1 Rue" } },
    { address: { locality: 7 } },
    { sub: "1" },
    { email: "ann@app.example" },
    { preferred_username: "ann" },
    { roles: [] },
    { updated_at: 1 },
    { customer: 7 },
  ])("refuses %j", (claims) => {
    expect(() => parseUserClaims(JSON.stringify(claims))).toThrow(invalid);
  });

  test("takes a year alone for a birthdate", () => {
    expect(parseUserClaims('{"birthdate":"1990"}')).toEqual({ birthdate: "1990" });
  });
});

describe("claimsOf", () => {
  test("gives the members asked for and no others", () => {
    expect(claimsOf(user, ["name", "preferred_username", "email", "email_verified", "roles", "customer", "updated_at"])).toEqual({
      name: "Ann Example",
      preferred_username: "ann",
      email: "ann@app.example",
      email_verified: true,
      roles: ["admin", "editor"],
      customer: 7,
      updated_at: 1_700_000_000,
    });
  });

  test("leaves out what the user does not have, and email_verified without an email", () => {
    const { email: _email, ...without } = user;
    expect(
      claimsOf({ ...without, claims: {}, attributes: {} }, ["name", "email", "email_verified", "customer", "roles"]),
    ).toEqual({
      roles: ["admin", "editor"],
    });
  });

  test.each(["sub", "password", "passwordHash", "epoch", "claims", "attributes", "username", "emailVerified", "blocked", "id"])(
    "%s is no claim",
    (name) => {
      expect(claimsOf({ ...user, passwordHash: "x", epoch: 1, id: "1", blocked: false } as UserProfile, [name])).toEqual({});
    },
  );

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("Q3: %s is no claim", (name) => {
    const claims = claimsOf(user, [name]);
    expect(Object.keys(claims)).toEqual([]);
    expect(Object.getPrototypeOf(claims)).toBe(Object.prototype);
  });

  test("a free attribute never stands in for a standard claim", () => {
    expect(
      claimsOf({ ...user, claims: {}, attributes: { name: "Mallory", email: "m@evil.example" } }, ["name", "email"]),
    ).toEqual({
      email: "ann@app.example",
    });
  });
});
