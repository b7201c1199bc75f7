import { clockwork, type Signet, startSignet, userAgent, type Visit } from "@signet/testkit";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

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
async function tryToSignIn(
  username: string,
  password: string,
  headers: Record<string, string> = {},
  { url } = signet,
): Promise<Visit> {
  const agent = userAgent(url);
  const page = await agent.open(`${url}/`);
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

test("K4: behind a trusted proxy the addresses of one IPv6 network are one, and those of another are not", async () => {
  const environment = { SIGNET_TRUSTED_PROXIES: "127.0.0.1 ::1", SIGNET_SIGN_INS_PER_ADDRESS: "5/900" };
  const behindProxy = await startSignet({ environment });
  onTestFinished(() => behindProxy.stop());
  const from = async (address: string, step: number) => {
    const headers = { "X-Forwarded-For": `203.0.113.${step}, ${address}` };
    return (await tryToSignIn(`user-${step}`, "wrong", headers, behindProxy)).status;
  };
  const statuses: number[] = [];
  for (let step = 0; step < 7; step++) statuses.push(await from(`2001:db8:1:2::${step}`, step));
  expect(statuses).toEqual([...Array(5).fill(400), 429, 429]);
  expect(await from("2001:db8:1:3::1", 7)).toBe(400);
});
