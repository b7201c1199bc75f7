import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createUser, newApplication, newPkce, obtainCode, obtainTokens, refresh, tokensOf } from "@signet/testkit";
import { expect, test } from "vitest";
import { dynamicClient, initialAccessToken, setRegistration } from "../dynamic-registration-request.ts";
import { formsIn } from "../secret-forms.ts";
import { adminPassword, adminToken, startNew, stop } from "./processes.ts";

/** Shown to the operator in the clear, and no part of the databases. */
const keptApart = ["key-encryption-key", "registration-token"];

/** Every byte of the folder, but for what is kept apart. */
async function dump(folder: string): Promise<Buffer> {
  const names = (await readdir(folder)).filter((name) => !keptApart.includes(name));
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
}

test("K8: the data folder without its key has no secret, password, token, code, cookie or private key in it, at work and at rest", async () => {
  const { signet, dataDir, home } = await startNew();
  const person = {
    ...(await createUser(home, "alice", { password: "alices own pass phrase" })),
    password: "alices own pass phrase",
  };
  const metadata = { client_name: "Findable application", access_token_format: "opaque" };
  const application = await newApplication(home, { person, metadata });
  const signing = await Promise.all(
    ["RS256", "ES256", "PS256", "EdDSA", "Ed25519"].map((algorithm) =>
      newApplication(home, { person, metadata: { id_token_signed_response_alg: algorithm } }),
    ),
  );

  const registering = { ...home, name: "default", issuer: home.url };
  await setRegistration(registering, { mode: "initial_access_token" });
  const used = await initialAccessToken(registering, { uses: 2 });
  const dynamic = await dynamicClient(registering, {}, used);

  const pkce = newPkce();
  const unused = await obtainCode(application, { code_challenge: pkce.challenge, code_challenge_method: "S256" });
  const first = await obtainTokens(application);
  const second = await tokensOf(await refresh(application, first.refresh_token));
  const signed = [];
  for (const one of signing) signed.push(await obtainTokens(one));
  const secrets = [
    ...[adminToken, adminPassword, home.registrationToken, person.password],
    ...[application, ...signing].flatMap(({ client, agent }) => [client.client_secret, ...agent.cookies.values()]),
    ...[used, used.split(".")[1] ?? "", dynamic.client_secret, dynamic.registration_access_token],
    ...[unused.code, pkce.verifier],
    ...[first, second, ...signed].flatMap((tokens) => [tokens.access_token, tokens.id_token, tokens.refresh_token]),
  ].filter((secret) => secret !== "");
  expect(secrets.length).toBeGreaterThan(25);

  const atWork = await dump(dataDir);
  await stop(signet);
  for (const dumped of [atWork, await dump(dataDir)]) {
    expect(formsIn(dumped, "Findable application")).toEqual(["text"]);
    expect(secrets.flatMap((secret) => formsIn(dumped, secret).map((form) => [secret, form]))).toEqual([]);
    expect(dumped.toString("latin1")).not.toMatch(/PRIVATE KEY|"(?:d|p|q|dp|dq|qi)":/);
  }
});
