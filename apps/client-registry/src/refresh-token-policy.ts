import { registry } from "@signet/contracts";
import type { RefreshTokenPolicy } from "@signet/protocol";

const { RefreshTokens } = registry;

/** The policy as messages have it. */
export function toRefreshTokensMessage(policy: RefreshTokenPolicy): registry.RefreshTokens {
  return policy === "always" ? RefreshTokens.ALWAYS : RefreshTokens.OFFLINE_ACCESS;
}

/** The policy's name; `unspecified` where none was said; a text that no parser takes for a policy where the number is unknown. */
export function refreshTokensOf<Unspecified>(
  refreshTokens: registry.RefreshTokens,
  unspecified: Unspecified,
): string | Unspecified {
  switch (refreshTokens) {
    case RefreshTokens.UNSPECIFIED:
      return unspecified;
    case RefreshTokens.OFFLINE_ACCESS:
      return "offline_access";
    case RefreshTokens.ALWAYS:
      return "always";
    default:
      return "unknown";
  }
}
