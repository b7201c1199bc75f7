import { X509Certificate } from "node:crypto";
import { newAuthority } from "@signet/test-certificates";
import fc from "fast-check";
import { expect, test } from "vitest";
import { certificateInHeader } from "./client-certificate.ts";

const pem = newAuthority().issue("client").certificate;
const der = new X509Certificate(pem).raw;
const base64 = der.toString("base64");

test.each([
  ["a byte sequence of RFC 9440", `:${base64}:`],
  ["base64", base64],
  ["PEM with percent-encoding, as nginx writes it", encodeURIComponent(pem)],
])("a certificate is read from %s", (_, header) => {
  expect(certificateInHeader(header, undefined)).toEqual({ der, isVerified: false });
});

test.each([
  ["nothing", ""],
  ["two of them", `:${base64}:, :${base64}:`],
  ["two in PEM", encodeURIComponent(pem + pem)],
  ["half a byte sequence", `:${base64}`],
  ["a private key", encodeURIComponent(newAuthority().issue("client").key)],
  ["what is no certificate", ":MA==:"],
  ["broken percent-encoding", "%E0%A4%A"],
])("there is none in %s", (_, header) => {
  expect(certificateInHeader(header, "SUCCESS")).toBeUndefined();
});

test("it counts as verified only where the proxy says just that", () => {
  const isVerified = (said: string | string[] | undefined) => certificateInHeader(base64, said)?.isVerified;
  expect(isVerified("SUCCESS")).toBe(true);
  expect([undefined, "", "success", "NONE", "FAILED:self signed", "SUCCESS, SUCCESS", ["SUCCESS"]].map(isVerified)).toEqual(
    Array(7).fill(false),
  );
});

test("whatever the header is, it is read or it is not, and nothing is thrown", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.base64String().map((text) => `:${text}:`),
      ),
      (header) => {
        certificateInHeader(header, "SUCCESS");
      },
    ),
  );
});
