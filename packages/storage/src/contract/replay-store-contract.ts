import { later } from "@signet/protocol";
import { expect, test } from "vitest";
import type { ReplayStore } from "../replay-store.ts";
import { aHash, aTenantId, concurrently, minute, now, tally } from "./fixtures/index.ts";

/** What every `ReplayStore` promises. `open` gives an empty one. */
export function replayStoreContract(open: () => Promise<ReplayStore>): void {
  async function begun(): Promise<ReplayStore> {
    const replays = await open();
    await replays.begin(now);
    return replays;
  }
  const aUse = () => ({ hash: aHash(), usableFrom: now, usableUntil: later(now, minute) });

  test("A6: of 50 concurrent uses exactly one is the first", async () => {
    const replays = await begun();
    const tenant = aTenantId();
    const use = aUse();
    const outcomes = await concurrently(50, () => replays.use(tenant, use, now));
    expect(tally(outcomes)).toEqual({ first: 1, replayed: 49 });
  });

  test("A6: what was used is remembered for as long as it could be used", async () => {
    const replays = await begun();
    const tenant = aTenantId();
    const use = aUse();
    expect(await replays.use(tenant, use, now)).toBe("first");
    expect(await replays.use(tenant, use, later(now, minute - 1))).toBe("replayed");
  });

  test("what one tenant or one hash has used says nothing about another", async () => {
    const replays = await begun();
    const tenant = aTenantId();
    const use = aUse();
    expect(await replays.use(tenant, use, now)).toBe("first");
    expect(await replays.use(aTenantId(), use, now)).toBe("first");
    expect(await replays.use(tenant, { ...use, hash: aHash() }, now)).toBe("first");
  });

  test("to begin again forgets nothing", async () => {
    const replays = await begun();
    const tenant = aTenantId();
    const use = aUse();
    await replays.use(tenant, use, now);
    await replays.begin(later(now, minute / 2));
    expect(await replays.use(tenant, use, later(now, minute / 2))).toBe("replayed");
    expect(await replays.use(tenant, { ...use, hash: aHash() }, later(now, minute / 2))).toBe("first");
  });
}
