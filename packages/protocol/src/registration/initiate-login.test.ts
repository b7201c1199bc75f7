import { describe, expect, test } from "vitest";
import { parseForm } from "../parameters/form.ts";
import { parseParameters } from "../parameters/parameters.ts";
import { issuerOf } from "../tenant/tenant.ts";
import { exampleClient, exampleTenant } from "../testing/example-parties.ts";
import { loginInitiation } from "./initiate-login.ts";

const issuer = issuerOf("https://id.example", exampleTenant().name);
const initiated = (query: string, initiateLoginUri = "https://app.example/login") =>
  loginInitiation(exampleClient({ initiateLoginUri }), issuer, parseParameters(parseForm(query)));

describe("third-party-initiated login", () => {
  test("leads to the registered address, with the issuer", () => {
    expect(initiated("")).toBe("https://app.example/login?iss=https%3A%2F%2Fid.example");
  });

  test("hands login_hint and target_link_uri on, and keeps the address's own query", () => {
    const query = "login_hint=ann%26x%3D1&target_link_uri=https%3A%2F%2Fapp.example%2Forders%3Fa%3D1";
    const url = new URL(initiated(query, "https://app.example/login?from=signet"));
    expect([...url.searchParams]).toEqual([
      ["from", "signet"],
      ["iss", "https://id.example"],
      ["login_hint", "ann&x=1"],
      ["target_link_uri", "https://app.example/orders?a=1"],
    ]);
  });

  test.each([
    "target_link_uri=javascript%3Aalert(1)",
    "target_link_uri=%2F%2Fevil.example",
    "target_link_uri=http%3A%2F%2Fapp.example",
    "login_hint=a%0D%0Ab",
    `login_hint=${"a".repeat(257)}`,
  ])("refuses %s", (query) => {
    expect(() => initiated(query)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  test("answers a client without such an address as one that is not there", () => {
    const attempts = [exampleClient(), undefined].map((client) => () => loginInitiation(client, issuer, parseParameters([])));
    for (const attempt of attempts) expect(attempt).toThrow("must be that of an application that has registered");
  });
});
