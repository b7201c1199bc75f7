import { generateKeyPairSync, hash, randomBytes, sign } from "node:crypto";

export interface FloorTokens {
  /** A JWK Set as JSON. */
  readonly jwks: string;
  accessToken(claims: { readonly sub: string; readonly client: string; readonly scope: string }): string;
  idToken(claims: { readonly sub: string; readonly client: string; readonly nonce: string }, accessToken: string): string;
}

const lifetimeSeconds = 3600;

/** Tokens with the claims of Signet's, signed with ES256 by node:crypto. */
export function floorTokens(issuer: string): FloorTokens {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const kid = randomBytes(16).toString("base64url");
  const header = (typ: string) => Buffer.from(JSON.stringify({ alg: "ES256", typ, kid })).toString("base64url");
  const headers = { accessToken: header("at+jwt"), idToken: header("JWT") };
  const key = { key: privateKey, dsaEncoding: "ieee-p1363" } as const;

  function signed(encodedHeader: string, claims: object): string {
    const input = `${encodedHeader}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
    return `${input}.${sign("sha256", Buffer.from(input, "latin1"), key).toString("base64url")}`;
  }

  return {
    jwks: JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), alg: "ES256", use: "sig", kid }] }),
    accessToken({ sub, client, scope }) {
      const iat = Math.floor(Date.now() / 1000);
      const jti = randomBytes(16).toString("base64url");
      return signed(headers.accessToken, {
        iss: issuer,
        sub,
        aud: issuer,
        client_id: client,
        iat,
        exp: iat + lifetimeSeconds,
        jti,
        scope,
      });
    },
    idToken({ sub, client, nonce }, accessToken) {
      const iat = Math.floor(Date.now() / 1000);
      const atHash = hash("sha256", accessToken, "buffer").subarray(0, 16).toString("base64url");
      const times = { iat, exp: iat + lifetimeSeconds, auth_time: iat };
      return signed(headers.idToken, { iss: issuer, sub, aud: client, ...times, nonce, at_hash: atHash, amr: ["pwd"] });
    },
  };
}
