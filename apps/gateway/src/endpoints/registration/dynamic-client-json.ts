import type { registry } from "@signet/contracts";
import { type Issuer, ResourceError } from "@signet/protocol";
import { z } from "zod";
import { objectOf, parseBody, text } from "../../http/json-members.ts";
import { clientFromJson, completeClient, refreshTokensToJson } from "./client-metadata-json.ts";
import { furtherToJson } from "./further-metadata-json.ts";
import { given } from "./unusual-members.ts";

type Body = Readonly<Record<string, unknown>>;

/**
 * A registration request, RFC 7591 section 3.1. Members that are not known are ignored, and null is none (RFC 7592 section 2.2).
 * @throws ResourceError invalid
 */
export function registrationFromJson(body: Body): Pick<registry.RegisterClientRequest, "metadata" | "softwareStatement"> {
  const sent = withoutNulls(body);
  return { metadata: clientFromJson(sent).metadata, softwareStatement: softwareStatementIn(sent) };
}

const longestStatement = 16 * 1024;
const statementJson = objectOf({
  software_statement: z
    .string({ error: "must be a text" })
    .max(longestStatement, { error: `must have at most ${longestStatement} characters` })
    .exactOptional(),
});

function softwareStatementIn(sent: Body): string {
  return parseBody(statementJson, sent).software_statement ?? "";
}

const identityJson = objectOf({ client_id: text, client_secret: text.exactOptional() });
/** RFC 7592 section 2.2: they are the server's to say. */
const neverSent = ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"];

/**
 * An update request, RFC 7592 section 2.2, for the client of that id.
 * @throws ResourceError invalid
 */
export function replacementFromJson(
  body: Body,
  clientId: string,
): Pick<registry.ReplaceRegistrationRequest, "metadata" | "softwareStatement" | "clientSecret"> {
  const sent = withoutNulls(body);
  const refused = neverSent.find((member) => member in sent);
  if (refused !== undefined) throw new ResourceError("invalid", `${refused} must not be sent`);
  const { client_id, client_secret } = parseBody(identityJson, sent);
  if (client_id !== clientId)
    throw new ResourceError("invalid", "client_id must be that of the client whose registration this is");
  return { ...registrationFromJson(sent), ...(client_secret === undefined ? {} : { clientSecret: client_secret }) };
}

function withoutNulls(body: Body): Body {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

/**
 * Client information response, RFC 7591 section 3.2.1 and RFC 7592 section 3: all that is registered, defaults included. The token is the one that was issued
 * or sent: nothing but its hash is kept.
 */
export function registeredClientToJson(
  { client, clientSecret, softwareStatement }: registry.GetRegistrationResponse,
  issuer: Issuer,
  registrationAccessToken: string,
): object {
  const { clientId, metadata, createdAt, expiresAt, clientSecretExpiresAt } = completeClient(client);
  return {
    client_id: clientId,
    client_id_issued_at: epochSecondsOf(createdAt),
    ...(clientSecret === ""
      ? {}
      : { client_secret: clientSecret, client_secret_expires_at: earlier(clientSecretExpiresAt, epochSecondsOf(expiresAt)) }),
    ...(expiresAt === 0 ? {} : { client_expires_at: epochSecondsOf(expiresAt) }),
    registration_access_token: registrationAccessToken,
    registration_client_uri: `${issuer}/oauth2/v1/register/${clientId}`,
    ...metadataToJson(metadata),
    ...given("software_statement", softwareStatement),
  };
}

function epochSecondsOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** Of two moments the one that comes first; 0 is never. */
function earlier(one: number, other: number): number {
  return one === 0 || other === 0 ? Math.max(one, other) : Math.min(one, other);
}

function metadataToJson(metadata: registry.ClientMetadata): object {
  return {
    redirect_uris: metadata.redirectUris,
    ...given("post_logout_redirect_uris", metadata.postLogoutRedirectUris),
    grant_types: metadata.grantTypes,
    response_types: metadata.responseTypes,
    token_endpoint_auth_method: metadata.tokenEndpointAuthMethod,
    application_type: metadata.applicationType,
    ...given("scope", metadata.scope),
    id_token_signed_response_alg: metadata.idTokenSignedResponseAlg,
    access_token_format: metadata.accessTokenFormat,
    ...given("access_token_signed_response_alg", metadata.accessTokenSignedResponseAlg),
    ...given("client_name", metadata.clientName),
    ...given("logo_uri", metadata.logoUri),
    ...given("client_uri", metadata.clientUri),
    ...given("policy_uri", metadata.policyUri),
    ...given("tos_uri", metadata.tosUri),
    ...given("contacts", metadata.contacts),
    ...given(
      "scopes",
      metadata.scopes.map(({ name, description, fields }) => ({ name, desc: description, fields })),
    ),
    ...given("refresh_tokens", refreshTokensToJson(metadata.refreshTokens)),
    subject_type: metadata.subjectType,
    require_auth_time: metadata.requireAuthTime,
    ...furtherToJson(metadata),
  };
}
