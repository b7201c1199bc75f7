import { hash } from "node:crypto";
import {
  type ClientId,
  type GrantId,
  instant,
  newClientId,
  newGrantId,
  newRefreshToken,
  newSecret,
  newSessionPublicId,
  newTenantId,
  newUserId,
  parseTenantName,
  type Random,
  type RefreshTokenParts,
  type Secret,
  type SessionPublicId,
  type TenantId,
  type TenantName,
  type UserId,
} from "@signet/protocol";

/** The ids and secrets of rows by their numbers: who fills a folder and who makes the load then need not hold a million of them. */
export interface Numbering {
  tenant(number: number): { readonly id: TenantId; readonly name: TenantName; readonly clientId: ClientId };
  client(number: number): ClientId;
  user(number: number): UserId;
  family(number: number): { readonly grantId: GrantId; readonly refreshToken: RefreshTokenParts };
  session(number: number): { readonly secret: Secret; readonly publicId: SessionPublicId };
}

/** When the first family began: in 2025. */
const firstGrant = Date.UTC(2025, 0);

/** @param seed random bytes that nobody else has, of which all ids and secrets are hashes */
export function createNumbering(seed: Buffer): Numbering {
  const key = seed.toString("base64url");
  /** Other bytes with each call: 64 in all, which is enough for each kind of row. */
  const randomOf = (kind: string, number: number): Random => {
    const bytes = hash("sha512", `${key} ${kind} ${number}`, "buffer");
    let used = 0;
    return (length) => {
      used += length;
      return bytes.subarray(used - length, used);
    };
  };
  return {
    tenant(number) {
      const name = parseTenantName(`tenant-${number}`);
      if (name === undefined) throw new RangeError(`no tenant can be called tenant-${number}`);
      return { id: newTenantId(randomOf("tenant", number)), name, clientId: newClientId(randomOf("tenant's client", number)) };
    },
    client: (number) => newClientId(randomOf("client", number)),
    user: (number) => newUserId(randomOf("user", number)),
    family(number) {
      const random = randomOf("family", number);
      // As if they had begun one after the other.
      const grantId = newGrantId(random, instant(firstGrant + number));
      return { grantId, refreshToken: newRefreshToken(grantId, random) };
    },
    session(number) {
      const random = randomOf("session", number);
      return { secret: newSecret(random), publicId: newSessionPublicId(random) };
    },
  };
}

/** The number of the `turn`th of `taken` rows that are spread evenly over `all`, in an order in which neighbours are far apart. */
export function spread(turn: number, taken: number, all: number): number {
  // A prime: every one of fewer rows than it has its turn before one has it twice.
  return ((turn * 1_299_709) % taken) * Math.floor(all / taken);
}
