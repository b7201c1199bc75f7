import { cp, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { newApplication, obtainTokens, refresh, tokensOf, userinfo } from "@signet/testkit";
import { expect, test } from "vitest";
import { granted, invalidGrant, outcome } from "../outcomes.ts";
import { startNew, startReady, stop } from "./processes.ts";

test("a copy of the folder, its key kept apart, carries on where it was made", async () => {
  const { signet: first, dataDir, home } = await startNew();
  const port = { SIGNET_PORT: new URL(first.url).port };
  const application = await newApplication(home);
  const [idle, busy] = [await obtainTokens(application), await obtainTokens(application)];
  await stop(first);

  const copy = join(dirname(dataDir), "copy");
  await cp(dataDir, copy, { recursive: true });
  const key = await readFile(join(copy, "key-encryption-key"), "utf8");
  await rm(join(copy, "key-encryption-key"));

  const second = await startReady({ SIGNET_DATA_DIR: dataDir, ...port });
  const rotated = await tokensOf(await refresh(application, busy.refresh_token));
  await stop(second);

  const restored = await startReady({ SIGNET_DATA_DIR: copy, SIGNET_KEY_ENCRYPTION_KEY: key.trim(), ...port });
  expect(await outcome(userinfo(restored.url, idle.access_token))).toEqual(granted);
  expect(await outcome(refresh(application, idle.refresh_token))).toEqual(granted);
  expect(await outcome(refresh(application, rotated.refresh_token))).toEqual(invalidGrant);
  expect((await obtainTokens(application)).id_token).not.toBe("");
});
