import { describe, expect, test } from "vitest";
import { authorize } from "./credentials.ts";

const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(32)) as [string, string, string];

describe("who shows what", () => {
  const { identify } = authorize({
    callers: [
      { name: "gateway", tokens: [a, b], may: [] },
      { name: "auth", certificateName: "auth.signet", may: [] },
    ],
  });

  test.each([
    [`Bearer ${a}`, undefined, "gateway"],
    [`Bearer ${b}`, undefined, "gateway"],
    [undefined, "auth.signet", "auth"],
    [`Bearer ${c}`, undefined, undefined],
    // A wrong token is not made good by a certificate.
    [`Bearer ${c}`, "auth.signet", undefined],
    [`Bearer ${a} `, undefined, undefined],
    [`bearer ${a}`, undefined, "gateway"],
    [a, undefined, undefined],
    ["Bearer ", undefined, undefined],
    [undefined, "gateway", undefined],
    [undefined, undefined, undefined],
  ])("%j and the certificate %j is %s", (authorization, certificateName, name) => {
    expect(identify({ authorization, certificateName })?.name).toBe(name);
  });
});

test("a token that could be guessed is refused at the start", () => {
  expect(() => authorize({ callers: [{ name: "gateway", tokens: ["short"], may: [] }] })).toThrow("gateway");
});
