/**
 * Whether what was granted goes on after the person has signed out: only where they granted `offline_access`, access while they are not there
 * (OpenID Connect Core section 11, OpenID Connect Back-Channel Logout section 2.7).
 */
export function outlivesSession(granted: readonly string[]): boolean {
  return granted.includes("offline_access");
}
