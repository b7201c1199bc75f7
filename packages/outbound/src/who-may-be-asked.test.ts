import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { newAuthority } from "@signet/test-certificates";
import { describe, expect, onTestFinished, test } from "vitest";
import { at, failure, json, open, tenant } from "./testing/open-outbound.ts";
import { startRemote } from "./testing/remote.ts";

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
