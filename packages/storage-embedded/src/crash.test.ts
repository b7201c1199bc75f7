import { randomInt } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { later } from "@signet/protocol";
import { expect, test } from "vitest";
import { type EmbeddedStores, openEmbeddedStores } from "./index.ts";
import { type Acknowledgement, acknowledgements } from "./testing/acknowledgement.ts";
import { startChild } from "./testing/child.ts";
import { rowsOf, writtenAt } from "./testing/rows.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const rounds = 100;

/** The steps of each kind that a writer acknowledged. */
type Ledger = ReadonlyMap<Acknowledgement, ReadonlySet<number>>;

test("X21: of a hundred kills amid writes none loses what was acknowledged, and each opens clean", {
  timeout: 180_000,
}, async () => {
  const folder = temporaryFolder();
  const ledgers: Ledger[] = [];
  for (let round = 0; round < rounds; round++) {
    const ledger = await ledgerOfKilledWriter(folder, round);
    const stores = openEmbeddedStores({ folder });
    await expectAcknowledged(stores, ledger, round);
    stores.close();
    expectIntact(folder);
    ledgers.push(ledger);
  }
  const stores = openEmbeddedStores({ folder });
  for (const [round, ledger] of ledgers.entries()) await expectUsedUp(stores, ledger, round);
  stores.close();
});

/** Lets a writer work until it has said a random number of things, and kills it while it goes on. */
async function ledgerOfKilledWriter(folder: string, round: number): Promise<Ledger> {
  const ledger = new Map(acknowledgements.map((acknowledgement) => [acknowledgement, new Set<number>()]));
  const child = startChild("write-until-killed.ts", folder, `${round}`);
  let remaining = randomInt(1, 300);
  child.lines.on("line", (line) => {
    const [acknowledgement, step] = line.split(" ");
    const kind = acknowledgements.find((known) => known === acknowledgement);
    if (kind === undefined || step === undefined) throw new Error(`the writer said ${line}`);
    ledger.get(kind)?.add(Number(step));
    remaining -= 1;
    if (remaining === 0) void child.kill();
  });
  await once(child.lines, "close");
  await child.kill();
  expect(remaining).toBeLessThanOrEqual(0);
  return ledger;
}

/** That every row of the ledger is there, in the state that was acknowledged. A step that was under way may or may not have been done. */
async function expectAcknowledged(stores: EmbeddedStores, ledger: Ledger, round: number): Promise<void> {
  const acknowledged = (kind: Acknowledgement) => ledger.get(kind) ?? new Set();
  for (const step of acknowledged("grant-opened")) {
    const { grant, rotation } = rowsOf(round, step);
    const found = await stores.grants.find(grant.tenantId, grant.id, writtenAt);
    if (acknowledged("grant-revoked").has(step)) {
      expect(found).toBeUndefined();
      expect(await stores.grants.open(grant)).toBe("revoked");
    } else if (step % 3 !== 2) {
      expect(found).toBeDefined();
      if (acknowledged("grant-rotated").has(step)) expect(found?.refresh?.current).toBe(rotation.next);
    }
  }
  for (const step of acknowledged("session-started")) {
    const { session } = rowsOf(round, step);
    expect(await stores.sessions.find(session.tenantId, session.hash, writtenAt)).toStrictEqual(session);
  }
  for (const step of acknowledged("interaction-finished")) {
    const { interaction } = rowsOf(round, step);
    expect(await stores.interactions.find(interaction.tenantId, interaction.id, writtenAt)).toBeUndefined();
  }
  for (const step of acknowledged("tenant-created")) {
    const { tenant, replacement } = rowsOf(round, step);
    const found = await stores.tenants.findByName(tenant.name);
    if (acknowledged("tenant-replaced").has(step)) expect(found).toStrictEqual(replacement);
    else expect([tenant, replacement]).toContainEqual(found);
  }
  for (const step of acknowledged("user-created")) {
    const { user } = rowsOf(round, step);
    for (const identifier of user.identifiers) {
      expect(await stores.users.findByIdentifier(user.tenantId, user.collection, identifier)).toStrictEqual(user);
    }
  }
  for (const step of acknowledged("consent-allowed")) {
    const { user, code } = rowsOf(round, step);
    expect(await stores.consents.find(user.tenantId, user.id, code.clientId)).toStrictEqual(["email", "openid"]);
  }
  for (const step of acknowledged("code-saved")) {
    const { code } = rowsOf(round, step);
    const { kind } = await stores.codes.consume(code.tenantId, code.hash, writtenAt);
    if (acknowledged("code-consumed").has(step)) expect(kind).toBe("replayed");
    else if (step % 2 === 1) expect(["consumed", "replayed"]).toContain(kind);
    else expect(kind).toBe("consumed");
  }
}

/** That no code can be consumed again, and no refresh token used again. */
async function expectUsedUp(stores: EmbeddedStores, ledger: Ledger, round: number): Promise<void> {
  for (const step of ledger.get("code-saved") ?? []) {
    const { code } = rowsOf(round, step);
    expect((await stores.codes.consume(code.tenantId, code.hash, writtenAt)).kind).toBe("replayed");
  }
  for (const step of ledger.get("grant-rotated") ?? []) {
    const { rotation } = rowsOf(round, step);
    const { kind } = await stores.grants.rotate({ ...rotation, now: later(writtenAt, 60_000) });
    expect(kind).toMatch(step % 3 === 2 ? /^(reused|unknown)$/ : /^reused$/);
  }
}

function expectIntact(folder: string): void {
  for (const name of ["signet.db", "transient.db"]) {
    const database = new DatabaseSync(join(folder, name));
    expect(database.prepare("pragma integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
    database.close();
  }
}
