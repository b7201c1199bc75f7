import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CertificateSubjectMember } from "./certificate-subject.ts";
import { certificateThumbprint, isOfSubject, parseCertificate } from "./client-certificate.ts";
import { isSameName, nameInLines, parseDistinguishedName } from "./distinguished-name.ts";
import { alternativeNames, canonicalAddress } from "./subject-alternative-names.ts";

// Valid for a century: C=DE, O="Müller, Söhne ", CN="client #1" + UID=17, emailAddress=ops@app.example, CN=app\client, and one name of each other kind.
const pem = `-----BEGIN CERTIFICATE-----
MIICiDCCAi6gAwIBAgIUX/cAGh3SXdELdCmVmhIPs6dgFp0wCgYIKoZIzj0EAwIw
gYMxCzAJBgNVBAYTAkRFMRkwFwYDVQQKDBBNw7xsbGVyLCBTw7ZobmUgMSQwEAYD
VQQDDAljbGllbnQgIzEwEAYKCZImiZPyLGQBAQwCMTcxHjAcBgkqhkiG9w0BCQEW
D29wc0BhcHAuZXhhbXBsZTETMBEGA1UEAwwKYXBwXGNsaWVudDAgFw0yNjExMjQx
NTM2MDhaGA8yMTI2MTAzMTE1MzYwOFowgYMxCzAJBgNVBAYTAkRFMRkwFwYDVQQK
DBBNw7xsbGVyLCBTw7ZobmUgMSQwEAYDVQQDDAljbGllbnQgIzEwEAYKCZImiZPy
LGQBAQwCMTcxHjAcBgkqhkiG9w0BCQEWD29wc0BhcHAuZXhhbXBsZTETMBEGA1UE
AwwKYXBwXGNsaWVudDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOwY9/Okm8RY
9W33vRGXvRgofbmi7t2dZtVv3vvSYl7eqJNpXH2VqCANznbbAXMYVZDLQ0P1uZPq
vWfOiZ0jNu6jfDB6MFkGA1UdEQRSMFCCC0FwcC5leGFtcGxlhhhodHRwczovL2Fw
cC5leGFtcGxlLz9hPTGHBAoBAgOHECABDbgAAAAAAAAAAAAAAAGBD29wc0BhcHAu
ZXhhbXBsZTAdBgNVHQ4EFgQUfzBRsqFx4wGO/azYj+TKQ07KeF4wCgYIKoZIzj0E
AwIDSAAwRQIgIDEqlHnNBILeN/HGdQCGg1v+iMmCOdKffO9+FXPhD0YCIQDilvPd
PQbxcjz7Td2yjTG94MhhiXGKBr+WxhH5cHYnAQ==
-----END CERTIFICATE-----
`;
const certificate = new X509Certificate(pem);
const is = (member: CertificateSubjectMember, value: string) => isOfSubject(certificate, { member, value });

