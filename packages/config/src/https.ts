import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import type { HttpsConfig, HttpsIdentity, ProxiesConfig } from "./config.ts";
import { type Current, constant, ofFiles, type Parsed } from "./current.ts";
import type { Given } from "./environment.ts";
import { parseProxies } from "./proxies.ts";

/** The settings of the public listener, each of them right by itself. */
export interface EdgeValues {
  readonly SIGNET_PUBLIC_URL?: string | undefined;
  readonly SIGNET_HTTPS_CERTIFICATE?: string | undefined;
  readonly SIGNET_HTTPS_KEY?: string | undefined;
  readonly SIGNET_HTTPS_CLIENT_CERTIFICATES: "on" | "off";
  readonly SIGNET_HTTPS_CLIENT_AUTHORITIES?: string | undefined;
  readonly SIGNET_TRUSTED_PROXIES?: string | undefined;
  readonly SIGNET_CLIENT_CERTIFICATE_HEADER?: string | undefined;
  readonly SIGNET_CLIENT_CERTIFICATE_VERIFIED_HEADER?: string | undefined;
}

/** What is wrong with the settings of the public listener together, a line for each problem. */
export function edgeProblems(values: EdgeValues): readonly string[] {
  return [...httpsProblems(values), ...proxyProblems(values)];
}

function httpsProblems(values: EdgeValues): readonly string[] {
  const { SIGNET_HTTPS_CERTIFICATE: certificate, SIGNET_HTTPS_KEY: key, SIGNET_HTTPS_CLIENT_AUTHORITIES: authorities } = values;
  const asksForCertificates = values.SIGNET_HTTPS_CLIENT_CERTIFICATES === "on";
  const problems: string[] = [];
  if ((certificate === undefined) !== (key === undefined))
    problems.push("SIGNET_HTTPS_CERTIFICATE and SIGNET_HTTPS_KEY are given together or not at all");
  if (certificate !== undefined && key !== undefined) {
    const parsed = parseIdentity({ certificate, key });
    if ("problem" in parsed) problems.push(`SIGNET_HTTPS_CERTIFICATE with SIGNET_HTTPS_KEY ${parsed.problem}`);
    if (values.SIGNET_PUBLIC_URL?.startsWith("http:"))
      problems.push("SIGNET_PUBLIC_URL must be an https: URL where SIGNET_HTTPS_CERTIFICATE is given");
  }
  if (asksForCertificates && certificate === undefined)
    problems.push("SIGNET_HTTPS_CLIENT_CERTIFICATES is on, which needs SIGNET_HTTPS_CERTIFICATE");
  if (authorities !== undefined && !asksForCertificates)
    problems.push("SIGNET_HTTPS_CLIENT_AUTHORITIES is given, which needs SIGNET_HTTPS_CLIENT_CERTIFICATES to be on");
  if (authorities !== undefined && !areCertificates(authorities))
    problems.push("SIGNET_HTTPS_CLIENT_AUTHORITIES has something in it that is no certificate");
  return problems;
}

function proxyProblems(values: EdgeValues): readonly string[] {
  const { SIGNET_CLIENT_CERTIFICATE_HEADER: header, SIGNET_CLIENT_CERTIFICATE_VERIFIED_HEADER: verified } = values;
  const problems: string[] = [];
  if (header !== undefined && values.SIGNET_TRUSTED_PROXIES === undefined)
    problems.push("SIGNET_CLIENT_CERTIFICATE_HEADER is given, which needs SIGNET_TRUSTED_PROXIES: nobody else's is believed");
  if (verified !== undefined && header === undefined)
    problems.push("SIGNET_CLIENT_CERTIFICATE_VERIFIED_HEADER is given, which needs SIGNET_CLIENT_CERTIFICATE_HEADER");
  return problems;
}

/** Whether certificate and key go together, as TLS wants them. */
function parseIdentity({ certificate, key }: HttpsIdentity): Parsed<HttpsIdentity> {
  try {
    createSecureContext({ cert: certificate, key });
    return { value: { certificate, key } };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { problem: `cannot be used: ${reason}` };
  }
}

/** A secure context would leave out without a word what is no certificate. */
function areCertificates(pem: string): boolean {
  const parts = pem.split(/(?<=-----END [A-Z ]+-----)\s+/).filter((part) => part.trim() !== "");
  try {
    for (const part of parts) new X509Certificate(part);
    return true;
  } catch {
    return false;
  }
}

/** What TLS is ended with; undefined where it is not ended here. */
export function httpsOf(values: EdgeValues, given: Given): HttpsConfig | undefined {
  const { SIGNET_HTTPS_CERTIFICATE: certificate, SIGNET_HTTPS_KEY: key } = values;
  if (certificate === undefined || key === undefined) return undefined;
  return {
    identity: currentIdentity({ certificate, key }, given),
    clientCertificates: values.SIGNET_HTTPS_CLIENT_CERTIFICATES === "on",
    clientAuthorities: values.SIGNET_HTTPS_CLIENT_AUTHORITIES,
  };
}

/** Certificate and key change together: what of them is in files is read as one. */
function currentIdentity(value: HttpsIdentity, { files }: Given): Current<HttpsIdentity> {
  const certificatePath = files.get("SIGNET_HTTPS_CERTIFICATE");
  const keyPath = files.get("SIGNET_HTTPS_KEY");
  if (certificatePath === undefined && keyPath === undefined) return constant(value);
  const paths = [certificatePath, keyPath].filter((path) => path !== undefined);
  const texts = [certificatePath && value.certificate, keyPath && value.key].filter((text) => text !== undefined);
  return ofFiles(paths, { texts, value }, (changed) =>
    parseIdentity({
      certificate: certificatePath === undefined ? value.certificate : (changed[0] ?? ""),
      key: keyPath === undefined ? value.key : (changed.at(-1) ?? ""),
    }),
  );
}

/** Whom to believe. */
export function proxiesOf(values: EdgeValues): ProxiesConfig {
  const ranges = parseProxies(values.SIGNET_TRUSTED_PROXIES ?? "");
  return {
    ranges: "problem" in ranges ? [] : ranges,
    certificateHeader: values.SIGNET_CLIENT_CERTIFICATE_HEADER,
    verifiedHeader: values.SIGNET_CLIENT_CERTIFICATE_VERIFIED_HEADER,
  };
}
