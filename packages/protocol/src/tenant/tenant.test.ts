import { describe, expect, test } from "vitest";
import { defaultTenantName, issuerOf, parseTenantName } from "./tenant.ts";

describe("parseTenantName", () => {
  test.each(["a", "acme", "acme-2", "0", "default", "a".repeat(63)])("takes %s", (name) => {
    expect(parseTenantName(name)).toBe(name);
  });

  test.each([
    "",
    "Acme",
    "-a",
    "a-",
    "a_b",
    "a/b",
    "..",
    "%2e",
    "ä",
    "a".repeat(64),
    "oauth2",
    "v1",
    "sign-in",
    ".well-known",
    "healthz",
  ])("refuses %j", (name) => {
    expect(parseTenantName(name)).toBeUndefined();
  });
});

describe("issuerOf", () => {
  test("is the public URL itself for the default tenant", () => {
    expect(issuerOf("https://id.example", defaultTenantName)).toBe("https://id.example");
  });

  test("has any other tenant's name beneath it", () => {
    const name = parseTenantName("acme");
    expect(name && issuerOf("https://id.example", name)).toBe("https://id.example/acme");
  });
});
