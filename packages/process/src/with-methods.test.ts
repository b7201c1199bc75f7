import { token } from "@signet/contracts";
import { expect, test } from "vitest";
import { StartError } from "./start-error.ts";
import { withMethods } from "./with-methods.ts";

const methods = {
  exchange: ["gateway"],
  userInfo: ["gateway", "read"],
  introspect: [],
  revoke: [],
  jwks: ["read"],
  revokeGrant: [],
  endSession: [],
  readIdTokenHint: [],
  signLogoutToken: [],
  rewrapDataKeys: [],
  listSigningKeys: [],
  rotateSigningKeys: [],
  revokeSigningKeys: [],
};
const secret = "s".repeat(32);
const of = (name: string, right?: "read" | "write") =>
  withMethods(token.TokenServiceDefinition, methods, [{ name, right, tokens: [secret] }]);

test("one of Signet's services may call the methods that name it", () => {
  expect(of("gateway")).toEqual([
    {
      name: "gateway",
      role: "gateway",
      isOwnService: true,
      tokens: [secret],
      may: ["/signet.token.v1.TokenService/Exchange", "/signet.token.v1.TokenService/UserInfo"],
    },
  ]);
});

test("another caller may call what its right opens, whatever its name", () => {
  expect(of("billing", "read")).toMatchObject([
    {
      name: "billing",
      role: "read",
      isOwnService: false,
      may: ["/signet.token.v1.TokenService/UserInfo", "/signet.token.v1.TokenService/Jwks"],
    },
  ]);
  expect(of("gateway", "read")).toMatchObject([
    { isOwnService: false, may: ["/signet.token.v1.TokenService/UserInfo", "/signet.token.v1.TokenService/Jwks"] },
  ]);
});

test.each([
  ["a name that is no service's", "gatway", undefined],
  ["a right that no method asks for", "billing", "write"],
] as const)("%s is refused, with those that are known and no secret", (_, name, right) => {
  expect(() => of(name, right)).toThrow(StartError);
  expect(() => of(name, right)).toThrow(`names ${name}, who may call nothing of this service; it knows gateway, read`);
  expect(() => of(name, right)).not.toThrow(secret);
});
