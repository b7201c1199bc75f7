import { later } from "@signet/protocol";
import { expect, test } from "vitest";
import type { SignOutTaskStore } from "../sign-out-task-store.ts";
import { aSignOutTask, aTenantId, concurrently, minute, now } from "./fixtures/index.ts";

/** What every `SignOutTaskStore` promises. `open` gives an empty one. */
export function signOutTaskStoreContract(open: () => Promise<SignOutTaskStore>): void {
  const lease = later(now, minute);
  const nobody = { clients: [], tenants: [] };

  test("a task is claimed with all that it was added with", async () => {
    const tasks = await open();
    const [told, { clientId: _, ...ended }] = [aSignOutTask(), aSignOutTask({ createdAt: later(now, -minute) })];
    await tasks.add(told, now);
    await tasks.add(ended, later(now, 1));
    expect(await tasks.claim(later(now, 1), lease, nobody)).toStrictEqual({ ...told, attempts: 1 });
    expect(await tasks.claim(later(now, 1), lease, nobody)).toStrictEqual({ ...ended, attempts: 1 });
    expect(await tasks.claim(later(now, 1), lease, nobody)).toBeUndefined();
  });

  test("a task is not claimed before it is due, to the millisecond", async () => {
    const tasks = await open();
    const task = aSignOutTask();
    await tasks.add(task, later(now, minute));
    expect(await tasks.claim(later(now, minute - 1), lease, nobody)).toBeUndefined();
    expect(await tasks.claim(later(now, minute), lease, nobody)).toStrictEqual({ ...task, attempts: 1 });
  });

  test("what has been due for longest comes first", async () => {
    const tasks = await open();
    const [late, early, middle] = [aSignOutTask(), aSignOutTask(), aSignOutTask()];
    await tasks.add(late, later(now, -1));
    await tasks.add(early, later(now, -3));
    await tasks.add(middle, later(now, -2));
    for (const task of [early, middle, late]) expect(await tasks.claim(now, lease, nobody)).toMatchObject(task);
  });

  test("a task that was added again is one task, due when it was", async () => {
    const tasks = await open();
    const task = aSignOutTask();
    await tasks.add(task, now);
    await tasks.add({ ...task, createdAt: later(now, minute) }, later(now, minute));
    expect(await tasks.claim(now, lease, nobody)).toStrictEqual({ ...task, attempts: 1 });
    expect(await tasks.claim(later(now, minute - 1), lease, nobody)).toBeUndefined();
  });

  test("of 100 concurrent calls over 60 tasks each task is claimed by exactly one", async () => {
    const tasks = await open();
    const added = Array.from({ length: 60 }, () => aSignOutTask());
    await Promise.all(added.map((task) => tasks.add(task, now)));
    const claimed = await concurrently(100, () => tasks.claim(now, lease, nobody));
    const clients = claimed.flatMap((task) => task?.clientId ?? []);
    expect(clients).toHaveLength(60);
    expect(new Set(clients)).toStrictEqual(new Set(added.map(({ clientId }) => clientId)));
  });

  test("whoever claimed a task and was never heard of again leaves it to the next when the lease ends", async () => {
    const tasks = await open();
    const task = aSignOutTask();
    await tasks.add(task, now);
    await tasks.claim(now, lease, nobody);
    expect(await tasks.claim(later(lease, -1), later(lease, minute), nobody)).toBeUndefined();
    expect(await tasks.claim(lease, later(lease, minute), nobody)).toStrictEqual({ ...task, attempts: 2 });
  });

  test("a task of a client that is busy is left, and the next one is claimed", async () => {
    const tasks = await open();
    const [hanging, other] = [aSignOutTask(), aSignOutTask()];
    const { clientId: _, ...ended } = aSignOutTask();
    for (const [index, task] of [hanging, other, ended].entries()) await tasks.add(task, later(now, index));
    const busy = { clients: hanging.clientId === undefined ? [] : [hanging.clientId], tenants: [] };
    const at = later(now, 10);
    expect(await tasks.claim(at, lease, busy)).toMatchObject(other);
    expect(await tasks.claim(at, lease, busy)).toStrictEqual({ ...ended, attempts: 1 });
    expect(await tasks.claim(at, lease, busy)).toBeUndefined();
    expect(await tasks.claim(at, lease, nobody)).toMatchObject(hanging);
  });

  test("a task that tells a client of a tenant that is busy is left, and the one that ends what was granted there is claimed", async () => {
    const tasks = await open();
    const hanging = aSignOutTask();
    const { tenantId } = hanging;
    const { clientId: _, ...ended } = aSignOutTask({ tenantId });
    const other = aSignOutTask();
    for (const [index, task] of [hanging, ended, other].entries()) await tasks.add(task, later(now, index));
    const [at, busy] = [later(now, 10), { clients: [], tenants: [tenantId] }];
    expect(await tasks.claim(at, lease, busy)).toStrictEqual({ ...ended, attempts: 1 });
    expect(await tasks.claim(at, lease, busy)).toMatchObject(other);
    expect(await tasks.claim(at, lease, busy)).toBeUndefined();
    expect(await tasks.claim(at, lease, nobody)).toMatchObject(hanging);
  });

  test("of a tenant's tasks that tell clients the oldest are removed, down to as many as are kept, and no others", async () => {
    const tasks = await open();
    const tenantId = aTenantId();
    const all = Array.from({ length: 450 }, (_, index) => aSignOutTask({ tenantId, createdAt: later(now, index) }));
    const { clientId: _, ...ended } = aSignOutTask({ tenantId, createdAt: later(now, -minute) });
    const other = aSignOutTask({ createdAt: later(now, -minute) });
    await Promise.all([...all, ended, other].map((task) => tasks.add(task, now)));
    expect(await tasks.removeOldest(tenantId, 3)).toBe(447);
    expect(await tasks.removeOldest(tenantId, 3)).toBe(0);
    const left = await concurrently(6, () => tasks.claim(now, lease, nobody));
    const clients = left.flatMap((task) => (task === undefined ? [] : [task.clientId ?? "ended"]));
    expect(clients).toHaveLength(5);
    expect(new Set(clients)).toStrictEqual(new Set(["ended", other.clientId, ...all.slice(-3).map(({ clientId }) => clientId)]));
  });

  test("a finished task is not claimed again, and can be finished again", async () => {
    const tasks = await open();
    const [task, other] = [aSignOutTask(), aSignOutTask()];
    await tasks.add(task, now);
    await tasks.add({ ...other, tenantId: task.tenantId }, now);
    await tasks.finish(task);
    await expect(tasks.finish(task)).resolves.toBeUndefined();
    expect(await tasks.claim(now, lease, nobody)).toMatchObject({ clientId: other.clientId });
    expect(await tasks.claim(now, lease, nobody)).toBeUndefined();
  });

  test("a postponed task is claimed when it is due again, and counts its attempts", async () => {
    const tasks = await open();
    const task = aSignOutTask();
    await tasks.add(task, now);
    const claimed = (await tasks.claim(now, lease, nobody)) ?? expect.unreachable();
    await tasks.postpone(claimed, later(lease, minute));
    expect(await tasks.claim(lease, later(lease, 1), nobody)).toBeUndefined();
    expect(await tasks.claim(later(lease, minute), later(lease, 2 * minute), nobody)).toStrictEqual({ ...task, attempts: 2 });
  });

  test("whoever comes too late postpones nothing that another has claimed", async () => {
    const tasks = await open();
    await tasks.add(aSignOutTask(), now);
    const first = (await tasks.claim(now, lease, nobody)) ?? expect.unreachable();
    const again = later(lease, minute);
    await tasks.claim(lease, again, nobody);
    await tasks.postpone(first, lease);
    expect(await tasks.claim(later(again, -1), again, nobody)).toBeUndefined();
    expect(await tasks.claim(again, later(again, 1), nobody)).toMatchObject({ attempts: 3 });
  });

  test("the deletion of a tenant removes its tasks and no others", async () => {
    const tasks = await open();
    const tenantId = aTenantId();
    const other = aSignOutTask();
    for (const task of [aSignOutTask({ tenantId }), aSignOutTask({ tenantId }), other]) await tasks.add(task, now);
    await tasks.deleteTenant(tenantId);
    expect(await tasks.claim(now, lease, nobody)).toMatchObject(other);
    expect(await tasks.claim(now, lease, nobody)).toBeUndefined();
  });
}
