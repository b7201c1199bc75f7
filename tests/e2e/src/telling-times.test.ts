import { randomBytes } from "node:crypto";
import { registerClient, type Signet, startSignet, tokenRequest, userAgent } from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { slowdownBy } from "./slowdown.ts";
import { medianDifference } from "./timing.ts";

const unlimited = {
  SIGNET_SIGN_INS_PER_ACCOUNT: "off",
  SIGNET_SIGN_INS_PER_ADDRESS: "off",
  SIGNET_CLIENT_FAILURES: "off",
  SIGNET_CLIENT_FAILURES_PER_ADDRESS: "off",
  SIGNET_TOKEN_FAILURES_PER_ADDRESS: "off",
};

let signet: Signet;
beforeAll(async () => {
  signet = await startSignet({ environment: unlimited });
});
afterAll(() => signet.stop());

/** One wrong password after the other, in a browser of its own; gives what the page says. */
async function signInAs(username: string): Promise<() => Promise<string>> {
  const agent = userAgent(signet.url);
  const page = await agent.open(`${signet.url}/`);
  return async () => {
    const { html, status } = await agent.submit(page, { username, password: "mistyped" });
    // What was typed, and what is random, is the browser's own.
    return `${status} ${html
      .replaceAll(username, "")
      .replace(/name="csrf_token" value="[^"]*"/, "")
      .replaceAll(page.url, "")
      .replace(/\/sign-in\/\w+/g, "")}`;
  };
}

test("K2: a wrong password takes as long for a user that there is as for one that there is not, and is answered with the same page", {
  timeout: 300_000,
}, async () => {
  const [known, unknown] = [await signInAs("admin"), await signInAs("nobody")];
  expect(await unknown()).toBe(await known());
  const difference = await medianDifference(
    1_000,
    async () => void (await known()),
    async () => void (await unknown()),
  );
  expect(difference).toBeLessThanOrEqual(0.05);
});

test("K2: a wrong secret takes as long for a client that there is as for one that there is not, and is answered with the same reply", {
  timeout: 120_000,
}, async () => {
  const client = { ...(await registerClient(signet)), client_secret: randomBytes(32).toString("base64url") };
  const other = { ...client, client_id: randomBytes(12).toString("hex") };
  const ask = async ({ client_id, client_secret }: typeof client) => {
    const reply = await tokenRequest(signet.url, { ...client, client_id, client_secret }, { grant_type: "client_credentials" });
    return `${reply.status} ${await reply.text()}`;
  };
  expect(await ask(other)).toBe(await ask(client));
  const difference = await medianDifference(
    1_000,
    async () => void (await ask(client)),
    async () => void (await ask(other)),
  );
  expect(difference).toBeLessThanOrEqual(0.05);
});

test("X22: beside 50 sign-ins at a time the p99 of the token endpoint is at most twice what it is without them", {
  timeout: 180_000,
}, async () => {
  const client = await registerClient(signet, { grant_types: ["client_credentials"], access_token_signed_response_alg: "ES256" });
  const request = async () => {
    const reply = await tokenRequest(signet.url, client, { grant_type: "client_credentials" });
    expect(reply.status).toBe(200);
    await reply.arrayBuffer();
  };
  const signIns = await Promise.all(Array.from({ length: 50 }, (_, index) => signInAs(`user-${index}`)));
  const burden = async () => {
    let isOver = false;
    const running = signIns.map(async (signIn) => {
      let answered = 0;
      for (; !isOver; answered++) await signIn();
      return answered;
    });
    return {
      async end() {
        isOver = true;
        for (const answered of await Promise.all(running)) expect(answered).toBeGreaterThan(0);
      },
    };
  };
  expect(await slowdownBy(request, burden)).toBeLessThanOrEqual(2);
});
