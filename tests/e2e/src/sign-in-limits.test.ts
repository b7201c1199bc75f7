import { authorizationUrl, clockwork, registerClient, type Signet, startSignet, userAgent, type Visit } from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";

const time = clockwork();
let signet: Signet;
beforeAll(async () => {
  signet = await startSignet({
    clockwork: time,
    environment: { SIGNET_SIGN_INS_PER_ACCOUNT: "10/900", SIGNET_SIGN_INS_PER_ADDRESS: "40/900" },
  });
});
afterAll(() => signet.stop());

/** A browser of its own at the sign-in page, and what comes of a password there. */
async function tryToSignIn(username: string, password: string, headers: Record<string, string> = {}): Promise<Visit> {
  const agent = userAgent(signet.url);
  const page = await agent.open(authorizationUrl(signet.url, await client()));
  if (Object.keys(headers).length === 0) return agent.submit(page, { username, password });
  const body = new URLSearchParams({
    csrf_token: /name="csrf_token" value="([^"]+)"/.exec(page.html)?.[1] ?? "",
    username,
    password,
  });
  const reply = await agent.request(page.url, { method: "POST", body, headers });
  return {
    url: page.url,
    status: reply.status,
    headers: reply.headers,
    html: await reply.text(),
    callback: undefined,
    heading: "",
  };
}

let registered: ReturnType<typeof registerClient> | undefined;
const client = () => {
  registered ??= registerClient(signet);
  return registered;
};

const problemOf = ({ html }: Visit) => /id="problem"[^>]*>.*?<p>([^<]*)<\/p>/s.exec(html)?.[1];
const windowPasses = () => time.advance(900_000);

test("K3: of 100 parallel wrong passwords no more are evaluated than the limit counts; the others are 429 with Retry-After", async () => {
  const visits = await Promise.all(Array.from({ length: 100 }, (_, index) => tryToSignIn("admin", `wrong ${index}`)));
  const evaluated = visits.filter((visit) => visit.status === 400);
  expect(evaluated.map(problemOf)).toEqual(Array(10).fill("The username or the password is wrong."));
  const refused = visits.filter((visit) => visit.status === 429);
  expect(refused).toHaveLength(90);
  for (const visit of refused) {
    expect(problemOf(visit)).toMatch(
      /^There were too many attempts to sign in\. Please wait (a minute|\d+ minutes) and try again\.$/,
    );
    expect(visit.headers.get("Retry-After")).toMatch(/^[1-9]\d{0,3}$/);
  }
  expect((await tryToSignIn("admin", signet.adminPassword)).status).toBe(429);
  windowPasses();
  expect((await tryToSignIn("admin", signet.adminPassword)).status).toBe(200);
});

test("K2: an account that does not exist is refused with the very same page after as many attempts", async () => {
  windowPasses();
  const pages: (readonly [number, string | undefined])[][] = [[], []];
  for (let step = 0; step < 12; step++) {
    for (const [index, username] of ["admin", "nobody"].entries()) {
      const visit = await tryToSignIn(username, "wrong");
      pages[index]?.push([visit.status, problemOf(visit)]);
    }
  }
  expect(pages[1]).toEqual(pages[0]);
  expect(pages[0]?.map(([status]) => status)).toEqual([...Array(10).fill(400), 429, 429]);
});

test("K4: an address is refused after as many wrong passwords, whatever X-Forwarded-For says of it", async () => {
  windowPasses();
  const statuses: number[] = [];
  for (let step = 0; step < 42; step++) {
    const visit = await tryToSignIn(`user-${step}`, "wrong", {
      "X-Forwarded-For": `192.0.2.${step}`,
      Forwarded: `for=192.0.2.${step}`,
    });
    statuses.push(visit.status);
  }
  expect(statuses).toEqual([...Array(40).fill(400), 429, 429]);
});
