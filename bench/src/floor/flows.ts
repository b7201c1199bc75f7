import { createCipheriv, createHmac, hash, randomBytes, timingSafeEqual } from "node:crypto";
import { parse } from "node:querystring";
import { redirectUri } from "../contender.ts";
import type { FloorStore } from "./store.ts";
import type { FloorTokens } from "./tokens.ts";

export interface FloorClient {
  readonly id: string;
  readonly secretHash: string;
}

export interface Floor {
  readonly client: FloorClient;
  readonly store: FloorStore;
  readonly tokens: FloorTokens;
}

const codeMilliseconds = 60_000;
const grantMilliseconds = 3_600_000;
const sha256 = (text: string) => hash("sha256", text, "base64url");
/** In the order of time, as Signet's. */
const newId = (length: number) => Date.now().toString(16).padStart(12, "0") + randomBytes(length).toString("hex");

/** Where the browser goes with its code. @throws Error for a request that the bench does not send */
export async function authorize(query: string, session: string, { store, client }: Floor): Promise<string> {
  const { client_id, redirect_uri, scope, state, nonce, code_challenge } = parse(query);
  if (client_id !== client.id || redirect_uri !== redirectUri) throw new Error("another client");
  const signedIn = store.findSession(sha256(session));
  const user = store.findUser(String(signedIn?.user));
  if (user === undefined) throw new Error("nobody is signed in");
  const id = String(user.id);
  const allowed = store.findConsents(id, client.id).map((row) => row.scope);
  if (
    !String(scope)
      .split(" ")
      .every((one) => allowed.includes(one))
  )
    throw new Error("not agreed to");
  const code = newId(32);
  const values = [
    id,
    newId(10),
    redirectUri,
    String(code_challenge),
    String(scope),
    String(nonce),
    Date.now() + codeMilliseconds,
  ];
  await store.saveCode([code.slice(0, 12) + sha256(code), client.id, ...values]);
  return `${redirectUri}?code=${code}&state=${encodeURIComponent(String(state))}`;
}

/** The token endpoint's reply, as an object. @throws Error for a request that the bench does not send */
export async function exchange(body: string, authorization: string, floor: Floor): Promise<object> {
  const { client, tokens } = floor;
  const [id, secret = ""] = Buffer.from(authorization.slice("Basic ".length), "base64").toString().split(":");
  if (id !== client.id || !timingSafeEqual(Buffer.from(sha256(secret)), Buffer.from(client.secretHash))) {
    throw new Error("the client's secret is wrong");
  }
  const form = parse(body);
  switch (form.grant_type) {
    case "client_credentials":
      return reply(tokens.accessToken({ sub: client.id, client: client.id, scope: "" }));
    case "authorization_code":
      return redeem(String(form.code), String(form.code_verifier), floor);
    case "refresh_token":
      return refresh(String(form.refresh_token), floor);
    default:
      throw new Error("an unknown grant type");
  }
}

async function redeem(code: string, verifier: string, { client, store, tokens }: Floor): Promise<object> {
  const consumed = await store.consumeCode(code.slice(0, 12) + sha256(code), Date.now());
  if (consumed === undefined || consumed.client !== client.id || consumed.challenge !== sha256(verifier))
    throw new Error("wrong code");
  const { user, scopes, nonce, grant_id: grant } = consumed;
  const subject = { sub: String(user), client: client.id };
  const accessToken = tokens.accessToken({ ...subject, scope: String(scopes) });
  const idToken = tokens.idToken({ ...subject, nonce: String(nonce) }, accessToken);
  const refreshToken = String(scopes).includes("offline_access") ? `${grant}${randomBytes(32).toString("hex")}` : undefined;
  const expires = Date.now() + grantMilliseconds;
  const current = refreshToken === undefined ? null : sha256(refreshToken);
  await store.openGrant([String(grant), client.id, String(user), String(scopes), expires, current]);
  return reply(accessToken, idToken, refreshToken);
}

async function refresh(presented: string, { client, store, tokens }: Floor): Promise<object> {
  const id = presented.slice(0, 32);
  const grant = store.findGrant(id);
  const user = store.findUser(String(grant?.user));
  if (grant?.client !== client.id || user === undefined) throw new Error("wrong refresh token");
  const next = id + randomBytes(32).toString("hex");
  const subject = { sub: String(user.id), client: client.id };
  const accessToken = tokens.accessToken({ ...subject, scope: String(grant.scopes) });
  const idToken = tokens.idToken({ ...subject, nonce: "" }, accessToken);
  const isRotated = await store.rotate(id, sha256(presented), sha256(next), encrypted(next, presented), Date.now());
  if (!isRotated) throw new Error("used before");
  return reply(accessToken, idToken, next);
}

/** As Signet keeps the successor for a client that lost its reply. */
function encrypted(next: string, presented: string): string {
  const nonce = randomBytes(12);
  const key = createHmac("sha256", presented).update("successor").digest();
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  return Buffer.concat([nonce, cipher.update(next, "latin1"), cipher.final(), cipher.getAuthTag()]).toString("base64url");
}

function reply(accessToken: string, idToken?: string, refreshToken?: string): object {
  return { access_token: accessToken, id_token: idToken, refresh_token: refreshToken, token_type: "Bearer", expires_in: 3600 };
}
