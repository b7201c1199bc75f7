import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newAuthority } from "@signet/test-certificates";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError } from "./config-error.ts";
import { parseConfig } from "./parse-config.ts";

const folder = mkdtempSync(join(tmpdir(), "signet-https-"));
afterAll(() => rmSync(folder, { recursive: true }));

const authority = newAuthority();
const [first, second] = [authority.issue("first"), authority.issue("second")];
const pair = { SIGNET_HTTPS_CERTIFICATE: first.certificate, SIGNET_HTTPS_KEY: first.key };

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    parseConfig("standalone", environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("TLS of the public listener", () => {
  test("is off without a certificate", () => {
    expect(parseConfig("standalone", {}).https).toBeUndefined();
  });

  test("makes the public URL an https one where none is given", () => {
    const { publicUrl, https } = parseConfig("standalone", pair);
    expect(publicUrl).toBe("https://localhost:4000");
    expect(https).toMatchObject({ clientCertificates: false, clientAuthorities: undefined });
    expect(https?.identity.value.certificate).toContain("BEGIN CERTIFICATE");
  });

  test.each([
    ["a certificate alone", { SIGNET_HTTPS_CERTIFICATE: first.certificate }, "are given together or not at all"],
    ["a key alone", { SIGNET_HTTPS_KEY: first.key }, "are given together or not at all"],
    ["another's key", { ...pair, SIGNET_HTTPS_KEY: second.key }, "SIGNET_HTTPS_KEY cannot be used: "],
    ["a public URL without TLS", { ...pair, SIGNET_PUBLIC_URL: "http://localhost:4000" }, "must be an https: URL where"],
    ["client certificates without TLS", { SIGNET_HTTPS_CLIENT_CERTIFICATES: "on" }, "needs SIGNET_HTTPS_CERTIFICATE"],
    [
      "authorities that nobody is asked for",
      { ...pair, SIGNET_HTTPS_CLIENT_AUTHORITIES: authority.certificate },
      "needs SIGNET_HTTPS_CLIENT_CERTIFICATES",
    ],
    [
      "authorities that are none",
      {
        ...pair,
        SIGNET_HTTPS_CLIENT_CERTIFICATES: "on",
        SIGNET_HTTPS_CLIENT_AUTHORITIES: `${authority.certificate}-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----`,
      },
      "that is no certificate",
    ],
    ["a certificate's header from nobody", { SIGNET_CLIENT_CERTIFICATE_HEADER: "Client-Cert" }, "needs SIGNET_TRUSTED_PROXIES"],
    [
      "a verification of nothing",
      { SIGNET_TRUSTED_PROXIES: "10.0.0.1", SIGNET_CLIENT_CERTIFICATE_VERIFIED_HEADER: "X-Verified" },
      "needs SIGNET_CLIENT_CERTIFICATE_HEADER",
    ],
  ])("refuses %s in one line", (_, environment, said) => {
    const problems = problemsOf(environment);
    expect(problems).toEqual([expect.stringContaining(said)]);
    expect(problems.join()).not.toContain("\n");
    expect(problems.join()).not.toContain("BEGIN");
  });

  test("takes a certificate and its key as one when their files change, and keeps them where they do not go together", async () => {
    const certificatePath = file("certificate.pem", first.certificate);
    const keyPath = file("key.pem", first.key);
    const { https } = parseConfig("standalone", {
      SIGNET_HTTPS_CERTIFICATE_FILE: certificatePath,
      SIGNET_HTTPS_KEY_FILE: keyPath,
    });
    const heard: string[] = [];
    const stop = https?.identity.onChange(
      ({ certificate }) => heard.push(certificate.trim() === second.certificate.trim() ? "second" : "another"),
      (problem) => heard.push(problem),
    );
    writeFileSync(certificatePath, second.certificate);
    await expect.poll(() => heard.length, { timeout: 5000 }).toBe(1);
    expect(https?.identity.value.certificate.trim()).toBe(first.certificate.trim());
    writeFileSync(keyPath, second.key);
    await expect.poll(() => heard.length, { timeout: 5000 }).toBe(2);
    stop?.();
    expect(heard).toEqual([expect.stringContaining(`${certificatePath} with ${keyPath} cannot be used: `), "second"]);
    expect(https?.identity.value).toEqual({ certificate: second.certificate.trim(), key: second.key.trim() });
  });
});

describe("trusted proxies", () => {
  test("are addresses and ranges of both families, with spaces or commas between them", () => {
    const { proxies } = parseConfig("standalone", { SIGNET_TRUSTED_PROXIES: "10.0.0.0/8, 192.0.2.1\n2001:db8::/32,::1" });
    expect(proxies.ranges).toEqual([
      { address: "10.0.0.0", prefixLength: 8, family: "ipv4" },
      { address: "192.0.2.1", prefixLength: 32, family: "ipv4" },
      { address: "2001:db8::", prefixLength: 32, family: "ipv6" },
      { address: "::1", prefixLength: 128, family: "ipv6" },
    ]);
  });

  test.each([
    ["proxy.example", "has no IP address or range in entry 1"],
    ["10.0.0.1 10.0.0", "has no IP address or range in entry 2"],
    ["10.0.0.0/8/8", "has no IP address or range in entry 1"],
    ["10.0.0.0/33", "has no prefix length from 1 to 32 in entry 1"],
    ["2001:db8::/129", "has no prefix length from 1 to 128 in entry 1"],
    ["10.0.0.0/x", "has no prefix length from 1 to 32 in entry 1"],
    ["fe80::1%eth0", "has no IP address or range in entry 1"],
    ["::ffff:10.0.0.1", "has an IPv4 address written as IPv6 in entry 1"],
    ["0.0.0.0/0", "would believe everybody in entry 1"],
    ["::/0", "would believe everybody in entry 1"],
    [Array(257).fill("10.0.0.1").join(" "), "has more than 256 entries"],
  ])("are not %s", (text, problem) => {
    expect(problemsOf({ SIGNET_TRUSTED_PROXIES: text })).toEqual([`SIGNET_TRUSTED_PROXIES ${problem}`]);
  });

  test("the headers' names are told apart by no case", () => {
    const { proxies } = parseConfig("standalone", {
      SIGNET_TRUSTED_PROXIES: "10.0.0.1",
      SIGNET_CLIENT_CERTIFICATE_HEADER: "X-SSL-Cert",
    });
    expect(proxies.certificateHeader).toBe("x-ssl-cert");
  });
});
