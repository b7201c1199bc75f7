import { expect, test } from "vitest";
import { GroupedInserts, type Inserted } from "./grouped-inserts.ts";

const document = (id: number) => ({ _id: String(id) });

/** Inserts whose commands are answered by the test. */
function openInserts(options: { readonly maximumDocuments?: number; readonly maximumWaiting?: number } = {}) {
  const commands: { readonly ids: string[]; readonly answer: PromiseWithResolvers<readonly (Inserted | Error)[]> }[] = [];
  const inserts = new GroupedInserts({
    insertMany(documents) {
      const answer = Promise.withResolvers<readonly (Inserted | Error)[]>();
      commands.push({ ids: documents.map(({ _id }) => String(_id)), answer });
      return answer.promise;
    },
    maximumDocuments: 3,
    maximumWaiting: 10,
    deadlineMilliseconds: 5000,
    ...options,
  });
  return { inserts, commands };
}

test("what comes while a command is under way goes with the next one, in groups of at most as many as one takes", async () => {
  const { inserts, commands } = openInserts();
  const first = inserts.insert(document(1));
  await expect.poll(() => commands.map(({ ids }) => ids)).toEqual([["1"]]);
  const others = [2, 3, 4, 5].map((id) => inserts.insert(document(id)));
  commands[0]?.answer.resolve(["inserted"]);
  expect(await first).toBe("inserted");
  await expect.poll(() => commands[1]?.ids).toEqual(["2", "3", "4"]);
  commands[1]?.answer.resolve(["inserted", "exists", "inserted"]);
  await expect.poll(() => commands[2]?.ids).toEqual(["5"]);
  commands[2]?.answer.resolve(["inserted"]);
  expect(await Promise.all(others)).toEqual(["inserted", "exists", "inserted", "inserted"]);
});

test("one that fails fails alone; a command that fails fails for all of its group, and for no other", async () => {
  const { inserts, commands } = openInserts({ maximumDocuments: 2 });
  const outcomes = Promise.allSettled([1, 2, 3, 4, 5].map((id) => inserts.insert(document(id))));
  await expect.poll(() => commands.length).toBe(1);
  commands[0]?.answer.resolve(["inserted", new Error("refused")]);
  await expect.poll(() => commands.length).toBe(2);
  commands[1]?.answer.reject(new Error("away"));
  await expect.poll(() => commands.length).toBe(3);
  commands[2]?.answer.resolve(["inserted"]);
  expect((await outcomes).map((one) => (one.status === "fulfilled" ? one.value : one.reason.message))).toEqual([
    "inserted",
    "refused",
    "away",
    "away",
    "inserted",
  ]);
});

test("beyond as many as may wait one is refused at once", async () => {
  const { inserts, commands } = openInserts({ maximumWaiting: 1 });
  const first = inserts.insert(document(1));
  await expect.poll(() => commands.length).toBe(1);
  const second = inserts.insert(document(2));
  await expect(inserts.insert(document(3))).rejects.toMatchObject({ name: "ResourceError", kind: "unavailable" });
  commands[0]?.answer.resolve(["inserted"]);
  await expect.poll(() => commands.length).toBe(2);
  commands[1]?.answer.resolve(["inserted"]);
  expect(await Promise.all([first, second])).toEqual(["inserted", "inserted"]);
});

test("who waits for longer than the deadline is told that the store is unavailable", async () => {
  const inserts = new GroupedInserts({
    insertMany: () => new Promise(() => {}),
    maximumDocuments: 3,
    maximumWaiting: 10,
    deadlineMilliseconds: 1,
  });
  await expect(inserts.insert(document(1))).rejects.toMatchObject({ kind: "unavailable" });
});
