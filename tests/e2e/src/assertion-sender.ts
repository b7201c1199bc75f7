import { generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import type { RegisteredClient, Signet } from "@signet/testkit";
import { type JWTHeaderParameters, SignJWT } from "jose";

const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
export const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });

export type Members = Readonly<Record<string, unknown>>;

export function encoded(header: Members, claims: Members, signature = ""): string {
  const part = (value: Members) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part(header)}.${part(claims)}.${signature}`;
}

/** Assertions of clients of the default tenant, by the time in milliseconds that `clock` tells. */
export function assertionSender(signet: () => Signet, clock: () => number) {
  /** What a client claims rightly; changes with the value undefined leave a claim out. */
  function claimsOf({ client_id }: RegisteredClient, changes: Members = {}): Members {
    const seconds = Math.floor(clock() / 1000);
    const rightly = { iss: client_id, sub: client_id, aud: signet().url, exp: seconds + 60, iat: seconds, jti: randomUUID() };
    return Object.fromEntries(Object.entries({ ...rightly, ...changes }).filter(([, value]) => value !== undefined));
  }

  function signed(
    client: RegisteredClient,
    changes: Members = {},
    header: JWTHeaderParameters = { alg: "RS256", kid: "r" },
    key: KeyObject | Uint8Array = rsa.privateKey,
  ): Promise<string> {
    return new SignJWT(claimsOf(client, changes)).setProtectedHeader(header).sign(key);
  }

  const withSecret = (client: RegisteredClient, changes: Members = {}, alg = "HS256") =>
    signed(client, changes, { alg }, Buffer.from(client.client_secret));

  function present(assertion: string, form: Members = {}, authorization?: string, path = "/oauth2/v1/token"): Promise<Response> {
    const members = {
      grant_type: "client_credentials",
      client_assertion_type: jwtBearer,
      client_assertion: assertion,
      ...form,
    };
    const given = Object.entries(members).filter((entry): entry is [string, string] => typeof entry[1] === "string");
    return fetch(`${signet().url}${path}`, {
      method: "POST",
      headers: authorization === undefined ? {} : { Authorization: authorization },
      body: new URLSearchParams(given),
    });
  }

  return { claimsOf, signed, withSecret, present };
}
