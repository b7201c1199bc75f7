import { decodeJwt } from "jose";
import type { HttpReply } from "./http-reply.ts";

/** A successful reply of a token endpoint, RFC 6749 section 5.1. */
export interface TokenReply {
  readonly accessToken: string;
  readonly idToken: string | undefined;
  readonly refreshToken: string | undefined;
}

/** @throws Error for a reply without an access token */
export function parseTokenReply({ status, body }: HttpReply): TokenReply {
  const reply: unknown = status === 200 ? JSON.parse(body) : undefined;
  const accessToken = memberOf(reply, "access_token");
  if (accessToken === undefined) throw new Error(`token endpoint: ${status} ${body.slice(0, 300)}`);
  return { accessToken, idToken: memberOf(reply, "id_token"), refreshToken: memberOf(reply, "refresh_token") };
}

/** Who signed in. @throws Error for a reply without an ID token that says so */
export function subjectOf({ idToken }: TokenReply): string {
  const { sub } = decodeJwt(idToken ?? "");
  if (sub === undefined) throw new Error("the ID token names nobody");
  return sub;
}

function memberOf(value: unknown, name: "access_token" | "id_token" | "refresh_token"): string | undefined {
  if (typeof value !== "object" || value === null || !(name in value)) return undefined;
  const member = Reflect.get(value, name);
  return typeof member === "string" ? member : undefined;
}
