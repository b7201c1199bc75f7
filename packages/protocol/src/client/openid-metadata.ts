import { sectorOf } from "../subject/pairwise-subject.ts";
import {
  type ClientMetadata,
  clientSigningAlgorithms,
  type SigningAlgorithm,
  signingAlgorithms,
  subjectTypes,
} from "./client.ts";
import { given, isGiven, oneOf, optionalEndpoint, optionalLine, optionalOneOf, refusedMetadata } from "./members.ts";

export interface OpenIdMetadataDraft {
  readonly userinfoSignedResponseAlg?: string;
  readonly introspectionSignedResponseAlg?: string;
  readonly requestObjectSigningAlg?: string;
  readonly requireSignedRequestObject?: boolean;
  readonly requestUris?: readonly string[];
  readonly subjectType?: string;
  readonly sectorIdentifierUri?: string;
  readonly initiateLoginUri?: string;
  /** Seconds. */
  readonly defaultMaxAge?: number | undefined;
  readonly requireAuthTime?: boolean;
  readonly defaultAcrValues?: readonly string[];
  readonly backchannelLogoutUri?: string;
  readonly backchannelLogoutSessionRequired?: boolean;
  readonly frontchannelLogoutUri?: string;
  readonly frontchannelLogoutSessionRequired?: boolean;
  readonly softwareId?: string;
  readonly softwareVersion?: string;
  readonly isResourceServer?: boolean;
}

export type OpenIdMetadata = Pick<ClientMetadata, keyof OpenIdMetadataDraft>;

const maximumRequestUris = 20;
const maximumUriLength = 2048;
const maximumAcrValues = 10;
const maximumAge = 9_999_999_999;

/**
 * The members of OpenID Connect Registration section 2 and of what builds on it: request objects (RFC 9101 section 10.5), subjects, sign-out (Back-Channel
 * Logout section 2.2, Front-Channel Logout section 2), signed introspection (RFC 9701 section 6).
 * `redirectUris` are those of the same client.
 * @throws OAuthError invalid_client_metadata
 */
export function parseOpenIdMetadata(draft: OpenIdMetadataDraft, redirectUris: readonly string[]): OpenIdMetadata {
  const subjectType = oneOf("subject_type", draft.subjectType, subjectTypes, "public");
  const sectorIdentifierUri = optionalEndpoint("sector_identifier_uri", draft.sectorIdentifierUri);
  if (subjectType === "pairwise") checkSector(sectorIdentifierUri, redirectUris);
  return {
    requireSignedRequestObject: draft.requireSignedRequestObject ?? false,
    requestUris: parseRequestUris(draft.requestUris ?? []),
    subjectType,
    requireAuthTime: draft.requireAuthTime ?? false,
    defaultAcrValues: parseAcrValues(draft.defaultAcrValues ?? []),
    backchannelLogoutSessionRequired: draft.backchannelLogoutSessionRequired ?? false,
    frontchannelLogoutSessionRequired: draft.frontchannelLogoutSessionRequired ?? false,
    isResourceServer: draft.isResourceServer ?? false,
    ...given({
      sectorIdentifierUri,
      userinfoSignedResponseAlg: algorithm("userinfo_signed_response_alg", draft.userinfoSignedResponseAlg),
      introspectionSignedResponseAlg: algorithm("introspection_signed_response_alg", draft.introspectionSignedResponseAlg),
      requestObjectSigningAlg: optionalOneOf(
        "request_object_signing_alg",
        draft.requestObjectSigningAlg,
        clientSigningAlgorithms,
      ),
      initiateLoginUri: optionalEndpoint("initiate_login_uri", draft.initiateLoginUri),
      defaultMaxAge: parseDefaultMaxAge(draft.defaultMaxAge),
      backchannelLogoutUri: optionalEndpoint("backchannel_logout_uri", draft.backchannelLogoutUri),
      frontchannelLogoutUri: parseFrontchannelLogoutUri(draft.frontchannelLogoutUri, redirectUris),
      softwareId: optionalLine("software_id", draft.softwareId),
      softwareVersion: optionalLine("software_version", draft.softwareVersion),
    }),
  };
}

function algorithm(member: string, value: string | undefined): SigningAlgorithm | undefined {
  return optionalOneOf(member, value, signingAlgorithms);
}

/** OpenID Connect Core section 8.1: redirect URIs that do not share one host are one sector only where a sector identifier says so. */
function checkSector(sectorIdentifierUri: string | undefined, redirectUris: readonly string[]): void {
  if (sectorOf({ sectorIdentifierUri, redirectUris }) === undefined) {
    throw refusedMetadata("subject_type is pairwise and redirect_uris do not share one host, so sector_identifier_uri is needed");
  }
}

/** OpenID Connect Registration section 2: a fragment is the hash of what is there. */
function parseRequestUris(uris: readonly string[]): readonly string[] {
  if (uris.length > maximumRequestUris) throw refusedMetadata(`request_uris may have at most ${maximumRequestUris} entries`);
  return uris.map((uri, index) => {
    if (
      !isGiven(uri) ||
      uri.length > maximumUriLength ||
      optionalEndpoint(`request_uris[${index}]`, uri.replace(/#[A-Za-z0-9_-]*$/, "")) === undefined
    ) {
      throw refusedMetadata(`request_uris[${index}] must be an address of at most ${maximumUriLength} characters`);
    }
    return uri;
  });
}

function parseAcrValues(values: readonly string[]): readonly string[] {
  if (values.length > maximumAcrValues) throw refusedMetadata(`default_acr_values may have at most ${maximumAcrValues} entries`);
  return values.map((value, index) => {
    const line = optionalLine(`default_acr_values[${index}]`, value);
    if (line === undefined || line.includes(" ")) throw refusedMetadata(`default_acr_values[${index}] must be one word`);
    return line;
  });
}

function parseDefaultMaxAge(seconds: number | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds > maximumAge) {
    throw refusedMetadata(`default_max_age must be a whole number of seconds from 0 to ${maximumAge}`);
  }
  return seconds;
}

/** Front-Channel Logout section 2: its scheme, host and port are those of a redirect URI. */
function parseFrontchannelLogoutUri(value: string | undefined, redirectUris: readonly string[]): string | undefined {
  const uri = optionalEndpoint("frontchannel_logout_uri", value);
  if (uri === undefined) return undefined;
  const { origin } = new URL(uri);
  if (!redirectUris.some((redirectUri) => new URL(redirectUri).origin === origin)) {
    throw refusedMetadata("frontchannel_logout_uri must have the scheme, host and port of one of redirect_uris");
  }
  return uri;
}
