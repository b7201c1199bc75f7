import { expect, test } from "vitest";
import type { ClientId } from "../ids.ts";
import { exampleClient } from "../testing/example-parties.ts";
import { introspectionAlgorithm, mayIntrospect } from "./may-introspect.ts";

const another = "ffffffffffffffffffffffff" as ClientId;

test.each([
  { draft: {}, own: true, others: false },
  { draft: { isResourceServer: true }, own: true, others: true },
  { draft: { tokenEndpointAuthMethod: "none" }, own: false, others: false },
])("a client with $draft may ask about its own tokens: $own, about others': $others", ({ draft, own, others }) => {
  const client = exampleClient(draft);
  expect([mayIntrospect(client, client.id), mayIntrospect(client, another)]).toEqual([own, others]);
});

test("a public client is no resource server, whatever it is registered as", () => {
  const client = exampleClient();
  const metadata = { ...client.metadata, tokenEndpointAuthMethod: "none", isResourceServer: true } as const;
  expect(mayIntrospect({ ...client, metadata }, another)).toBe(false);
});

test("a signed reply is by the client's algorithm, or by RS256", () => {
  expect(introspectionAlgorithm(exampleClient().metadata)).toBe("RS256");
  expect(introspectionAlgorithm(exampleClient({ introspectionSignedResponseAlg: "EdDSA" }).metadata)).toBe("EdDSA");
});
