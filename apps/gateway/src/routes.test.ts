import { parseTenantName } from "@signet/protocol";
import { expect, test } from "vitest";
import { routes } from "./routes.ts";

const firstSegments = new Set(routes.flatMap(({ paths }) => paths.map((path) => path.split("/")[1] ?? "")));
firstSegments.delete("");

test("no tenant can be called what an endpoint's path begins with", () => {
  expect(firstSegments).toContain("oauth2");
  expect([...firstSegments].filter((segment) => parseTenantName(segment) !== undefined)).toEqual([]);
});
