import { randomFillSync } from "node:crypto";
import type { Random } from "@signet/protocol";

const poolBytes = 4096;

/**
 * Random bytes of node:crypto, drawn 4 KiB at a time: a call for 16 or 32 of them costs ten times as much as the bytes do, and a code flow needs six. What was
 * given out is erased from the pool.
 */
export function pooledRandom(): Random {
  const pool = Buffer.alloc(poolBytes);
  let used = poolBytes;
  return (length) => {
    if (length > poolBytes) return randomFillSync(new Uint8Array(length));
    if (used + length > poolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    const bytes = new Uint8Array(pool.subarray(used, used + length));
    pool.fill(0, used, used + length);
    used += length;
    return bytes;
  };
}
