import type { auth } from "@signet/contracts";
import type { Client } from "@signet/protocol";

/** What the standard scopes mean to whoever is asked: OpenID Connect Core sections 5.4 and 11. */
const standardDescriptions: ReadonlyMap<string, string> = new Map([
  ["openid", "Know who you are: recognise you by an identifier each time you sign in"],
  ["profile", "See your profile: your name, username, picture, birth date, language and the like"],
  ["email", "See your email address, and whether it has been verified"],
  ["address", "See your postal address"],
  ["phone", "See your phone number, and whether it has been verified"],
  ["offline_access", "Keep this access while you are not there, until you or an administrator end it"],
]);

/** Scopes in words. A scope that nobody described is shown by its name. */
export function scopeViews(scopes: readonly string[], client: Client): auth.ScopeView[] {
  return scopes.map((name) => ({ name, description: standardDescriptions.get(name) ?? customDescription(name, client) }));
}

function customDescription(name: string, { metadata }: Client): string {
  return metadata.customScopes.find((scope) => scope.name === name)?.description ?? "";
}
