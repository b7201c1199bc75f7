import { createPublicKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { type Issued, newAuthority, selfSignedCertificate } from "@signet/test-certificates";
import {
  type Application,
  newApplication,
  obtainCode,
  type RegisteredClient,
  redirectUri,
  type Signet,
  startSignet,
} from "@signet/testkit";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { granted, invalidClient, invalidRequest, invalidToken, outcome } from "./outcomes.ts";

const serverAuthority = newAuthority();
const clientAuthority = newAuthority();
setDefaultCACertificates([...getCACertificates(), serverAuthority.certificate]);

const server = serverAuthority.issue("signet");
const appCertificate = clientAuthority.issue("app");
const otherCertificate = clientAuthority.issue("other");
/** Of an authority that Signet does not know, for the same name. */
const pretended = newAuthority().issue("app");
const own = selfSigned();
const stranger = selfSigned();

function selfSigned(): Issued {
  const { key, cert } = selfSignedCertificate();
  return { key, certificate: cert };
}

const rawOf = ({ certificate }: Issued) => new X509Certificate(certificate).raw;
const thumbprintOf = ({ certificate }: Issued) =>
  Buffer.from(new X509Certificate(certificate).fingerprint256.replaceAll(":", ""), "hex").toString("base64url");
const keyOf = ({ certificate }: Issued) => createPublicKey(certificate).export({ format: "jwk" });

interface Sent {
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly certificate?: Issued | undefined;
}

/** How a certificate gets to Signet, and the settings for it. */
interface Way {
  readonly environment: Readonly<Record<string, string>>;
  send(url: string, sent: Sent): Promise<Response>;
}

const tlsItself: Way = {
  environment: {
    SIGNET_HTTPS_CERTIFICATE: server.certificate,
    SIGNET_HTTPS_KEY: server.key,
    SIGNET_HTTPS_CLIENT_CERTIFICATES: "on",
    SIGNET_HTTPS_CLIENT_AUTHORITIES: clientAuthority.certificate,
  },
  async send(url, { form, headers = {}, certificate }) {
    const body = form === undefined ? undefined : new URLSearchParams(form).toString();
    const request = httpsRequest(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { ...headers, ...(body === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded" }) },
      ca: serverAuthority.certificate,
      agent: false,
      ...(certificate === undefined ? {} : { cert: certificate.certificate, key: certificate.key }),
    });
    request.end(body);
    const [reply]: IncomingMessage[] = await once(request, "response");
    if (reply === undefined) throw new Error("there is no reply");
    const chunks: Buffer[] = [];
    for await (const chunk of reply) chunks.push(Buffer.from(chunk));
    return new Response(Buffer.concat(chunks), { status: reply.statusCode ?? 0 });
  },
};

const behindProxy: Way = {
  environment: {
    SIGNET_TRUSTED_PROXIES: "127.0.0.0/8 ::1",
    SIGNET_CLIENT_CERTIFICATE_HEADER: "Client-Cert",
    SIGNET_CLIENT_CERTIFICATE_VERIFIED_HEADER: "Client-Verify",
  },
  // What a proxy would send on: this test stands in its place.
  send(url, { form, headers = {}, certificate }) {
    const authority = new X509Certificate(clientAuthority.certificate);
    const shown =
      certificate === undefined
        ? {}
        : {
            "Client-Cert": `:${rawOf(certificate).toString("base64")}:`,
            "Client-Verify": new X509Certificate(certificate.certificate).verify(authority.publicKey) ? "SUCCESS" : "FAILED:1",
          };
    return fetch(url, {
      headers: { ...headers, ...shown },
      ...(form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) }),
    });
  },
};

const ways: readonly (readonly [name: string, way: Way])[] = [
  ["shown to Signet itself", tlsItself],
  ["handed on by a trusted proxy", behindProxy],
];

