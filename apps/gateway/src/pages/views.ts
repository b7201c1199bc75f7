/** How a tenant presents itself. */
export interface Branding {
  readonly name: string;
  /** `http:`, `https:` or `data:image/`. */
  readonly logoUri?: string;
  /** `#rrggbb`. */
  readonly accentColor?: string;
  /** Shown on the sign-in page; line breaks are kept. */
  readonly welcomeText?: string;
}

/** How an application presents itself. The URIs are `http:` or `https:`. */
export interface ClientView {
  readonly name: string;
  readonly logoUri?: string;
  readonly clientUri?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
  /** Whether it registered itself where everybody may. */
  readonly isUnreviewed?: boolean;
}

/** What an application asks for. */
export interface ScopeView {
  readonly name: string;
  /** In words, for the person who decides. The name is shown where it is empty. */
  readonly description: string;
}

/** A claim about the user that an application asks for by name. */
export interface ClaimView {
  readonly name: string;
  /** In words, for the person who decides. */
  readonly description: string;
}

/** Who is signed in. */
export interface UserView {
  readonly name: string;
  readonly username: string;
}

/** The tenant's name, or Signet's own for one that has none. */
export function tenantName(branding: Branding | undefined): string {
  return branding?.name.trim() || "Signet";
}

/** The application's name. Registrations may leave it empty. */
export function applicationName({ name }: ClientView): string {
  return name.trim() || "this application";
}
