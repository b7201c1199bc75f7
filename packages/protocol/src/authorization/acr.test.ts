import { expect, test } from "vitest";
import { acrOf, acrValues, passwordAcr } from "./acr.ts";

test("a sign-in by password is of the class of passwords, and of no other method is there a class", () => {
  expect([acrOf(["pwd"]), acrOf(["another"]), acrOf([])]).toEqual([passwordAcr, undefined, undefined]);
  expect(acrValues).toEqual([passwordAcr]);
});
