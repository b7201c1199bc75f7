import { watch } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { administer, registerClient, userAgent } from "@signet/testkit";
import { expect, test } from "vitest";
import { newDataDir, start, startReady, stop } from "./processes.ts";

const token = "an-administration-token-of-44-characters-0123";
const password = "an administrator's password";

function secretsIn(output: string): { readonly password: string | undefined; readonly token: string | undefined } {
  return {
    password: /user admin, password +(\S+)\n/.exec(output)?.[1],
    token: /administration token +(\S+)\n/.exec(output)?.[1],
  };
}

/** Whether Signet is opened by the administration token, whatever there is to see. */
async function isOpenedBy(url: string, adminToken: string | undefined): Promise<boolean> {
  const reply = await fetch(`${url}/v1/workplaces/default`, { headers: { "X-Auth-Token": adminToken ?? "" } });
  return reply.ok;
}

/** The heading of the page that follows when `admin` signs in. */
async function headingAfterSignIn(url: string, adminPassword: string | undefined): Promise<string> {
  const agent = userAgent(url);
  const fields = { username: "admin", password: adminPassword ?? "" };
  return (await agent.submit(await agent.open(`${url}/`), fields)).heading;
}

const occurrences = (text: string, part: string) => text.split(part).length - 1;

test("an empty folder gets a tenant, a user and a token, whose secrets are printed exactly once", async () => {
  const dataDir = await newDataDir();
  const first = await startReady({ SIGNET_DATA_DIR: dataDir });
  const made = secretsIn(first.output());
  expect(made).toEqual({ password: expect.stringMatching(/^[\w-]{16,}$/), token: expect.stringMatching(/^[\w-]{43}$/) });
  expect(await isOpenedBy(first.url, made.token)).toBe(true);
  expect(await isOpenedBy(first.url, `${made.token}x`)).toBe(false);
  expect(await headingAfterSignIn(first.url, made.password)).toBe("You are signed in");
  expect(await headingAfterSignIn(first.url, `${made.password}x`)).toBe("Sign in");
  const workplaces = await administer({ url: first.url, adminToken: made.token ?? "" }, "GET", "");
  expect(workplaces).toEqual([expect.objectContaining({ name: "default", issuer: first.url })]);
  await stop(first);
  for (const secret of Object.values(made)) expect(occurrences(first.output(), secret ?? "")).toBe(1);

  const second = await startReady({ SIGNET_DATA_DIR: dataDir });
  expect(await isOpenedBy(second.url, made.token)).toBe(true);
  expect(await headingAfterSignIn(second.url, made.password)).toBe("You are signed in");
  await stop(second);
  expect(secretsIn(second.output())).toEqual({ password: undefined, token: undefined });
  for (const secret of Object.values(made)) expect(occurrences(second.output(), secret ?? "")).toBe(0);
});

test("what is printed says where Signet is, and what to do next", async () => {
  const dataDir = await newDataDir();
  const signet = await startReady({ SIGNET_DATA_DIR: dataDir });
  for (const hint of [`Signet is ready at ${signet.url}\n`, `${signet.url}/ in a browser`, "npm run example"]) {
    expect(signet.output()).toContain(hint);
  }
  expect(signet.output()).toContain(join(dataDir, "registration-token"));
  expect(signet.output()).toContain(`with ISSUER=${signet.url} and SIGNET_DATA_DIR=${dataDir} set there\n`);
});

test("the registration token of the tenant default is in the folder, and opens the registration API", async () => {
  const dataDir = await newDataDir();
  const { url } = await startReady({ SIGNET_DATA_DIR: dataDir });
  const registrationToken = await readFile(join(dataDir, "registration-token"), "utf8");
  expect(registrationToken).toMatch(/^[\w-]{43}\n$/);
  const client = await registerClient({ url, registrationToken: registrationToken.trim() });
  expect(client.client_id).toMatch(/^[0-9a-f]{24}$/);
  await expect(registerClient({ url, registrationToken: "x".repeat(43) })).rejects.toThrow("401");
});

test("the folder and all files in it are their owner's alone, whatever the umask", async () => {
  const dataDir = await newDataDir();
  const umask = process.umask(0);
  await startReady({ SIGNET_DATA_DIR: dataDir }).finally(() => process.umask(umask));
  const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  expect(await modeOf(dataDir)).toBe("700");
  const names = await readdir(dataDir);
  expect(names).toEqual(expect.arrayContaining(["signet.db", "transient.db", "key-encryption-key", "registration-token"]));
  for (const name of names) expect([name, await modeOf(join(dataDir, name))]).toEqual([name, "600"]);
});

