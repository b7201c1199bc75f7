import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import type { Password } from "@signet/protocol";
import type { PasswordHash } from "@signet/storage";
import { boundedPool } from "./bounded-pool.ts";

/** Each of the three costs the same time and the same room in the pool. They throw ResourceError unavailable where too many wait already. */
export interface PasswordHasher {
  hash(password: Password): Promise<PasswordHash>;
  verify(password: Password, hash: PasswordHash): Promise<boolean>;
  /** The cost of a verification where there is nothing to verify against: whether a user exists must not be told by the time it takes. */
  verifyDummy(password: Password): Promise<false>;
}

export interface PasswordHasherOptions {
  /** How many hashes are computed at a time; one processor less than there are, so that tokens never wait for passwords. */
  readonly concurrency?: number;
  /** How many more may wait. */
  readonly maximumWaiting?: number;
}

/** Argon2id, the library's default, as the OWASP Password Storage Cheat Sheet has it: 19 MiB, two passes, one lane. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;
const saltBytes = 16;

/** A hasher with a queue. */
export interface PooledPasswordHasher extends PasswordHasher {
  /** How many hashes and verifications wait for their turn at the moment. */
  readonly waiting: number;
}

/** Argon2id on the thread pool, in a bounded pool of its own. */
export function createPasswordHasher({
  concurrency = Math.max(1, availableParallelism() - 1),
  maximumWaiting = 64,
}: PasswordHasherOptions = {}): PooledPasswordHasher {
  const pool = boundedPool({ concurrency, maximumWaiting });
  const nobodysHash = phcString(randomBytes(saltBytes), randomBytes(parameters.outputLen));
  return {
    hash: (password) => pool.run(async () => (await hash(password, parameters)) as PasswordHash),
    verify: (password, stored) => pool.run(() => verify(stored, password)),
    async verifyDummy(password) {
      await pool.run(() => verify(nobodysHash, password));
      return false;
    },
    get waiting() {
      return pool.waiting;
    },
  };
}

/** A hash in the PHC string format, which says how it was computed. */
function phcString(salt: Uint8Array, digest: Uint8Array): string {
  const { memoryCost, timeCost, parallelism } = parameters;
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${unpadded(salt)}$${unpadded(digest)}`;
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}
