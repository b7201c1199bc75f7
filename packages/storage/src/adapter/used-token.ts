import { isSameHash } from "@signet/protocol";
import type { RefreshTokenFamily, Rotated, Rotation, StoredGrant } from "../grant-store.ts";

export type UsedToken =
  | Extract<Rotated, { readonly kind: "retried" | "unknown" }>
  /** The grant has to be revoked. */
  | { readonly kind: "reused"; readonly grant: StoredGrant };

/** What the presented token is where it is not the live one. `grant` is the one of the rotation's id, where there is one that has not expired. */
export function usedToken(grant: StoredGrant | undefined, rotation: Rotation): UsedToken {
  const refresh = grant?.refresh;
  if (grant?.clientId !== rotation.clientId || refresh === undefined || refresh.expiresAt <= rotation.now) {
    return { kind: "unknown" };
  }
  if (!isSameHash(refresh.family, rotation.family)) return { kind: "unknown" };
  return isRetry(refresh, rotation) ? { kind: "retried", successor: refresh.successor } : { kind: "reused", grant };
}

function isRetry(
  refresh: RefreshTokenFamily,
  rotation: Rotation,
): refresh is RefreshTokenFamily & { readonly successor: string } {
  const { previous, rotatedAt, successor } = refresh;
  if (previous !== rotation.presented || rotatedAt === undefined || successor === undefined) return false;
  // Either way: a clock that was set back must not open the window again.
  return Math.abs(rotation.now - rotatedAt) < rotation.graceMilliseconds;
}
