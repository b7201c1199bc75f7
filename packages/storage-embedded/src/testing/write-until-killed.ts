/**
 * Writes to the stores of a folder as fast as it can, until it is killed. Each line of its output says what is written for good: the store has
 * answered, and the line itself is written before the next step.
 */
import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { openEmbeddedStores } from "../index.ts";
import type { Acknowledgement } from "./acknowledgement.ts";
import { rowsOf, writtenAt } from "./rows.ts";

const [folder = "", round = ""] = process.argv.slice(2);
const stores = openEmbeddedStores({ folder });
flushCompileCache();

function acknowledge(acknowledgement: Acknowledgement, step: number): void {
  writeSync(1, `${acknowledgement} ${step}\n`);
}

for (let step = 0; ; step++) {
  const { code, grant, rotation, session, interaction, tenant, replacement, user } = rowsOf(Number(round), step);

  await stores.codes.save(code);
  acknowledge("code-saved", step);
  if (step % 2 === 1) {
    await stores.codes.consume(code.tenantId, code.hash, writtenAt);
    acknowledge("code-consumed", step);
  }

  await stores.grants.open(grant);
  acknowledge("grant-opened", step);
  await stores.grants.rotate(rotation);
  acknowledge("grant-rotated", step);
  if (step % 3 === 2) {
    await stores.grants.revoke(grant.tenantId, grant.id, grant.expiresAt);
    acknowledge("grant-revoked", step);
  }

  await stores.sessions.start(session);
  acknowledge("session-started", step);
  await stores.interactions.save(interaction);
  await stores.interactions.finish(interaction.tenantId, interaction.id, writtenAt);
  acknowledge("interaction-finished", step);

  await stores.tenants.create(tenant);
  acknowledge("tenant-created", step);
  await stores.tenants.replace(replacement);
  acknowledge("tenant-replaced", step);
  await stores.users.create(user);
  acknowledge("user-created", step);
  await stores.consents.allow(user.tenantId, user.id, code.clientId, ["openid", "email"], writtenAt);
  acknowledge("consent-allowed", step);
}
