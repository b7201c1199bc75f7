import { expect, test } from "vitest";
import { requireServerTls, requireUsableTls } from "./require-tls.ts";
import { StartError } from "./start-error.ts";

const nothing = { certificate: undefined, key: undefined, authorities: undefined };
const given = { certificate: "c", key: "k", authorities: "a" };
const noCertificate = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n";

test.each([
  ["a certificate without a key", { ...nothing, certificate: noCertificate }, "are given together or not at all"],
  ["a key without a certificate", { ...nothing, key: "k" }, "are given together or not at all"],
  [
    "a certificate that is none",
    { ...nothing, certificate: noCertificate, key: "k" },
    "SIGNET_TLS_CERTIFICATE with SIGNET_TLS_KEY cannot be used: ",
  ],
  ["authorities that are none", { ...nothing, authorities: noCertificate }, "SIGNET_TLS_AUTHORITIES cannot be used: "],
])("%s is refused in one line", (_, tls, said) => {
  expect(() => requireUsableTls(tls)).toThrow(StartError);
  expect(() => requireUsableTls(tls)).toThrow(said);
  expect(() => requireUsableTls(tls)).not.toThrow("\n");
});

test("without TLS there is nothing to refuse", () => {
  requireUsableTls(nothing);
  requireServerTls("grpc://127.0.0.1:1", nothing, []);
});

const byCertificate = [{ name: "gateway", right: undefined, tokens: [], certificateName: "gateway" }];

test("a service at grpcs: needs a certificate", () => {
  expect(() => requireServerTls("grpcs://127.0.0.1:1", nothing, [])).toThrow("SIGNET_RPC_LISTEN is grpcs:");
  requireServerTls("grpcs://127.0.0.1:1", given, []);
});

test("a caller who is known by a certificate is refused where none is verified: it would never be let in", () => {
  expect(() => requireServerTls("grpc://127.0.0.1:1", given, byCertificate)).toThrow(
    "SIGNET_CALLERS knows gateway by a certificate",
  );
  const without = { ...given, authorities: undefined };
  expect(() => requireServerTls("grpcs://127.0.0.1:1", without, byCertificate)).toThrow("needs a grpcs: SIGNET_RPC_LISTEN and");
  requireServerTls("grpcs://127.0.0.1:1", given, byCertificate);
});
