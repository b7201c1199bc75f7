import type { IncomingMessage } from "node:http";
import { parseProxies } from "@signet/config";
import { newAuthority } from "@signet/test-certificates";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Listening, listen } from "../listen.ts";
import { type Peer, peerReader } from "./peer.ts";

const none = { certificateHeader: undefined, verifiedHeader: undefined };
const certificate = newAuthority().issue("client").certificate;
const headers = {
  "X-Forwarded-For": "203.0.113.9",
  Forwarded: "for=203.0.113.10",
  "X-Real-IP": "203.0.113.11",
  "Client-Cert": encodeURIComponent(certificate),
  "Client-Verified": "SUCCESS",
};

/** Whose word was not taken. */
const untrusted: string[] = [];
beforeEach(() => void untrusted.splice(0));

let listening: Listening | undefined;
afterEach(() => listening?.close(0));

/** Who a request with those headers is from, for a Signet that trusts these proxies. */
async function peerOf(proxies: string, rest: Partial<Parameters<typeof peerReader>[0]> = {}): Promise<Peer> {
  const ranges = parseProxies(proxies);
  if ("problem" in ranges) throw new Error(ranges.problem);
  const read = peerReader({ ranges, ...none, ...rest }, (_, address) => untrusted.push(address));
  const { promise, resolve } = Promise.withResolvers<Peer>();
  const listener = async (message: IncomingMessage, response: { end(): unknown }) => {
    resolve(read(message));
    response.end();
  };
  listening = await listen(listener, { host: "127.0.0.1", port: 0, https: undefined, logger: { info() {}, error() {} } });
  await fetch(`http://127.0.0.1:${listening.port}/`, { headers });
  return promise;
}

const itself = { address: "127.0.0.1", clientCertificate: undefined };

test("K4: without trusted proxies whoever connects is the caller, whatever its headers say", async () => {
  expect(await peerOf("", { certificateHeader: "client-cert" })).toEqual(itself);
});

test("K4: whoever is none of the trusted proxies is the caller", async () => {
  expect(await peerOf("10.0.0.0/8 ::1", { certificateHeader: "client-cert" })).toEqual(itself);
});

test("of a request that comes from nobody who is trusted it is told from where, and of no other", async () => {
  await peerOf("127.0.0.0/8");
  expect(untrusted).toEqual([]);
  for (const proxies of ["", "10.0.0.0/8"]) await peerOf(proxies);
  expect(untrusted).toEqual(["127.0.0.1", "127.0.0.1"]);
});

test("a trusted proxy is believed about the address, and about no certificate unless a header is named for it", async () => {
  expect(await peerOf("127.0.0.0/8")).toEqual({ address: "203.0.113.9", clientCertificate: undefined });
});

test("a trusted proxy is believed about the certificate in the header that is named for it", async () => {
  const { clientCertificate } = await peerOf("127.0.0.1", { certificateHeader: "client-cert" });
  expect(clientCertificate).toMatchObject({ isVerified: false });
});

test("a trusted proxy is believed that it has verified the certificate where a header is named for that", async () => {
  const { clientCertificate } = await peerOf("127.0.0.1", {
    certificateHeader: "client-cert",
    verifiedHeader: "client-verified",
  });
  expect(clientCertificate).toMatchObject({ isVerified: true });
});
