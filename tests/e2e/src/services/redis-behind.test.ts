import { randomUUID } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { redisServer } from "@signet/test-servers";
import {
  type Application,
  newApplication,
  obtainCode,
  redeem,
  refresh,
  registerClient,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { Redis } from "ioredis";
import { SignJWT } from "jose";
import { expect, onTestFinished, test } from "vitest";
import { granted, invalidClient, invalidGrant, outcome } from "../outcomes.ts";
import { untilServed } from "./attempts.ts";
import { killStore, runningServices } from "./running-services.ts";
import { switchablePort } from "./switchable-port.ts";

const port = await switchablePort();
const running = runningServices(async () => ({
  redisSettings: ["--appendonly", "yes", "--appendfsync", "everysec", "--auto-aof-rewrite-percentage", "0"],
  between: (store, at) => (store === "redis" ? port.to(at) : Promise.resolve(at)),
}));

/** A code, and how its application redeems it. */
interface Redemption {
  readonly application: Application;
  readonly spend: () => Promise<Response>;
}

/** A client that authenticates by assertions. */
async function newSigner() {
  const { url } = running();
  const metadata = { token_endpoint_auth_method: "client_secret_jwt", grant_types: ["client_credentials"], redirect_uris: [] };
  const { client_id, client_secret } = await registerClient(running(), metadata);
  const signed = () =>
    new SignJWT({ iss: client_id, sub: client_id, aud: url, jti: randomUUID() })
      .setProtectedHeader({ alg: "HS256" })
      .setIssuedAt()
      .setExpirationTime("2m")
      .sign(Buffer.from(client_secret));
  const present = (client_assertion: string) => {
    const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    const form = { grant_type: "client_credentials", client_assertion_type: type, client_assertion };
    return fetch(`${url}/oauth2/v1/token`, { method: "POST", body: new URLSearchParams(form) });
  };
  return {
    present,
    /** An assertion that has been accepted. One that was made before the memory of used ones began is not. */
    async accepted(): Promise<string> {
      let assertion = "";
      const status = async () => {
        assertion = await signed();
        return (await present(assertion)).status;
      };
      await expect.poll(status, { timeout: 10_000 }).toBe(200);
      return assertion;
    },
  };
}

/**
 * Redeems a code and uses an assertion, and once more when `lose` has made them count as unused again: they give nothing, and what the code gave before is over.
 */
async function expectNoSecondSpending({ application, spend }: Redemption, lose: () => Promise<void>): Promise<void> {
  const signer = await newSigner();
  const assertion = await signer.accepted();
  const tokens = await tokensOf(await spend());
  expect((await userinfo(application.issuer, tokens.access_token)).status).toBe(200);
  await lose();
  expect(await outcome(untilServed(() => signer.present(assertion)).then(({ reply }) => reply))).toEqual(invalidClient);
  await signer.accepted();
  const { reply } = await untilServed(spend);
  expect(await outcome(Promise.resolve(reply))).toEqual(invalidGrant);
  expect(await outcome(refresh(application, tokens.refresh_token))).toEqual(invalidGrant);
  expect((await userinfo(application.issuer, tokens.access_token)).status).toBe(401);
}

async function connected(at: number): Promise<Redis> {
  const redis = new Redis({ port: at, host: "127.0.0.1", lazyConnect: true });
  // Tests end servers; the commands that matter fail by themselves.
  redis.on("error", () => {});
  await redis.connect();
  onTestFinished(() => redis.disconnect());
  return redis;
}

async function newRedemption(): Promise<Redemption> {
  const application = await newApplication(running());
  const code = await obtainCode(application, { scope: "openid offline_access" });
  return { application, spend: () => redeem(application, code) };
}

test("X4: a code that was redeemed and an assertion that was used give nothing once more where Redis crashes and loses its last second", {
  timeout: 60_000,
}, async () => {
  const { redis } = running();
  const redemption = await newRedemption();
  const folder = String((await (await connected(redis.port)).config("GET", "dir"))[1]);
  const [log, copy] = [join(folder, "appendonlydir"), await mkdtemp(join(tmpdir(), "signet-aof-"))];
  onTestFinished(() => rm(copy, { recursive: true }));
  // What the disk has of the log when the machine loses its power: not what is written from now on.
  await cp(log, copy, { recursive: true });
  await expectNoSecondSpending(redemption, async () => {
    const away = await killStore(redis);
    await rm(log, { recursive: true });
    await cp(copy, log, { recursive: true });
    await away.bringBack();
  });
});

test("X8: a code that was redeemed and an assertion that was used give nothing once more where a replica of Redis is promoted that has not heard of them", {
  timeout: 60_000,
}, async () => {
  const { redis } = running();
  const replica = redisServer({ settings: ["--replicaof", "127.0.0.1", String(redis.port), "--appendonly", "no"] });
  onTestFinished(() => replica.end());
  await replica.start();
  const redemption = await newRedemption();
  const administrator = await connected(redis.port);
  // With a write of its own, since that is what a connection waits for; the code was written before it.
  await administrator.set("written-after-the-code", "");
  expect(await administrator.wait(1, 10_000)).toBe(1);
  // It hears nothing from now on, and will be promoted as it is.
  await (await connected(replica.port)).replicaof("NO", "ONE");
  await expectNoSecondSpending(redemption, async () => {
    await killStore(redis);
    port.switchTo(replica.port);
  });
  // All else goes on with the replica.
  const another = await newApplication(running());
  expect(await outcome(redeem(another, await obtainCode(another)))).toEqual(granted);
});
