import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { instant, later, type TenantId } from "@signet/protocol";
import { newAuthority } from "@signet/test-certificates";
import { describe, expect, onTestFinished, test } from "vitest";
import { createOutbound, type FetchOptions, type OutboundOptions } from "./outbound.ts";
import type { OutboundError } from "./outbound-error.ts";
import { type Remote, startRemote, startSilent } from "./testing/remote.ts";

const tenant = "0123456789abcdef01234567" as TenantId;
const json: FetchOptions = { tenant, maximumBytes: 1000, accept: "application/json" };
const failure = (name: string) => expect.objectContaining({ name: "OutboundError", failure: name });

/** An outbound whose names all stand for 127.0.0.1, and whose deployment allows `allowed.test` only. */
function open(changes: Partial<OutboundOptions> = {}) {
  let now = instant(1_800_000_000_000);
  const lookedUp: string[] = [];
  const outbound = createOutbound({
    allowedHosts: ["allowed.test"],
    clock: () => now,
    async lookup(hostname) {
      lookedUp.push(hostname);
      return [{ address: "127.0.0.1", family: 4 }];
    },
    ...changes,
  });
  return {
    outbound,
    lookedUp,
    advance: (milliseconds: number) => {
      now = later(now, milliseconds);
    },
  };
}

const at = ({ port }: Remote, path = "/", host = "allowed.test", scheme = "http") => `${scheme}://${host}:${port}${path}`;

