import { fileURLToPath } from "node:url";
import { type Program, type ServicesUnderTest, startProgram, startServices } from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

const main = fileURLToPath(new URL("../../../../examples/internal-service/src/main.ts", import.meta.url));
const callback = "https://billing.example/callback";

let signet: ServicesUnderTest;

beforeAll(async () => {
  signet = await startServices({ callers: ["billing:read", "provisioning:write"] });
});
afterAll(async () => {
  await signet.stop();
});

function registry() {
  const [replica] = signet.replicas["client-registry"];
  if (replica === undefined) throw new Error("there is no registry");
  return replica;
}

/** The example, started with the credential of that caller. */
function start(caller: string, ...parameters: readonly string[]): Program {
  const program = startProgram([main, ...parameters], {
    SIGNET_REGISTRY_URL: registry().url,
    SIGNET_SERVICE_TOKEN: signet.tokenOf(caller),
  });
  onTestFinished(() => program.signal("SIGKILL"));
  return program;
}

/** What it prints, and how it ends. */
async function run(caller: string, ...parameters: readonly string[]) {
  const program = start(caller, ...parameters);
  const code = await program.ended();
  return { code, output: program.output() };
}

async function printed(program: Program, text: RegExp): Promise<void> {
  await expect.poll(() => program.output(), { timeout: 10_000, interval: 20 }).toMatch(text);
}

async function createClient(): Promise<string> {
  const { code, output } = await run("provisioning", "create", "default", "Billing", callback);
  expect(code).toBe(0);
  return /^client_id\t([0-9a-f]{24})$/m.exec(output)?.[1] ?? output;
}

describe("the example of an internal service", () => {
  test("creates a client with the right to write, and lists it with the right to read", async () => {
    const created = await run("provisioning", "create", "default", "Billing", callback);
    expect(created).toMatchObject({ code: 0 });
    expect(created.output).toMatch(/^client_id\t[0-9a-f]{24}\nclient_secret\t[A-Za-z0-9_-]{43}\n$/);
    const listed = await run("billing", "list", "default");
    expect(listed.code).toBe(0);
    const clientId = created.output.split(/\s/)[1];
    expect(listed.output).toMatch(new RegExp(`^${clientId}\\t\\S+Z\\tBilling\\t${callback}$`, "m"));
  });

  test("says in one line what is wrong", async () => {
    const refusals = await Promise.all([
      run("billing", "create", "default", "Billing", callback),
      run("provisioning", "create", "default", "Billing", "javascript:alert(1)"),
      run("billing", "list", "nobody"),
    ]);
    expect(refusals.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(refusals.map(({ output }) => output)).toEqual([
      "internal-service: forbidden: billing may not use this method\n",
      expect.stringMatching(/^internal-service: invalid: invalid_redirect_uri: redirect_uris\[0\][^\n]+\n$/),
      expect.stringMatching(/^internal-service: not_found: [^\n]+\n$/),
    ]);
  });

  test.each([
    [["list", "default"], { SIGNET_SERVICE_TOKEN: "x".repeat(32) }, 1, /^internal-service: unauthenticated: [^\n]+\n$/],
    [["list", "default"], { SIGNET_REGISTRY_URL: "grpc://127.0.0.1:1" }, 1, /^internal-service: unavailable: [^\n]+\n$/],
    [["list", "default"], { SIGNET_REGISTRY_URL: "127.0.0.1" }, 1, /^internal-service: "127.0.0.1" is no address [^\n]+\n$/],
    [["list", "default"], { SIGNET_SERVICE_TOKEN: "" }, 2, /^SIGNET_SERVICE_TOKEN is not set\n\nusage: /],
    [["delete", "default"], {}, 2, /^usage: /],
  ])("%j with %j ends with %i and says why", async (parameters, environment, code, said) => {
    const given = { SIGNET_REGISTRY_URL: registry().url, SIGNET_SERVICE_TOKEN: signet.tokenOf("billing"), ...environment };
    const program = startProgram([main, ...parameters], given);
    expect(await program.ended()).toBe(code);
    expect(program.output()).toMatch(said);
  });

  test("watches with the right to read, goes on after the registry was killed, and leaves when it is asked to", async () => {
    const watching = start("billing", "watch");
    await printed(watching, /^ready, what was read before may be old\tposition\t/m);
    const before = await createClient();
    await printed(watching, new RegExp(`^client ${before} changed\tposition\t`, "m"));

    registry().program.signal("SIGKILL");
    await printed(watching, /^interrupted\t/m);
    registry().startAgain();
    await printed(watching, /^ready, nothing was missed\t/m);
    const after = await createClient();
    await printed(watching, new RegExp(`^client ${after} changed\tposition\t`, "m"));

    watching.signal("SIGINT");
    expect(await watching.ended()).toBe(0);
    expect(watching.output().match(new RegExp(before, "g"))).toHaveLength(1);
  });

  test("watches from a position that it printed before, and is told of what it missed", async () => {
    const first = start("billing", "watch");
    await printed(first, /\tposition\t\S+\n/);
    first.signal("SIGTERM");
    await first.ended();
    const missed = await createClient();
    const position = /\tposition\t(\S+)\n$/.exec(first.output())?.[1] ?? "";
    const second = start("billing", "watch", position);
    await printed(second, new RegExp(`^client ${missed} changed\t`, "m"));
    expect(second.output()).toMatch(/^ready, nothing was missed\t/);
  });
});
