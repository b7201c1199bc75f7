import { join } from "node:path";
import { aSigningKey, aTenantId } from "@signet/storage/contract/fixtures";
import { expect, onTestFinished, test } from "vitest";
import { Database } from "./database.ts";
import { durableMigrations } from "./durable-schema.ts";
import { openEmbeddedStores } from "./index.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

test("signing keys that a version before rotation stored sign on, each in a ring of its own", async () => {
  const folder = temporaryFolder();
  const [tenantId, key, other] = [aTenantId(), aSigningKey(), aSigningKey()];
  const before = new Database({
    path: join(folder, "signet.db"),
    synchronous: "full",
    migrations: durableMigrations.slice(0, 2),
  });
  const insert = before.prepare(
    `insert into signing_keys (tenant_id, id, algorithm, private_key, public_jwk, created_at) values (?, ?, ?, ?, ?, ?)`,
  );
  insert.run(tenantId, key.id, "RS256", key.privateKey, key.publicJwk, key.createdAt);
  insert.run(tenantId, other.id, "EdDSA", other.privateKey, other.publicJwk, other.createdAt);
  before.close();

  const stores = openEmbeddedStores({ folder });
  onTestFinished(() => stores.close());
  const [ofEdDsa, ofRs256] = await stores.signingKeys.list(tenantId);
  expect(ofEdDsa).toStrictEqual({ tenantId, algorithm: "EdDSA", keys: [other], version: 1, changedAt: other.createdAt });
  expect(ofRs256).toStrictEqual({ tenantId, algorithm: "RS256", keys: [key], version: 1, changedAt: key.createdAt });
  if (ofRs256 === undefined) throw new Error("it was stored");
  expect(await stores.signingKeys.replace({ ...ofRs256, keys: [key, other], version: 2 })).toBe(true);
});