describe("the subject of a certificate", () => {
  test.each([
    "CN=app\\\\client,emailAddress=ops@app.example,CN=client #1+UID=17,O=Müller\\, Söhne\\ ,C=DE",
    "CN=app\\5Cclient, E=ops@app.example, UID=17 + CN=client \\#1, O=M\\C3\\BCller\\2C S\\c3\\b6hne\\20, C=DE",
    "2.5.4.3=app\\\\client,1.2.840.113549.1.9.1=#160F6F7073406170702E6578616D706C65,cn=client #1+uid=17,o=Müller\\, Söhne\\ ,c=DE",
  ])("is named by RFC 4514, however that is spelled: %s", (name) => {
    expect(is("tls_client_auth_subject_dn", name)).toBe(true);
  });

  test.each([
    "C=DE,O=Müller\\, Söhne\\ ,CN=client #1+UID=17,emailAddress=ops@app.example,CN=app\\\\client",
    "CN=app\\\\client,emailAddress=ops@app.example,CN=client #1+UID=17,O=Müller\\, Söhne,C=DE",
    "CN=app\\\\client,emailAddress=ops@app.example,CN=client #1,UID=17,O=Müller\\, Söhne\\ ,C=DE",
    "CN=App\\\\Client,emailAddress=ops@app.example,CN=client #1+UID=17,O=Müller\\, Söhne\\ ,C=DE",
    "CN=app\\\\client",
    "CN=client #1",
    "",
    "CN",
    "=x",
    "CN=a,",
    'CN="app"',
  ])("is no other name, and no part of one: %s", (name) => {
    expect(is("tls_client_auth_subject_dn", name)).toBe(false);
  });

  test("whatever the text is, it represents a name or none, and a name that was escaped is read back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const name = parseDistinguishedName(text);
        if (name !== undefined) expect(isSameName(name, name)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 1 }).filter((text) => text.isWellFormed()),
        (value) => {
          const hex = [...Buffer.from(value)].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
          expect(parseDistinguishedName(`CN=${hex},C=DE`)).toEqual([[["C", "DE"]], [["CN", value]]]);
        },
      ),
    );
  });

  test("a certificate without a name is nobody's", () => {
    expect(nameInLines(undefined)).toBeUndefined();
    expect(nameInLines("")).toBeUndefined();
  });
});

describe("the other names of a certificate", () => {
  test.each<[CertificateSubjectMember, string]>([
    ["tls_client_auth_san_dns", "app.example"],
    ["tls_client_auth_san_uri", "https://app.example/?a=1"],
    ["tls_client_auth_san_ip", "10.1.2.3"],
    ["tls_client_auth_san_ip", "2001:db8::1"],
    ["tls_client_auth_san_ip", "2001:0DB8:0:0:0:0:0:1"],
    ["tls_client_auth_san_email", "ops@app.example"],
  ])("%s %s is one", (member, value) => {
    expect(is(member, value)).toBe(true);
  });

  test.each<[CertificateSubjectMember, string]>([
    ["tls_client_auth_san_dns", "example"],
    ["tls_client_auth_san_dns", "*.example"],
    ["tls_client_auth_san_dns", "ops@app.example"],
    ["tls_client_auth_san_uri", "https://app.example/?a=2"],
    ["tls_client_auth_san_uri", "https://APP.example/?a=1"],
    ["tls_client_auth_san_ip", "10.1.2.4"],
    ["tls_client_auth_san_ip", "app.example"],
    ["tls_client_auth_san_email", "OPS@app.example"],
    ["tls_client_auth_san_email", "app.example"],
  ])("%s %s is none", (member, value) => {
    expect(is(member, value)).toBe(false);
  });

  test("a value that looks like another entry is none", () => {
    expect(alternativeNames('DNS:"evil.example, DNS:app.example", URI:https://a.example/')).toEqual([
      { kind: "DNS", value: "evil.example, DNS:app.example" },
      { kind: "URI", value: "https://a.example/" },
    ]);
    expect(alternativeNames('DNS:evil.example", DNS:app.example')).toEqual([]);
    expect(alternativeNames("nonsense")).toEqual([]);
    expect(alternativeNames(undefined)).toEqual([]);
  });

  test("an address is written in one way", () => {
    expect(canonicalAddress("2001:DB8:0:0:0:0:0:1")).toBe("[2001:db8::1]");
    expect(canonicalAddress("fe80::1%eth0")).toBeUndefined();
    expect(canonicalAddress("010.1.2.3")).toBeUndefined();
  });
});

test("what is no certificate is none", () => {
  expect(parseCertificate(Buffer.from("nonsense"))).toBeUndefined();
  expect(parseCertificate(certificate.raw)?.fingerprint256).toBe(certificate.fingerprint256);
});

test("the thumbprint is the SHA-256 of the certificate", () => {
  const hex = Buffer.from(certificateThumbprint(certificate.raw), "base64url").toString("hex");
  expect(hex.toUpperCase()).toBe(certificate.fingerprint256.replaceAll(":", ""));
});
