import type { Instant } from "../instant.ts";
import { hashSecret, type Random, type Secret, type SecretHash } from "./secret.ts";
import { timeBytes } from "./time-bytes.ts";

/** How many characters of a hash of `hashDatedSecret` are SHA-256; what follows is the time. */
export const undatedHashLength = 43;

/**
 * A secret that nobody had before, of 208 random bits behind the 48 of the time. Where many are made and each is looked up once, a store that keeps
 * those of one moment in one place writes a third as much as one that scatters them (decision 0053).
 */
export function newDatedSecret(random: Random, now: Instant): Secret {
  return Buffer.concat([timeBytes(now), random(26)], 32).toString("base64url") as Secret;
}

/** What is kept of a dated secret: its hash, as of any other, and behind it the time that it says, in twelve hex digits, which are in the order of time. */
export function hashDatedSecret(secret: string): SecretHash {
  return `${hashSecret(secret)}${Buffer.from(secret.slice(0, 8), "base64url").toString("hex")}` as SecretHash;
}
