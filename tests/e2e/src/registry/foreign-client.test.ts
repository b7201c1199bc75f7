import { readFile } from "node:fs/promises";
import type { ClientHttp2Session } from "node:http2";
import { type ServicesUnderTest, startServices } from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, connectTo, delimited } from "./http2-call.ts";
import { recording } from "./recording.ts";
import { replay } from "./replay.ts";

const service = "/signet.registry.v1.ClientRegistryService";

let signet: ServicesUnderTest;
let connection: ClientHttp2Session;

beforeAll(async () => {
  signet = await startServices({ callers: ["foreign:write", "billing:read"] });
  connection = connectTo(signet.replicas["client-registry"][0]?.url ?? "");
});
afterAll(async () => {
  connection.destroy();
  await signet.stop();
});

/** How a call ends, of which the body is given as it is. */
async function endingOf(method: string, message: Uint8Array, headers: Readonly<Record<string, string>> = {}) {
  const authorization = `Bearer ${signet.tokenOf("foreign")}`;
  return await call(connection, `${service}/${method}`, delimited(message), { authorization, ...headers }).ended();
}

/** A message of fields of texts, written by hand. */
function fields(...texts: readonly (readonly [number, string | Uint8Array])[]): Buffer {
  return Buffer.concat(
    texts.flatMap(([number, text]) => {
      const bytes = Buffer.from(text);
      return [Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes];
    }),
  );
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

test("what Python's grpcio says to the registry has the answers that it had when it was recorded", async () => {
  const recorded = recording.parse(
    JSON.parse(await readFile(new URL("recordings/python.json", import.meta.url), { encoding: "utf8" })),
  );
  expect(recorded.client).toMatch(/^grpc-python\//);
  const compared = await replay(recorded, connection, signet.tokenOf("foreign"));
  expect(compared.length).toBeGreaterThan(15);
  for (const { of, recorded, now } of compared) expect(now, of).toEqual(recorded);
});

describe("bad input has a status and a message that says what to change", () => {
  const unknownTenant = fields([1, "nobody"]);
  test.each<[string, string, Uint8Array, number, RegExp]>([
    ["CreateTenant", "no name", fields(), 3, /^name must be/],
    ["CreateTenant", "a name of a kilobyte", fields([1, "a".repeat(1024)]), 3, /^name must be/],
    ["CreateTenant", "a name that is taken", fields([1, "default"]), 6, /already/],
    ["GetTenant", "no name", fields(), 5, /no tenant/],
    ["UpdateTenant", "an unknown tenant", unknownTenant, 5, /no tenant/],
    ["UpdateTenant", "a short registration token", fields([1, "default"], [2, fields([7, "short"])]), 3, /^token/],
    ["DeleteTenant", "the default one", fields([1, "default"]), 3, /cannot be deleted/],
    ["ListTenants", "a cursor that never was", fields([1, fields([2, "nonsense"])]), 3, /^cursor must be/],
    ["ListTenants", "a limit of 201", fields([1, Buffer.from([8, 201, 1])]), 3, /^limit must be/],
    ["CreateClient", "an unknown tenant", unknownTenant, 5, /no tenant/],
    ["CreateClient", "no redirect URI", fields([1, "default"]), 3, /^invalid_redirect_uri: /],
    ["CreateClient", "a grant type of its own", fields([1, "default"], [2, fields([3, "magic"])]), 3, /^invalid_/],
    ["GetClient", "no client_id", fields([1, "default"]), 5, /no client/],
    ["UpdateClient", "an unknown client", fields([1, "default"], [2, "0".repeat(24)]), 5, /no client/],
    ["DeleteClient", "an unknown client", fields([1, "default"], [2, "0".repeat(24)]), 5, /no client/],
    ["ListClients", "an unknown tenant", unknownTenant, 5, /no tenant/],
    ["GetTenant", "bytes that are no message", Buffer.from([0x0a, 0xff]), 3, /not a message of its type/],
    ["GetTenant", "a message of two mebibytes", Buffer.alloc(2 * 1024 * 1024), 8, /./],
    ["Invented", "no such method", fields(), 12, /./],
    ["RewrapDataKeys", "a method that is for another caller", fields(), 7, /^foreign may not/],
  ])("%s, %s", async (method, _what, message, status, said) => {
    expect(await endingOf(method, message)).toEqual({ status, message: expect.stringMatching(said) });
  });

  test.each([
    ["none", undefined],
    ["another scheme", "Basic Zm9v"],
    ["one that nobody has", `Bearer ${"x".repeat(43)}`],
    ["a registration token", "Bearer registration"],
  ])("a service token is required: %s", async (_what, authorization) => {
    const given = authorization === "Bearer registration" ? `Bearer ${signet.registrationToken}` : (authorization ?? "");
    const ending = await endingOf("ListTenants", fields(), { authorization: given });
    expect(ending).toEqual({ status: 16, message: "a service token is required" });
  });

  test("an expired deadline ends the call", async () => {
    const ending = await endingOf("ListTenants", fields(), { "grpc-timeout": "1n" });
    expect(ending.status).toBe(4);
  });

  test("G5: with the right to read, secrets are not shown", async () => {
    const message = Buffer.concat([fields([1, "default"]), Buffer.from([(3 << 3) | 0, 1])]);
    const authorization = `Bearer ${signet.tokenOf("billing")}`;
    const ending = await endingOf("ListClients", message, { authorization });
    expect(ending).toEqual({ status: 7, message: "client secrets are shown only to callers with the right to write" });
  });
});