describe("who may be asked", () => {
  test("a host that the deployment names is asked, though it is private and plain http:", async () => {
    const remote = await startRemote((request, response) => response.end(JSON.stringify(request.headers)));
    const { outbound } = open();
    await expect(outbound.fetchJson(at(remote), json)).resolves.toMatchObject({
      accept: "application/json",
      "accept-encoding": "identity",
      host: `allowed.test:${remote.port}`,
    });
  });

  test("over https: only a host whose certificate is right for its name is asked", async () => {
    const authority = newAuthority();
    const { certificate, key } = authority.issue("host");
    const asked: (string | undefined)[] = [];
    const server = createServer({ cert: certificate, key }, (request, response) => {
      asked.push(request.url);
      response.end('"over TLS"');
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    server.listen(0, "127.0.0.1", resolve);
    await promise;
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const { port } = server.address() as AddressInfo;
    const trusting = open({ allowedHosts: ["localhost", "allowed.test"], authorities: authority.certificate }).outbound;
    await expect(trusting.fetchJson(`https://localhost:${port}/right`, json)).resolves.toBe("over TLS");
    await expect(trusting.fetchJson(`https://allowed.test:${port}/another-name`, json)).rejects.toEqual(failure("unreachable"));
    const wary = open({ allowedHosts: ["localhost"] }).outbound;
    await expect(wary.fetchJson(`https://localhost:${port}/unknown-authority`, json)).rejects.toEqual(failure("unreachable"));
    expect(asked).toEqual(["/right"]);
  });

  test("S1: a name that stands for a private address is not connected to", async () => {
    const remote = await startRemote((_request, response) => response.end("{}"));
    const { outbound, lookedUp } = open();
    await expect(outbound.fetchJson(at(remote, "/", "other.test", "https"), json)).rejects.toEqual(failure("not_allowed"));
    expect(lookedUp).toEqual(["other.test"]);
    expect(remote.connections).toBe(0);
  });

  test.each(["127.0.0.1", "[::ffff:127.0.0.1]", "2130706433", "0177.0.0.1", "0x7f.1", "127.1", "localhost"])(
    "S1: %s is not connected to",
    async (host) => {
      const remote = await startRemote((_request, response) => response.end("{}"));
      const { outbound } = open();
      await expect(outbound.fetchText(at(remote, "/", host, "https"), json)).rejects.toEqual(failure("not_allowed"));
      await expect(outbound.fetchText(at(remote, "/", host, "http"), json)).rejects.toEqual(failure("not_allowed"));
      await expect(
        outbound.post(at(remote, "/", host, "https"), { tenant, contentType: "text/plain", body: "" }),
      ).rejects.toEqual(failure("not_allowed"));
      expect(remote.connections).toBe(0);
    },
  );

  test("S2: a name that has passed once is judged again at each connection, by the addresses that the connection itself goes to", async () => {
    const remote = await startRemote((_request, response) => response.end("{}"));
    const { outbound, lookedUp } = open();
    const rebound = at(remote, "/", "rebind.test", "https");
    outbound.check(rebound);
    await expect(outbound.fetchText(rebound, json)).rejects.toEqual(failure("not_allowed"));
    await expect(outbound.post(rebound, { tenant, contentType: "text/plain", body: "" })).rejects.toEqual(failure("not_allowed"));
    expect({ lookedUp, connections: remote.connections }).toEqual({ lookedUp: ["rebind.test", "rebind.test"], connections: 0 });
  });

  test("S2: one private address among public ones condemns the name", async () => {
    const remote = await startRemote((_request, response) => response.end("{}"));
    const { outbound } = open({
      lookup: async () => [
        { address: "1.1.1.1", family: 4 },
        { address: "127.0.0.1", family: 4 },
      ],
    });
    await expect(outbound.fetchText(at(remote, "/", "mixed.test", "https"), json)).rejects.toEqual(failure("not_allowed"));
    expect(remote.connections).toBe(0);
  });

  test.each(["127.0.0.1", "169.254.169.254", "[::1]", "other.test"])("S2: a redirect to %s is not followed", async (host) => {
    const hidden = await startRemote((_request, response) => response.end("{}"));
    const remote = await startRemote((_request, response) => {
      response.writeHead(302, { Location: at(hidden, "/", host, "https") }).end();
    });
    const { outbound } = open();
    await expect(outbound.fetchText(at(remote), json)).rejects.toEqual(failure("not_allowed"));
    expect({ remote: remote.connections, hidden: hidden.connections }).toEqual({ remote: 1, hidden: 0 });
  });

  test("what has to come from the host itself is not fetched from where it redirects to, and not told where others followed it", async () => {
    const remote = await startRemote(({ url }, response) => {
      if (url === "/there") response.end("there");
      else response.writeHead(302, { Location: url === "/own" ? "/there" : at(remote, "/there", "also.test") }).end();
    });
    const { outbound } = open({ allowedHosts: ["allowed.test", "also.test"] });
    await expect(outbound.fetchText(at(remote, "/away"), json)).resolves.toBe("there");
    const own = { ...json, staysAtHost: true };
    await expect(outbound.fetchText(at(remote, "/away"), own)).rejects.toEqual(failure("redirected"));
    await expect(outbound.fetchText(at(remote, "/own"), own)).resolves.toBe("there");
  });

  test("check refuses what need not be looked up to be refused", () => {
    const { outbound } = open();
    expect(() => outbound.check("https://app.example/jwks")).not.toThrow();
    expect(() => outbound.check("http://allowed.test/jwks")).not.toThrow();
    expect(() => outbound.check("http://app.example/jwks")).toThrow(failure("not_allowed"));
    expect(() => outbound.check("https://10.0.0.1/jwks")).toThrow(failure("not_allowed"));
  });

  test("the proxies of an environment have no say", async () => {
    const proxy = await startRemote((_request, response) => response.end("{}"));
    const remote = await startRemote((_request, response) => response.end('"direct"'));
    const names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "NODE_USE_ENV_PROXY"] as const;
    const before = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) process.env[name] = name === "NODE_USE_ENV_PROXY" ? "1" : `http://127.0.0.1:${proxy.port}`;
    try {
      await expect(open().outbound.fetchJson(at(remote), json)).resolves.toBe("direct");
      expect(proxy.connections).toBe(0);
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });
});

describe("S3: what is too much is given up", () => {
  test("a reply that is longer than it may be, said or unsaid", async () => {
    const remote = await startRemote((request, response) => {
      if (request.url === "/said") response.writeHead(200, { "Content-Length": 1_000_000 });
      const write = () => {
        while (!response.destroyed && response.write("x".repeat(10_000)));
      };
      response.on("drain", write);
      write();
    });
    const { outbound } = open();
    await expect(outbound.fetchText(at(remote, "/said"), json)).rejects.toEqual(failure("too_large"));
    await expect(outbound.fetchText(at(remote, "/unsaid"), json)).rejects.toEqual(failure("too_large"));
  });

  test("a reply of exactly the length that it may have is taken", async () => {
    const remote = await startRemote((_request, response) => response.end("x".repeat(1000)));
    await expect(open().outbound.fetchText(at(remote), json)).resolves.toHaveLength(1000);
  });

  test("a host that says nothing, and one that never stops beginning", async () => {
    const silent = await startSilent();
    const trickling = await startRemote((_request, response) => {
      const timer = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(timer));
    });
    const { outbound } = open({ limits: { totalMilliseconds: 150 } });
    await expect(outbound.fetchText(at(silent), json)).rejects.toEqual(failure("timed_out"));
    await expect(outbound.fetchText(at(trickling), json)).rejects.toEqual(failure("timed_out"));
    await expect(
      outbound.post(at(silent), { tenant, contentType: "text/plain", body: "x", totalMilliseconds: 150 }),
    ).rejects.toEqual(failure("timed_out"));
  });

  test("a connection that is not established in its time", async () => {
    const { outbound } = open({ lookup: () => new Promise(() => {}), limits: { connectMilliseconds: 50 } });
    await expect(outbound.fetchText("http://allowed.test/", json)).rejects.toEqual(failure("timed_out"));
  });

  test("more redirects than three, and one to nowhere", async () => {
    const remote = await startRemote((request, response) => {
      const left = Number(request.url?.slice(1));
      if (Number.isNaN(left)) response.writeHead(302).end();
      else if (left > 0) response.writeHead(307, { Location: `/${left - 1}` }).end();
      else response.end("there");
    });
    const { outbound } = open();
    await expect(outbound.fetchText(at(remote, "/3"), json)).resolves.toBe("there");
    await expect(outbound.fetchText(at(remote, "/4"), json)).rejects.toEqual(failure("redirected"));
    await expect(outbound.fetchText(at(remote, "/nowhere"), json)).rejects.toEqual(failure("redirected"));
  });

  test("a reply that is encoded, so that a small one might become a large one", async () => {
    const remote = await startRemote((_request, response) => response.writeHead(200, { "Content-Encoding": "gzip" }).end("x"));
    await expect(open().outbound.fetchText(at(remote), json)).rejects.toEqual(failure("malformed"));
  });

  test.each([404, 500, 204])("a reply with the status %d", async (status) => {
    const remote = await startRemote((_request, response) => response.writeHead(status).end());
    await expect(open().outbound.fetchText(at(remote), json)).rejects.toEqual(failure("status"));
  });

  test("a name that is not known, and a port where nobody listens", async () => {
    const { outbound } = open({ lookup: () => Promise.reject(Object.assign(new Error("ENOTFOUND"), { code: "ENOTFOUND" })) });
    await expect(outbound.fetchText("http://allowed.test/", json)).rejects.toEqual(failure("unreachable"));
    await expect(open().outbound.fetchText("http://allowed.test:1/", json)).rejects.toEqual(failure("unreachable"));
  });

  test("what is not JSON, without a word of it in the error", async () => {
    const remote = await startRemote((_request, response) => response.end("secret words"));
    const refusal = await open()
      .outbound.fetchJson(at(remote), json)
      .catch((error: unknown) => error);
    expect(refusal).toEqual(failure("malformed"));
    expect(refusal instanceof Error && `${refusal.message}${refusal.cause}`).not.toContain("secret");
  });
});

