/** A sign-in by password: SAML 2.0 Authentication Context section 3.4.8, a name that OpenID Connect Core section 2 allows for `acr`. */
export const passwordAcr = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";

/** The authentication context classes that Signet can vouch for. */
export const acrValues: readonly string[] = [passwordAcr];

/** The authentication context class of a sign-in by these methods (RFC 8176); undefined where none can be vouched for. */
export function acrOf(amr: readonly string[]): string | undefined {
  return amr.includes("pwd") ? passwordAcr : undefined;
}
