import { type Application, newApplication, type Signet, startSignet, tokenRequest, userAgent } from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { granted, outcome } from "./outcomes.ts";
import { type Burden, slowdownBy } from "./slowdown.ts";

let signet: Signet;
let application: Application;
beforeAll(async () => {
  signet = await startSignet({ environment: { SIGNET_SIGN_INS_PER_ACCOUNT: "off", SIGNET_SIGN_INS_PER_ADDRESS: "off" } });
  application = await newApplication(signet, { metadata: { id_token_signed_response_alg: "ES256" } });
});
afterAll(() => signet.stop());

/** Of a turn in which the pages of some of the people are made and read. A token request that waits for passwords takes 30 and more. */
const ownMilliseconds = 5;

/** People who send passwords, each the next one as soon as the last was looked at. */
async function signIns(count: number): Promise<Burden> {
  let isOver = false;
  let evaluated = 0;
  const people = Array.from({ length: count }, async () => {
    const agent = userAgent(signet.url);
    let page = await agent.open(`${signet.url}/`);
    while (!isOver) {
      page = await agent.submit(page, { username: "admin", password: "wrong" });
      if (page.status === 400) evaluated++;
    }
  });
  return {
    async end() {
      isOver = true;
      await Promise.all(people);
      expect(evaluated, "passwords that were looked at meanwhile").toBeGreaterThan(10);
    },
  };
}

test("X22: beside 50 people who sign in at once the p99 of the token endpoint is at most twice what it is without them", {
  timeout: 240_000,
}, async () => {
  const request = async () => {
    const reply = await tokenRequest(signet.url, application.client, { grant_type: "client_credentials" });
    await reply.arrayBuffer();
  };
  expect(await slowdownBy(request, () => signIns(50), ownMilliseconds)).toBeLessThanOrEqual(2);
  expect(await outcome(tokenRequest(signet.url, application.client, { grant_type: "client_credentials" }))).toEqual(granted);
});