test("X23: while one host hangs, with all that may wait for it, another is asked without delay", async () => {
  const silent = await startSilent();
  const remote = await startRemote((_request, response) => response.end("{}"));
  const { outbound } = open({ allowedHosts: ["allowed.test", "hung.test"], limits: { totalMilliseconds: 2000 } });
  const hung = Array.from({ length: 60 }, (_, index) =>
    outbound.fetchText(at(silent, `/${index}`, "hung.test"), json).catch((error: unknown) => error),
  );
  const start = performance.now();
  await outbound.fetchText(at(remote), json);
  expect(performance.now() - start).toBeLessThan(1000);
  expect(silent.connections).toBeLessThanOrEqual(4);
  const outcomes = await Promise.all(hung);
  expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(60);
  expect(outcomes).toContainEqual(failure("busy"));
  expect(outcomes).toContainEqual(failure("timed_out"));
});

test("X23: while a tenant's many hosts hang, another tenant is served at once, also what the first one waits for", async () => {
  const silent = await startSilent();
  const remote = await startRemote((_request, response) => response.end("{}"));
  const hosts = Array.from({ length: 100 }, (_, index) => `hung-${index}.test`);
  const { outbound } = open({ allowedHosts: ["allowed.test", ...hosts] });
  const waiting = hosts
    .map((host, index) => (index === 40 ? at(remote) : at(silent, "/", host)))
    .map((url) =>
      outbound.fetchText(url, json).then(
        () => "fetched",
        (error: OutboundError) => error.failure,
      ),
    );
  const other = { ...json, tenant: "76543210fedcba9876543210" as TenantId };
  await expect(Promise.race([outbound.fetchText(at(remote), other), ...waiting.slice(0, 16)])).resolves.toBe("{}");
  expect(silent.connections).toBeLessThanOrEqual(16);
  expect(await Promise.all(waiting)).toEqual(expect.arrayContaining(["timed_out", "busy"]));
});

