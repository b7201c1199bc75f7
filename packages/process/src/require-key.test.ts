import { ResourceError } from "@signet/protocol";
import { expect, test } from "vitest";
import { requireKey } from "./require-key.ts";
import { StartError } from "./start-error.ts";

test("a key that opens nothing stops the start, with what to do about it", async () => {
  const refused = requireKey(() => Promise.reject(new Error("the key is another")));
  await expect(refused).rejects.toThrow(StartError);
  await expect(refused).rejects.toThrow(/SIGNET_KEY_ENCRYPTION_KEY to that one.*\(the key is another\)$/);
});

test("a store that is away says nothing of the key", async () => {
  const away = new ResourceError("unavailable", "away");
  await expect(requireKey(() => Promise.reject(away))).rejects.toBe(away);
});
