import { describe, expect, test } from "vitest";
import { ConfigError } from "./config-error.ts";
import { parseConfig } from "./parse-config.ts";

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    parseConfig("standalone", environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("parseConfig", () => {
  test("has a default for everything", () => {
    expect(parseConfig("standalone", {})).toMatchObject({
      publicUrl: "http://localhost:4000",
      host: "localhost",
      port: 4000,
      dataDir: ".signet",
    });
  });

  test("takes an empty variable as left out", () => {
    expect(parseConfig("standalone", { SIGNET_PORT: "", SIGNET_ADMIN_TOKEN: "" })).toMatchObject({
      port: 4000,
      adminToken: undefined,
    });
  });

  test("has the port in the default public URL", () => {
    expect(parseConfig("standalone", { SIGNET_PORT: "4100" }).publicUrl).toBe("http://localhost:4100");
  });

  test("names every problem in a line of its own", () => {
    expect(problemsOf({ SIGNET_PORT: "many", SIGNET_PUBLIC_URL: "ftp://x", SIGNET_PROT: "1" })).toEqual([
      expect.stringMatching(/^SIGNET_PUBLIC_URL must be an https: URL/),
      expect.stringMatching(/^SIGNET_PORT must be a whole number/),
      "SIGNET_PROT is no setting of Signet",
    ]);
  });

  test.each([
    "http://signet.example",
    "https://signet.example/path",
    "https://user@signet.example",
    "https://signet.example/?a=b",
    "https://signet.example/#x",
    "nonsense",
  ])("refuses the public URL %s", (value) => {
    expect(problemsOf({ SIGNET_PUBLIC_URL: value })).toHaveLength(1);
  });

  test.each([
    ["https://signet.example/", "https://signet.example"],
    ["http://localhost:4000", "http://localhost:4000"],
    ["http://[::1]:4000/", "http://[::1]:4000"],
    ["https://SIGNET.example:443", "https://signet.example"],
  ])("keeps the origin of the public URL %s", (value, origin) => {
    expect(parseConfig("standalone", { SIGNET_PUBLIC_URL: value }).publicUrl).toBe(origin);
  });

  test("refuses an administration token that could be guessed", () => {
    expect(problemsOf({ SIGNET_ADMIN_TOKEN: "short" })).toEqual([
      "SIGNET_ADMIN_TOKEN must be 32 to 256 printable ASCII characters without spaces",
    ]);
  });

  test("never repeats a secret in a problem", () => {
    expect(
      problemsOf({ SIGNET_ADMIN_TOKEN: "canary", SIGNET_ADMIN_PASSWORD: "canary", SIGNET_KEY_ENCRYPTION_KEY: "canary" }).join(),
    ).not.toContain("canary");
  });
});
