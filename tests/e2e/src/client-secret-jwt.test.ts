import { clockwork, type RegisteredClient, registerClient, type Signet, startSignet } from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assertionSender } from "./assertion-sender.ts";
import { granted, invalidClient, outcome } from "./outcomes.ts";

const time = clockwork();
let signet: Signet;
let secretive: RegisteredClient;
beforeAll(async () => {
  signet = await startSignet({ clockwork: time });
  secretive = await register({ token_endpoint_auth_method: "client_secret_jwt" });
});
afterAll(() => signet.stop());

const register = (metadata: Readonly<Record<string, unknown>>) =>
  registerClient(signet, { grant_types: ["client_credentials"], redirect_uris: [], ...metadata });
const { signed, withSecret, present } = assertionSender(() => signet, time.clock);

describe("client_secret_jwt", () => {
  test("a client authenticates with a MAC whose key is its secret, by each of the algorithms", async () => {
    for (const alg of ["HS256", "HS384", "HS512"]) {
      expect(await outcome(present(await withSecret(secretive, {}, alg)))).toEqual(granted);
    }
  });

  test("another secret, the secret itself, and a signature by a key are refused", async () => {
    const other = { ...secretive, client_secret: `${secretive.client_secret.slice(1)}x` };
    expect(await outcome(present(await withSecret(other)))).toEqual(invalidClient);
    expect(await outcome(present(await signed(secretive)))).toEqual(invalidClient);
    const form = new URLSearchParams({ grant_type: "client_credentials", ...secretive });
    expect(await outcome(fetch(`${signet.url}/oauth2/v1/token`, { method: "POST", body: form }))).toEqual(invalidClient);
  });

  test("the algorithm that a client is registered with binds it", async () => {
    const client = await register({ token_endpoint_auth_method: "client_secret_jwt", token_endpoint_auth_signing_alg: "HS512" });
    expect(await outcome(present(await withSecret(client)))).toEqual(invalidClient);
    expect(await outcome(present(await withSecret(client, {}, "HS512")))).toEqual(granted);
  });

  test("A6: of 50 requests with one assertion at the same time exactly one succeeds", async () => {
    const assertion = await withSecret(secretive);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(present(assertion))));
    expect(outcomes.filter(({ status }) => status === 200)).toEqual([granted]);
    expect(outcomes.filter(({ status }) => status !== 200)).toEqual(Array.from({ length: 49 }, () => invalidClient));
  });
});