describe("the cache", () => {
  test("a document is asked for once while it is fresh, and its JSON is the same object", async () => {
    let asked = 0;
    const remote = await startRemote((_request, response) => {
      asked++;
      response.writeHead(200, { "Cache-Control": "max-age=120" }).end('{"keys":[]}');
    });
    const { outbound, advance } = open();
    const [first, second] = await Promise.all([outbound.fetchJson(at(remote), json), outbound.fetchJson(at(remote), json)]);
    expect(second).toBe(first);
    advance(119_000);
    expect(await outbound.fetchJson(at(remote), json)).toBe(first);
    expect(asked).toBe(1);
    advance(1000);
    expect(await outbound.fetchJson(at(remote), json)).not.toBe(first);
    expect(asked).toBe(2);
  });

  test("a document of an age that will not do is asked for again", async () => {
    let asked = 0;
    const remote = await startRemote((_request, response) => {
      asked++;
      response.end("{}");
    });
    const { outbound, advance } = open();
    await outbound.fetchJson(at(remote), json);
    advance(31_000);
    await outbound.fetchJson(at(remote), json);
    expect(asked).toBe(1);
    await outbound.fetchJson(at(remote), { ...json, maximumAgeMilliseconds: 30_000 });
    await outbound.fetchJson(at(remote), { ...json, maximumAgeMilliseconds: 30_000 });
    expect(asked).toBe(2);
  });

  test("an address that fails is left alone for a moment", async () => {
    const remote = await startRemote((_request, response) => response.writeHead(500).end());
    const { outbound, advance } = open();
    for (let times = 0; times < 5; times++) {
      await expect(outbound.fetchJson(at(remote), json)).rejects.toEqual(failure("status"));
    }
    expect(remote.connections).toBe(1);
    advance(10_000);
    await expect(outbound.fetchJson(at(remote), json)).rejects.toEqual(failure("status"));
    expect(remote.connections).toBe(2);
  });
});

describe("post", () => {
  test("sends the body once and gives the status", async () => {
    const bodies: string[] = [];
    const remote = await startRemote(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      bodies.push(`${request.method} ${request.headers["content-type"]} ${Buffer.concat(chunks)}`);
      response.writeHead(400).end("no");
    });
    const { outbound } = open();
    const sent = { tenant, contentType: "application/x-www-form-urlencoded", body: "logout_token=x" };
    await expect(outbound.post(at(remote), sent)).resolves.toEqual({ status: 400 });
    expect(bodies).toEqual(["POST application/x-www-form-urlencoded logout_token=x"]);
  });

  test("S2: follows no redirect", async () => {
    const hidden = await startRemote((_request, response) => response.end());
    const remote = await startRemote((_request, response) => response.writeHead(307, { Location: at(hidden) }).end());
    await expect(open().outbound.post(at(remote), { tenant, contentType: "text/plain", body: "" })).resolves.toEqual({
      status: 307,
    });
    expect(hidden.connections).toBe(0);
  });

  test("ends when its caller gives up", async () => {
    const silent = await startSilent();
    const controller = new AbortController();
    const sending = open().outbound.post(at(silent), { tenant, contentType: "text/plain", body: "", signal: controller.signal });
    controller.abort(new Error("given up"));
    await expect(sending).rejects.toThrow("given up");
  });
});