test("no secret stands in the databases as it is", async () => {
  const dataDir = await newDataDir();
  const signet = await startReady({ SIGNET_DATA_DIR: dataDir });
  const registrationToken = (await readFile(join(dataDir, "registration-token"), "utf8")).trim();
  const { client_secret } = await registerClient({ url: signet.url, registrationToken });
  const made = secretsIn(signet.output());
  await stop(signet);
  for (const name of (await readdir(dataDir)).filter((file) => file.includes(".db"))) {
    const bytes = await readFile(join(dataDir, name), "latin1");
    for (const secret of [made.password, made.token, registrationToken, client_secret]) {
      expect([name, occurrences(bytes, secret ?? "")]).toEqual([name, 0]);
    }
  }
});

test("SIGNET_ADMIN_PASSWORD and SIGNET_ADMIN_TOKEN take the place of the random ones, and are not printed", async () => {
  const dataDir = await newDataDir();
  const given = { SIGNET_DATA_DIR: dataDir, SIGNET_ADMIN_PASSWORD: password, SIGNET_ADMIN_TOKEN: token };
  const first = await startReady(given);
  expect(await isOpenedBy(first.url, token)).toBe(true);
  expect(await headingAfterSignIn(first.url, password)).toBe("You are signed in");
  expect(secretsIn(first.output())).toEqual({ password: undefined, token: undefined });
  await stop(first);
  for (const secret of [password, token]) expect(occurrences(first.output(), secret)).toBe(0);

  const without = await startReady({ SIGNET_DATA_DIR: dataDir });
  expect(await isOpenedBy(without.url, token)).toBe(true);
  expect(await headingAfterSignIn(without.url, password)).toBe("You are signed in");
  expect(secretsIn(without.output())).toEqual({ password: undefined, token: undefined });
});

test("a lost administration token is replaced by SIGNET_ADMIN_TOKEN, from that start on", async () => {
  const dataDir = await newDataDir();
  const first = await startReady({ SIGNET_DATA_DIR: dataDir });
  const lost = secretsIn(first.output());
  await stop(first);

  const second = await startReady({ SIGNET_DATA_DIR: dataDir, SIGNET_ADMIN_TOKEN: token, SIGNET_ADMIN_PASSWORD: password });
  expect(await isOpenedBy(second.url, token)).toBe(true);
  expect(await isOpenedBy(second.url, lost.token)).toBe(false);
  expect(await headingAfterSignIn(second.url, password)).toBe("Sign in");
  expect(await headingAfterSignIn(second.url, lost.password)).toBe("You are signed in");
  await stop(second);

  const third = await startReady({ SIGNET_DATA_DIR: dataDir });
  expect(await isOpenedBy(third.url, token)).toBe(true);
  expect(await isOpenedBy(third.url, lost.token)).toBe(false);
});

test.each(["signet.db", "key-encryption-key", "registration-token"])(
  "a first start that is killed once %s is there is completed by the next",
  async (file) => {
    const dataDir = await newDataDir();
    const environment = { SIGNET_DATA_DIR: dataDir, SIGNET_ADMIN_PASSWORD: password, SIGNET_ADMIN_TOKEN: token };
    const appeared = whenThereIs(dataDir, file);
    const killed = await start(environment);
    await appeared;
    killed.signal("SIGKILL");
    expect(await killed.ended()).toBe("SIGKILL");

    const next = await startReady(environment);
    expect(await isOpenedBy(next.url, token)).toBe(true);
    expect(await headingAfterSignIn(next.url, password)).toBe("You are signed in");
    const registrationToken = (await readFile(join(dataDir, "registration-token"), "utf8")).trim();
    await registerClient({ url: next.url, registrationToken });
  },
);

/** Resolves as soon as the folder, which may come to be itself, has the file. */
function whenThereIs(folder: string, file: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const parent = watch(dirname(folder), () => {
    parent.close();
    const inside = watch(folder, look).on("error", reject);
    void promise.finally(() => inside.close());
    look();
  }).on("error", reject);
  const look = () => {
    void stat(join(folder, file)).then(
      () => resolve(),
      () => undefined,
    );
  };
  return promise;
}
