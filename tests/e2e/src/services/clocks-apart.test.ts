import { newApplication, obtainCode, redeem, refresh } from "@signet/testkit";
import { expect, test } from "vitest";
import { deployServicesReady } from "./deployed.ts";
import { homeOf } from "./home.ts";

const minute = 60_000;
const rounds = 8;

/** What makes a process tell another time than the machine does. */
function clockOffBy(milliseconds: number): Readonly<Record<string, string>> {
  const script = `const now = Date.now; Date.now = () => now() + ${milliseconds}`;
  return { NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(script)}"` };
}

/** So many requests, one after the other, and by whichever replica's turn it is; each is granted or refused. */
async function each(count: number, send: () => Promise<Response>) {
  const replies: { readonly status: number; readonly body: string }[] = [];
  for (let index = 0; index < count; index++) {
    const reply = await send();
    const body = await reply.text();
    expect([200, 400], body).toContain(reply.status);
    replies.push({ status: reply.status, body });
  }
  return replies;
}

test.each([5, -5])(
  "X18: beside a replica of auth and of token whose clock is %i minutes off nothing is spent twice, and nothing fails otherwise than by being refused",
  {
    timeout: 120_000,
  },
  async (minutes) => {
    const deployed = await deployServicesReady({
      replicas: { auth: 2, token: 2 },
      environment: { SIGNET_REFRESH_GRACE_MS: "0" },
    });
    try {
      for (const name of ["auth", "token"] as const) {
        const [, second] = deployed.replicasOf(name);
        second?.program.signal("SIGKILL");
        await second?.program.ended();
        deployed.start(name, clockOffBy(minutes * minute), 1);
      }
      await deployed.ready();
      const application = await newApplication(await homeOf(deployed));
      let spent = 0;
      for (let round = 0; round < rounds; round++) {
        const code = await obtainCode(application, { scope: "openid offline_access" });
        // One replica may know it for expired that another still takes.
        const redeemed = await each(4, () => redeem(application, code));
        const tokens = redeemed.filter(({ status }) => status === 200);
        expect(tokens.length, "redemptions of one code").toBeLessThanOrEqual(1);
        for (const { body } of tokens) {
          spent++;
          const { refresh_token: used } = JSON.parse(body);
          const refreshed = await each(4, () => refresh(application, used));
          expect(refreshed.filter(({ status }) => status === 200).length, "uses of one refresh token").toBeLessThanOrEqual(1);
        }
      }
      expect(spent).toBeGreaterThan(0);
    } finally {
      await deployed.stop();
    }
  },
);