describe.each(ways)("a certificate that is %s", (_name, { environment, send }) => {
  let signet: Signet;
  beforeAll(async () => {
    signet = await startSignet({ environment });
  });
  afterAll(() => signet.stop());

  const register = async (metadata: Readonly<Record<string, unknown>>, grants = ["client_credentials"]): Promise<Application> =>
    newApplication(signet, {
      metadata: { grant_types: grants, redirect_uris: grants.includes("authorization_code") ? [redirectUri] : [], ...metadata },
    });

  const request = (
    { client_id }: RegisteredClient,
    certificate: Issued | undefined,
    form: Readonly<Record<string, string>> = {},
  ) => send(`${signet.url}/oauth2/v1/token`, { form: { grant_type: "client_credentials", client_id, ...form }, certificate });

  test("tls_client_auth: a client authenticates by the subject of a certificate that an authority vouches for", async () => {
    const { client } = await register({ token_endpoint_auth_method: "tls_client_auth", tls_client_auth_subject_dn: "CN=app" });
    expect(await outcome(request(client, appCertificate))).toEqual(granted);
    expect(await outcome(request(client, otherCertificate))).toEqual(invalidClient);
    expect(await outcome(request(client, pretended))).toEqual(invalidClient);
    expect(await outcome(request(client, undefined))).toEqual(invalidClient);
  });

  test.each([
    ["tls_client_auth_san_dns", "LOCALHOST", "local"],
    ["tls_client_auth_san_ip", "127.0.0.1", "127.0.0.2"],
  ])("%s: a client authenticates by another name in the certificate", async (member, value, another) => {
    const method = { token_endpoint_auth_method: "tls_client_auth" };
    const { client } = await register({ ...method, [member]: value });
    expect(await outcome(request(client, appCertificate))).toEqual(granted);
    expect(await outcome(request(client, pretended))).toEqual(invalidClient);
    const { client: mistaken } = await register({ ...method, [member]: another });
    expect(await outcome(request(mistaken, appCertificate))).toEqual(invalidClient);
  });

  test("self_signed_tls_client_auth: a client authenticates with the certificate, or the key, that it has published", async () => {
    const method = { token_endpoint_auth_method: "self_signed_tls_client_auth" };
    const x5c = [rawOf(own).toString("base64")];
    for (const key of [{ ...keyOf(own), x5c }, keyOf(own)]) {
      const { client } = await register({ ...method, jwks: { keys: [keyOf(stranger), key] } });
      expect(await outcome(request(client, own))).toEqual(granted);
      expect(await outcome(request(client, appCertificate))).toEqual(invalidClient);
      expect(await outcome(request(client, undefined))).toEqual(invalidClient);
    }
    const { client } = await register({ ...method, jwks: { keys: [{ ...keyOf(own), x5c }] } });
    expect(await outcome(request(client, stranger))).toEqual(invalidClient);
  });

  test("the certificate is the one method: a secret beside it is refused, and it is no substitute for another", async () => {
    const { client } = await register({ token_endpoint_auth_method: "tls_client_auth", tls_client_auth_subject_dn: "CN=app" });
    expect(await outcome(request(client, appCertificate, { client_secret: "x" }))).toEqual(invalidClient);
    const { client: secretive } = await register({ token_endpoint_auth_method: "client_secret_post" });
    expect(await outcome(request(secretive, appCertificate))).toEqual(invalidClient);
    expect(await outcome(request(secretive, appCertificate, { client_secret: secretive.client_secret }))).toEqual(granted);
  });

  test.each(["jwt", "opaque"])(
    "a bound access token (%s) is of use only with the certificate that it was issued with",
    async (access_token_format) => {
      const application = await register(
        {
          token_endpoint_auth_method: "tls_client_auth",
          tls_client_auth_subject_dn: "CN=app",
          tls_client_certificate_bound_access_tokens: true,
          access_token_format,
        },
        ["authorization_code", "refresh_token"],
      );
      const { code, verifier } = await obtainCode(application, { scope: "openid offline_access" });
      const exchanged = await request(application.client, appCertificate, {
        grant_type: "authorization_code",
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      });
      const tokens = JSON.parse(await exchanged.text());
      expect(tokens.token_type).toBe("Bearer");
      const refreshed = await request(application.client, appCertificate, {
        grant_type: "refresh_token",
        refresh_token: tokens.refresh_token,
      });
      const { access_token: second } = JSON.parse(await refreshed.text());

      const use = (token: string, certificate: Issued | undefined) =>
        outcome(send(`${signet.url}/oauth2/v1/userinfo`, { headers: { Authorization: `Bearer ${token}` }, certificate }));
      for (const token of [tokens.access_token, second]) {
        if (access_token_format === "jwt") expect(decodeJwt(token).cnf).toEqual({ "x5t#S256": thumbprintOf(appCertificate) });
        expect(await use(token, appCertificate)).toEqual(granted);
        expect(await use(token, otherCertificate)).toEqual(invalidToken);
        expect(await use(token, undefined)).toEqual(invalidToken);
      }
      const introspected = await send(`${signet.url}/oauth2/v1/introspect`, {
        form: { client_id: application.client.client_id, token: tokens.access_token },
        certificate: appCertificate,
      });
      expect(JSON.parse(await introspected.text())).toMatchObject({
        active: true,
        cnf: { "x5t#S256": thumbprintOf(appCertificate) },
      });
    },
  );

  test("a client whose tokens are to be bound gets none without a certificate, however it authenticates", async () => {
    const { client } = await register({
      token_endpoint_auth_method: "client_secret_post",
      tls_client_certificate_bound_access_tokens: true,
    });
    const secret = { client_secret: client.client_secret };
    expect(await outcome(request(client, undefined, secret))).toEqual(invalidRequest);
    const reply = await request(client, own, secret);
    expect(decodeJwt(JSON.parse(await reply.text()).access_token).cnf).toEqual({ "x5t#S256": thumbprintOf(own) });
  });

  test("a token that is bound to nothing has no cnf, and is of use with any certificate", async () => {
    const { client } = await register({ token_endpoint_auth_method: "tls_client_auth", tls_client_auth_subject_dn: "CN=app" });
    const { access_token } = JSON.parse(await (await request(client, appCertificate)).text());
    expect(decodeJwt(access_token)).not.toHaveProperty("cnf");
  });

  test("discovery tells of the methods and of bound tokens", async () => {
    const metadata = JSON.parse(await (await send(`${signet.url}/.well-known/openid-configuration`, {})).text());
    expect(metadata.tls_client_certificate_bound_access_tokens).toBe(true);
    for (const endpoint of ["token", "introspection", "revocation"]) {
      expect(metadata[`${endpoint}_endpoint_auth_methods_supported`]).toEqual(
        expect.arrayContaining(["tls_client_auth", "self_signed_tls_client_auth"]),
      );
    }
  });
});

test("whoever is no trusted proxy hands on no certificate, and discovery tells of no such method", async () => {
  const signet = await startSignet();
  try {
    const { client } = await newApplication(signet, {
      metadata: {
        grant_types: ["client_credentials"],
        redirect_uris: [],
        token_endpoint_auth_method: "self_signed_tls_client_auth",
        jwks: { keys: [keyOf(own)] },
      },
    });
    const form = { grant_type: "client_credentials", client_id: client.client_id };
    expect(await outcome(behindProxy.send(`${signet.url}/oauth2/v1/token`, { form, certificate: own }))).toEqual(invalidClient);
    const metadata = JSON.parse(await (await fetch(`${signet.url}/.well-known/openid-configuration`)).text());
    expect(metadata).not.toHaveProperty("tls_client_certificate_bound_access_tokens");
    expect(metadata.token_endpoint_auth_methods_supported).not.toContain("tls_client_auth");
  } finally {
    await signet.stop();
  }
});
