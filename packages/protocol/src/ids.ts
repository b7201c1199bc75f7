import type { Brand } from "./brand.ts";
import type { Instant } from "./instant.ts";
import { newHexId, type Random } from "./secret/secret.ts";
import { timeBytes } from "./secret/time-bytes.ts";

/** 16 hex digits; never used again, also not for a tenant of the same name. */
export type TenantId = Brand<string, "TenantId">;
/** 24 hex digits. */
export type ClientId = Brand<string, "ClientId">;
/** 24 hex digits; the part of an initial access token that lists show. */
export type InitialAccessTokenId = Brand<string, "InitialAccessTokenId">;

/** 32 hex digits; the `sub` of the user's tokens. */
export type UserId = Brand<string, "UserId">;
/**
 * 32 hex digits. What comes of one authorization, and is revoked as one, belongs to a grant. Never shown to anyone but the holder of a token.
 * The first 12 digits are the time it began, so that stores keep the grants of one moment in one place; 80 bits are random.
 */
export type GrantId = Brand<string, "GrantId">;
/** 32 hex digits. */
export type InteractionId = Brand<string, "InteractionId">;
/** 32 hex digits. Told to nobody outside: clients know a session by its `Sid`. */
export type SessionPublicId = Brand<string, "SessionPublicId">;
/** 32 hex digits; the `sid` of one client's tokens. */
export type Sid = Brand<string, "Sid">;

export const newTenantId = (random: Random) => newHexId(random, 8) as TenantId;
export const newClientId = (random: Random) => newHexId(random, 12) as ClientId;
export const newInitialAccessTokenId = (random: Random) => newHexId(random, 12) as InitialAccessTokenId;
export const newUserId = (random: Random) => newHexId(random, 16) as UserId;
export const newGrantId = (random: Random, now: Instant) => `${timeBytes(now).toString("hex")}${newHexId(random, 10)}` as GrantId;
export const newInteractionId = (random: Random) => newHexId(random, 16) as InteractionId;
export const newSessionPublicId = (random: Random) => newHexId(random, 16) as SessionPublicId;

function hexParser<Id extends string>(digits: number): (value: string) => Id | undefined {
  const shape = new RegExp(`^[0-9a-f]{${digits}}$`);
  return (value) => (shape.test(value) ? (value as Id) : undefined);
}

export const parseTenantId = hexParser<TenantId>(16);
export const parseClientId = hexParser<ClientId>(24);
export const parseInitialAccessTokenId = hexParser<InitialAccessTokenId>(24);
export const parseUserId = hexParser<UserId>(32);
export const parseGrantId = hexParser<GrantId>(32);
export const parseInteractionId = hexParser<InteractionId>(32);
export const parseSessionPublicId = hexParser<SessionPublicId>(32);
export const parseSid = hexParser<Sid>(32);
