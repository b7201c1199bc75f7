import { later, longestRefreshTimeoutMilliseconds, rateLimitBucket } from "@signet/protocol";
import { replayMemoryMilliseconds } from "@signet/storage";
import { aRefusal } from "@signet/storage/contract/fixtures";
import { expect, onTestFinished, test } from "vitest";
import { openDatabases, storesOn } from "./embedded-stores.ts";
import { integer } from "./row.ts";
import { sweeper } from "./sweep.ts";
import { rowsOf, writtenAt } from "./testing/rows.ts";
import { temporaryFolder, temporaryStores } from "./testing/temporary-folder.ts";

const lifetime = 60_000;
const expiresAt = later(writtenAt, lifetime);
const longAfter = later(expiresAt, 10 * replayMemoryMilliseconds);

const tables = [
  "sessions",
  "session_clients",
  "interactions",
  "codes",
  "replays",
  "grants",
  "revoked_grants",
  "ended_sessions",
  "access_tokens",
  "rate_limits",
  "refusals",
];

function openedStores() {
  const { durable, transient } = openDatabases({ folder: temporaryFolder() });
  onTestFinished(() => {
    transient.close();
    durable.close();
  });
  const countOf = (table: string) => integer(transient.prepare(`select count(*) as count from ${table}`).get() ?? {}, "count");
  return {
    stores: storesOn(durable, transient),
    sweep: sweeper(transient),
    counts: () => Object.fromEntries(tables.map((table) => [table, countOf(table)])),
  };
}

/** Writes one row of each kind, each with the given end. */
async function fill({ stores }: ReturnType<typeof openedStores>, step: number, end = expiresAt) {
  const { session, interaction, code, grant } = rowsOf(0, step);
  await stores.sessions.start({ ...session, expiresAt: end });
  await stores.sessions.join({ ...session, expiresAt: end }, grant.clientId);
  await stores.interactions.save({ ...interaction, expiresAt: end });
  await stores.codes.save({ ...code, expiresAt: end });
  await stores.grants.open({ ...grant, expiresAt: end });
  await stores.grants.revoke(rowsOf(1, step).grant.tenantId, rowsOf(1, step).grant.id, end);
  const forgottenAfter = longestRefreshTimeoutMilliseconds + 60_000;
  await stores.grants.endSession(grant.tenantId, rowsOf(2, step).grant.sessionPublicId, later(end, -forgottenAfter));
  const { tenantId, clientId, scopes } = grant;
  await stores.accessTokens.save({ hash: code.hash, tenantId, clientId, scopes, issuedAt: writtenAt, expiresAt: end });
  const limit = { count: 1, windowMilliseconds: end - writtenAt };
  await stores.rateLimits.take(rateLimitBucket("sweep", String(step)), limit, writtenAt);
  await stores.replays.use(tenantId, { hash: code.hash, usableFrom: writtenAt, usableUntil: end }, writtenAt);
  await stores.refusals.record(aRefusal({ tenantId: rowsOf(step, 0).grant.tenantId, expiresAt: end }));
}

const everyTable = (count: number) => Object.fromEntries(tables.map((table) => [table, count]));
test("a sweep deletes what has expired, and nothing else", async () => {
  const opened = openedStores();
  await fill(opened, 0);
  await fill(opened, 1, later(longAfter, 1));
  expect(opened.sweep(longAfter)).toStrictEqual({ deleted: tables.length, finished: true });
  expect(opened.counts()).toStrictEqual(everyTable(1));
  const { session } = rowsOf(0, 1);
  expect(await opened.stores.sessions.find(session.tenantId, session.hash, longAfter)).toBeDefined();
  expect(opened.sweep(longAfter)).toStrictEqual({ deleted: 0, finished: true });
});

test("a sweep deletes in bounded steps, and says whether there is more", async () => {
  const opened = openedStores();
  for (let step = 0; step < 450; step++) await fill(opened, step);
  expect(opened.sweep(longAfter)).toStrictEqual({ deleted: 200 * tables.length, finished: false });
  expect(opened.counts()).toStrictEqual(everyTable(250));
  expect(opened.sweep(longAfter)).toStrictEqual({ deleted: 200 * tables.length, finished: false });
  expect(opened.sweep(longAfter)).toStrictEqual({ deleted: 50 * tables.length, finished: true });
  expect(opened.counts()).toStrictEqual(everyTable(0));
});

test("C2: a code is kept for as long as a replay of it must be known", async () => {
  const stores = temporaryStores();
  const code = { ...rowsOf(0, 0).code, expiresAt };
  const consumedAt = later(expiresAt, -1);
  await stores.codes.save(code);
  await stores.codes.consume(code.tenantId, code.hash, consumedAt);
  const last = later(consumedAt, replayMemoryMilliseconds - 1);
  stores.sweep(last);
  expect(await stores.codes.consume(code.tenantId, code.hash, last)).toStrictEqual({ kind: "replayed", code, consumedAt });
});

test("C2: a grant that was revoked before it was opened stays revoked until the given end", async () => {
  const stores = temporaryStores();
  const { grant } = rowsOf(0, 0);
  await stores.grants.revoke(grant.tenantId, grant.id, expiresAt);
  await stores.grants.revoke(grant.tenantId, grant.id, later(writtenAt, 1));
  stores.sweep(later(expiresAt, -1));
  expect(await stores.grants.open(grant)).toBe("revoked");
});

test("a grant whose end a rotation moved on outlives the sweeps until then", async () => {
  const { stores, sweep, counts } = openedStores();
  const grants = Array.from({ length: 250 }, (_, step) => rowsOf(0, step));
  for (const { grant, rotation } of grants) {
    await stores.grants.open({ ...grant, expiresAt });
    await stores.grants.rotate({ ...rotation, grantExpiresAt: later(longAfter, 1) });
  }
  await stores.grants.open({ ...rowsOf(1, 0).grant, expiresAt });
  expect(sweep(longAfter).finished).toBe(false);
  expect(sweep(longAfter).finished).toBe(true);
  expect(counts().grants).toBe(250);
  for (const { grant } of grants) expect(await stores.grants.find(grant.tenantId, grant.id, longAfter)).toBeDefined();
  expect(sweep(longAfter)).toStrictEqual({ deleted: 0, finished: true });
  expect(sweep(later(longAfter, 1))).toStrictEqual({ deleted: 200, finished: false });
  expect(sweep(later(longAfter, 1))).toStrictEqual({ deleted: 50, finished: true });
});
