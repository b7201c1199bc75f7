import { type Application, newApplication, obtainTokens, tokenRequest, tokensOf, userinfo } from "@signet/testkit";
import { decodeProtectedHeader, type JSONWebKeySet } from "jose";
import { expect, test } from "vitest";
import { askAdministration } from "../administration-request.ts";
import { outcome } from "../outcomes.ts";
import { runningServices } from "./running-services.ts";

const replicas = 10;
/** The gateway's calls go to all of them in turn; some more than one round of them. */
const requests = 3 * replicas;

const running = runningServices(async () => ({ replicas: { token: replicas } }));

const atOnce = <Result>(request: () => Promise<Result>) => Promise.all(Array.from({ length: requests }, request));

async function publishedKids(): Promise<string> {
  const keySet: JSONWebKeySet = JSON.parse(await (await fetch(`${running().url}/oauth2/v1/certs`)).text());
  return keySet.keys.map(({ kid }) => kid).join();
}

async function ownKid({ issuer, client }: Application): Promise<string | undefined> {
  const { access_token } = await tokensOf(await tokenRequest(issuer, client, { grant_type: "client_credentials" }));
  return decodeProtectedHeader(access_token).kid;
}

async function change(how: "rotate" | "emergency"): Promise<readonly { readonly kid: string; readonly state: string }[]> {
  const reply = await askAdministration(running(), "POST", `/default/keys/${how}`);
  expect(reply.status, reply.text).toBe(200);
  return JSON.parse(reply.text).result;
}

test("X17: ten replicas that have just been started, and are asked all at once, publish one key and sign with it", async () => {
  const application = await newApplication(running());
  const [published, signing] = await Promise.all([atOnce(publishedKids), atOnce(() => ownKid(application))]);
  expect(new Set([...published, ...signing]).size).toBe(1);
});

test("X17: ten replicas that are told to rotate at once make one key, and publish both", async () => {
  const before = await publishedKids();
  const replies = await atOnce(() => change("rotate"));
  const [next] = replies.flat().filter(({ state }) => state === "next");
  expect(new Set(replies.map((keys) => keys.map(({ kid }) => kid).join()))).toEqual(new Set([`${before},${next?.kid}`]));
  expect(new Set(await atOnce(publishedKids))).toEqual(new Set([`${before},${next?.kid}`]));
});

test("a key that is revoked at one replica is published by none any more, and soon nothing is signed by it or accepted", async () => {
  const application = await newApplication(running());
  const { access_token } = await obtainTokens(application);
  const revoked = decodeProtectedHeader(access_token).kid;
  const accepted = () => outcome(userinfo(application.issuer, access_token));
  expect(new Set((await atOnce(accepted)).map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(await atOnce(() => ownKid(application)))).toEqual(new Set([revoked]));

  const [successor] = await change("emergency");
  expect(new Set(await atOnce(publishedKids))).toEqual(new Set([successor?.kid]));
  const isForgotten = async () => {
    const [signing, statuses] = [await atOnce(() => ownKid(application)), await atOnce(accepted)];
    return signing.every((kid) => kid === successor?.kid) && statuses.every(({ status }) => status === 401);
  };
  await expect.poll(isForgotten, { timeout: 5_000, interval: 50 }).toBe(true);
});
