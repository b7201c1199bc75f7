import { auth } from "@signet/contracts";
import { expect, test } from "vitest";
import { authorizationReply } from "./authorization-reply.ts";

const answer = auth.Redirect.fromPartial({
  redirectUri: "https://app.example/cb",
  responseMode: "query",
  parameters: [{ name: "code", value: "a b&c" }],
});
const location = (redirectUri: string) => authorizationReply("GET", { ...answer, redirectUri }).headers?.Location;

test("parameters are added to the query of the redirect URI, which is kept as it is (RFC 6749 section 3.1.2)", () => {
  expect(location("https://app.example/cb")).toBe("https://app.example/cb?code=a%20b%26c");
  expect(location("https://app.example/cb?from=%7Esignet&x")).toBe("https://app.example/cb?from=%7Esignet&x&code=a%20b%26c");
  expect(location("app.example:/cb")).toBe("app.example:/cb?code=a%20b%26c");
});

test("B12: a POST is left by 303, a GET by 302", () => {
  expect([authorizationReply("POST", answer).status, authorizationReply("GET", answer).status]).toEqual([303, 302]);
});
