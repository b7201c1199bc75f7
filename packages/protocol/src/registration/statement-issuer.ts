import type { ClientMetadata } from "../client/client.ts";
import { parseClientJwks } from "../client/client-jwks.ts";
import { isDisplayText } from "../display/display-text.ts";
import { isPageAddress, pageAddressRule } from "../display/page-address.ts";
import { OAuthError, ResourceError } from "../errors.ts";

/** Somebody whose software statements a tenant approves of, with the keys that they sign with: either here, or at an address. */
export interface StatementIssuer extends Pick<ClientMetadata, "jwks" | "jwksUri"> {
  /** The `iss` of its statements. */
  readonly issuer: string;
}

/** As it was sent; an empty text counts as left out. */
export interface StatementIssuerDraft {
  readonly issuer: string;
  /** A JWK Set as JSON. */
  readonly jwks: string;
  readonly jwksUri: string;
}

const mostIssuers = 20;
const longestIssuer = 2048;

/** @throws ResourceError invalid */
export function parseStatementIssuers(drafts: readonly StatementIssuerDraft[]): readonly StatementIssuer[] {
  if (drafts.length > mostIssuers) throw invalid(`may have at most ${mostIssuers} entries`);
  if (new Set(drafts.map(({ issuer }) => issuer)).size !== drafts.length) throw invalid("must have each issuer only once");
  return drafts.map((draft) => ({ issuer: parseIssuer(draft.issuer), ...parseKeys(draft) }));
}

function parseIssuer(issuer: string): string {
  if (issuer === "" || !isDisplayText(issuer, longestIssuer)) {
    throw invalid(`must have an issuer of 1 to ${longestIssuer} characters in each entry`);
  }
  return issuer;
}

function parseKeys({ jwks, jwksUri }: StatementIssuerDraft): Pick<StatementIssuer, "jwks" | "jwksUri"> {
  if ((jwks === "") === (jwksUri === "")) throw invalid("must have jwks or jwks_uri in each entry, and not both");
  if (jwksUri === "") return { jwks: keysIn(jwks) };
  if (!isPageAddress(jwksUri)) throw invalid(`has a jwks_uri that ${pageAddressRule}`);
  return { jwksUri };
}

function keysIn(jwks: string): NonNullable<StatementIssuer["jwks"]> {
  try {
    return parseClientJwks(jwks);
  } catch (cause) {
    if (!(cause instanceof OAuthError)) throw cause;
    throw new ResourceError("invalid", `software_statement_issuers: ${cause.description}`, { cause });
  }
}

function invalid(description: string): ResourceError {
  return new ResourceError("invalid", `software_statement_issuers ${description}`);
}
