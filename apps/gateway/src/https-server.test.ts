import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { connect as connectTcp } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import type { Current, HttpsConfig, HttpsIdentity } from "@signet/config";
import { type Issued, newAuthority } from "@signet/test-certificates";
import { afterEach, describe, expect, test } from "vitest";
import { type Listening, listen } from "./listen.ts";
import { peerReader } from "./peer/peer.ts";

const authority = newAuthority();
const stranger = newAuthority();

/** A setting that the test changes. */
function changeable(first: HttpsIdentity) {
  const listeners = new Set<{ changed(value: HttpsIdentity): void; refused(problem: string): void }>();
  const identity: Current<HttpsIdentity> = {
    value: first,
    onChange(changed, refused = () => {}) {
      const listener = { changed, refused };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { identity, listeners };
}

let listening: Listening | undefined;
afterEach(() => listening?.close(0));

async function listenWith(https: Partial<HttpsConfig> = {}, logged: unknown[] = []) {
  const read = peerReader({ ranges: [], certificateHeader: undefined, verifiedHeader: undefined }, () => {});
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const { clientCertificate } = read(request);
    response.end(JSON.stringify({ isShown: clientCertificate !== undefined, isVerified: clientCertificate?.isVerified }));
  };
  const { identity } = changeable(authority.issue("first"));
  const { port, close } = await listen(listener, {
    host: "127.0.0.1",
    port: 0,
    https: { identity, clientCertificates: false, clientAuthorities: undefined, ...https },
    logger: { info: (line: unknown) => logged.push(line), error: (line: unknown) => logged.push(line) },
  });
  listening = { port, close };
  return port;
}

async function connected(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: "127.0.0.1", port, ca: authority.certificate, servername: "localhost", ...options });
  await once(socket, "secureConnect");
  return socket;
}

async function shownCertificate(port: number): Promise<string | undefined> {
  const socket = await connected(port);
  const name = socket.getPeerX509Certificate()?.subject;
  socket.destroy();
  return name;
}

/** What the server made of the certificate that a caller shows. */
async function seen(port: number, client?: Issued): Promise<unknown> {
  const socket = await connected(port, client === undefined ? {} : { cert: client.certificate, key: client.key });
  socket.setEncoding("utf8").write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  await once(socket, "end");
  return JSON.parse(text.slice(text.indexOf("\r\n\r\n")));
}

describe("TLS", () => {
  test("is of version 1.3 where the caller can, and at least of 1.2 with a key for each connection", async () => {
    const port = await listenWith();
    const newest = await connected(port);
    const older = await connected(port, { maxVersion: "TLSv1.2" });
    expect([newest.getProtocol(), older.getProtocol()]).toEqual(["TLSv1.3", "TLSv1.2"]);
    expect(older.getCipher().name).toMatch(/^ECDHE-ECDSA-.*(?:GCM|POLY1305)/);
    newest.destroy();
    older.destroy();
  });

  test.each([
    ["1.1", { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" }],
    ["1.2 without forward secrecy", { maxVersion: "TLSv1.2", ciphers: "AES128-GCM-SHA256:AES256-SHA256" }],
    ["1.2 without authenticated encryption", { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA256" }],
  ] as const)("is never %s", async (_, options) => {
    const port = await listenWith();
    await expect(connected(port, options)).rejects.toThrow(/alert|no protocols available/i);
  });

  test("shows a certificate that has changed to whoever connects afterwards, and does not disturb who is there", async () => {
    const { identity, listeners } = changeable(authority.issue("first"));
    const logged: unknown[] = [];
    const port = await listenWith({ identity }, logged);
    const before = await connected(port);
    expect(before.getPeerX509Certificate()?.subject).toBe("CN=first");
    for (const { changed } of listeners) changed(authority.issue("second"));
    expect(await shownCertificate(port)).toBe("CN=second");
    before.setEncoding("utf8").write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect(String(await once(before, "data"))).toContain("200 OK");
    before.destroy();
    expect(logged).toEqual(["the certificate has changed and is in force"]);
  });

  test("keeps the certificate where the new one cannot be used, and says so", async () => {
    const { identity, listeners } = changeable(authority.issue("first"));
    const logged: unknown[] = [];
    const port = await listenWith({ identity }, logged);
    for (const { refused } of listeners) refused("x.pem cannot be used");
    expect(await shownCertificate(port)).toBe("CN=first");
    expect(logged).toEqual([{ problem: "x.pem cannot be used" }]);
  });

  test("is not stopped by a caller that speaks something else", async () => {
    const port = await listenWith();
    const socket = connectTcp(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\n\r\n")).on("error", () => {});
    await once(socket, "close");
    expect(await shownCertificate(port)).toBe("CN=first");
  });
});

describe("a client's certificate", () => {
  test("is not asked for unless a setting says so", async () => {
    expect(await seen(await listenWith(), authority.issue("client"))).toEqual({ isShown: false });
  });

  test("is asked for and need not be shown", async () => {
    expect(await seen(await listenWith({ clientCertificates: true }))).toEqual({ isShown: false });
  });

  test("is not verified without authorities", async () => {
    const port = await listenWith({ clientCertificates: true });
    expect(await seen(port, authority.issue("client"))).toEqual({ isShown: true, isVerified: false });
  });

  test("is verified up to the authorities, and a stranger's is taken as it is", async () => {
    const port = await listenWith({ clientCertificates: true, clientAuthorities: authority.certificate });
    expect(await seen(port, authority.issue("client"))).toEqual({ isShown: true, isVerified: true });
    expect(await seen(port, stranger.issue("client"))).toEqual({ isShown: true, isVerified: false });
  });
});
