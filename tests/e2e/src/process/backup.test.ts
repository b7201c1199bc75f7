import { cp, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { newApplication, obtainTokens, refresh, tokensOf, userinfo } from "@signet/testkit";
import { expect, test } from "vitest";
import { granted, invalidGrant, outcome } from "../outcomes.ts";
import { newDataDir, startReady, stop } from "./processes.ts";

const adminToken = "an-administration-token-of-44-characters-0123";
const adminPassword = "an administrator's password";

test("a copy of the folder, its key kept apart, carries on where it was made", async () => {
  const dataDir = await newDataDir();
  const first = await startReady({
    SIGNET_DATA_DIR: dataDir,
    SIGNET_ADMIN_TOKEN: adminToken,
    SIGNET_ADMIN_PASSWORD: adminPassword,
  });
  const port = { SIGNET_PORT: new URL(first.url).port };
  const registrationToken = (await readFile(join(dataDir, "registration-token"), "utf8")).trim();
  const application = await newApplication({ url: first.url, adminToken, adminPassword, registrationToken });
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
