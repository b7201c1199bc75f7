import { randomBytes } from "node:crypto";
import { registry } from "@signet/contracts";
import { instant, newClientId, newTenantId, OAuthError, parseClientMetadata } from "@signet/protocol";
import { clientFromProto } from "@signet/registry-client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { draftOf, membersByName, toClientMessage } from "../clients/client-message.ts";
import { wholeView } from "../clients/secret-view.ts";

/** What a member may be sent as: what is right for some member, and anything else of its type. */
const texts = fc.oneof(
  fc.constantFrom(
    ...["web", "native", "none", "private_key_jwt", "tls_client_auth", "ES256", "RS384", "HS256", "opaque", "pairwise"],
    ...["https://app.example/x", "http://localhost/x", "https://app.example/x#y", "openid email", "CN=app", '{"keys":[]}', ""],
  ),
  fc.string({ maxLength: 20 }),
);
const lists = fc.array(
  fc.oneof(fc.constantFrom("authorization_code", "client_credentials", "code", "https://app.example/cb", "urn:x"), texts),
  { maxLength: 3 },
);

const messages = fc
  .array(fc.tuple(fc.constantFrom(...membersByName.values()), texts, lists, fc.boolean(), fc.integer({ min: -1, max: 1e10 })), {
    maxLength: 6,
  })
  .map((sent) => {
    const message = registry.ClientMetadata.create({ redirectUris: ["https://app.example/cb"] });
    for (const [member, text, list, flag, number] of sent) {
      const absent: unknown = message[member];
      if (member === "scopes" || member === "refreshTokens") continue;
      if (typeof absent === "string") Object.assign(message, { [member]: text });
      else if (typeof absent === "boolean") Object.assign(message, { [member]: flag });
      else Object.assign(message, { [member]: Array.isArray(absent) ? list : number });
    }
    return message;
  });

test("whatever metadata are accepted are read by other services as they were accepted", () => {
  const now = instant(1_800_000_000_000);
  let accepted = 0;
  fc.assert(
    fc.property(messages, (message) => {
      const metadata = acceptedMetadata(message);
      if (metadata === undefined) return;
      accepted += 1;
      const ids = { id: newClientId(randomBytes), tenantId: newTenantId(randomBytes) };
      const told = toClientMessage({ ...ids, metadata, createdAt: now, updatedAt: now, version: 1 }, wholeView);
      const read = clientFromProto(registry.Client.decode(registry.Client.encode(told).finish()));
      expect(read.metadata).toStrictEqual(metadata);
    }),
    { numRuns: 2000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

function acceptedMetadata(message: registry.ClientMetadata) {
  try {
    return parseClientMetadata(draftOf(message));
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    expect(["invalid_redirect_uri", "invalid_client_metadata"]).toContain(error.code);
    return undefined;
  }
}
