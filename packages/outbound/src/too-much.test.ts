import { describe, expect, test } from "vitest";
import { at, failure, json, open, tenant } from "./testing/open-outbound.ts";
import { startRemote, startSilent } from "./testing/remote.ts";

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
