import type { registry } from "@signet/contracts";
import type { z } from "zod";
import { flag, freeObject, listOf, text, wholeNumber } from "../../http/json-members.ts";
import { given, ifNot } from "./unusual-members.ts";

/** Members of a client beyond those of the documented API: OpenID Connect Registration section 2, RFC 8705, RFC 9101, RFC 9701, the logout specifications. */
export const furtherMembers = {
  jwks: freeObject.exactOptional(),
  jwks_uri: text.exactOptional(),
  token_endpoint_auth_signing_alg: text.exactOptional(),
  tls_client_auth_subject_dn: text.exactOptional(),
  tls_client_auth_san_dns: text.exactOptional(),
  tls_client_auth_san_uri: text.exactOptional(),
  tls_client_auth_san_ip: text.exactOptional(),
  tls_client_auth_san_email: text.exactOptional(),
  tls_client_certificate_bound_access_tokens: flag.exactOptional(),
  userinfo_signed_response_alg: text.exactOptional(),
  introspection_signed_response_alg: text.exactOptional(),
  request_object_signing_alg: text.exactOptional(),
  require_signed_request_object: flag.exactOptional(),
  request_uris: listOf(text).exactOptional(),
  subject_type: text.exactOptional(),
  sector_identifier_uri: text.exactOptional(),
  initiate_login_uri: text.exactOptional(),
  default_max_age: wholeNumber.exactOptional(),
  require_auth_time: flag.exactOptional(),
  default_acr_values: listOf(text).exactOptional(),
  backchannel_logout_uri: text.exactOptional(),
  backchannel_logout_session_required: flag.exactOptional(),
  frontchannel_logout_uri: text.exactOptional(),
  frontchannel_logout_session_required: flag.exactOptional(),
  software_id: text.exactOptional(),
  software_version: text.exactOptional(),
  resource_server: flag.exactOptional(),
};

type Sent = z.output<z.ZodObject<typeof furtherMembers>>;
type Further = Pick<
  registry.ClientMetadata,
  | "jwks"
  | "jwksUri"
  | "tokenEndpointAuthSigningAlg"
  | "tlsClientAuthSubjectDn"
  | "tlsClientAuthSanDns"
  | "tlsClientAuthSanUri"
  | "tlsClientAuthSanIp"
  | "tlsClientAuthSanEmail"
  | "tlsClientCertificateBoundAccessTokens"
  | "userinfoSignedResponseAlg"
  | "introspectionSignedResponseAlg"
  | "requestObjectSigningAlg"
  | "requireSignedRequestObject"
  | "requestUris"
  | "subjectType"
  | "sectorIdentifierUri"
  | "initiateLoginUri"
  | "defaultMaxAge"
  | "requireAuthTime"
  | "defaultAcrValues"
  | "backchannelLogoutUri"
  | "backchannelLogoutSessionRequired"
  | "frontchannelLogoutUri"
  | "frontchannelLogoutSessionRequired"
  | "softwareId"
  | "softwareVersion"
  | "resourceServer"
>;

/** To the registry an empty text or list counts as left out, and so does a flag that is false. */
export function furtherFromJson(sent: Sent): Further {
  return {
    jwks: sent.jwks === undefined || Object.keys(sent.jwks).length === 0 ? "" : JSON.stringify(sent.jwks),
    jwksUri: sent.jwks_uri ?? "",
    tokenEndpointAuthSigningAlg: sent.token_endpoint_auth_signing_alg ?? "",
    tlsClientAuthSubjectDn: sent.tls_client_auth_subject_dn ?? "",
    tlsClientAuthSanDns: sent.tls_client_auth_san_dns ?? "",
    tlsClientAuthSanUri: sent.tls_client_auth_san_uri ?? "",
    tlsClientAuthSanIp: sent.tls_client_auth_san_ip ?? "",
    tlsClientAuthSanEmail: sent.tls_client_auth_san_email ?? "",
    tlsClientCertificateBoundAccessTokens: sent.tls_client_certificate_bound_access_tokens ?? false,
    userinfoSignedResponseAlg: sent.userinfo_signed_response_alg ?? "",
    introspectionSignedResponseAlg: sent.introspection_signed_response_alg ?? "",
    requestObjectSigningAlg: sent.request_object_signing_alg ?? "",
    requireSignedRequestObject: sent.require_signed_request_object ?? false,
    requestUris: sent.request_uris ?? [],
    subjectType: sent.subject_type ?? "",
    sectorIdentifierUri: sent.sector_identifier_uri ?? "",
    initiateLoginUri: sent.initiate_login_uri ?? "",
    defaultMaxAge: sent.default_max_age,
    requireAuthTime: sent.require_auth_time ?? false,
    defaultAcrValues: sent.default_acr_values ?? [],
    backchannelLogoutUri: sent.backchannel_logout_uri ?? "",
    backchannelLogoutSessionRequired: sent.backchannel_logout_session_required ?? false,
    frontchannelLogoutUri: sent.frontchannel_logout_uri ?? "",
    frontchannelLogoutSessionRequired: sent.frontchannel_logout_session_required ?? false,
    softwareId: sent.software_id ?? "",
    softwareVersion: sent.software_version ?? "",
    resourceServer: sent.resource_server ?? false,
  };
}

/** Those members that are not what they are by default. */
export function furtherToJson(metadata: registry.ClientMetadata): object {
  return {
    ...(metadata.jwks === "" ? {} : { jwks: JSON.parse(metadata.jwks) }),
    ...given("jwks_uri", metadata.jwksUri),
    ...given("token_endpoint_auth_signing_alg", metadata.tokenEndpointAuthSigningAlg),
    ...given("tls_client_auth_subject_dn", metadata.tlsClientAuthSubjectDn),
    ...given("tls_client_auth_san_dns", metadata.tlsClientAuthSanDns),
    ...given("tls_client_auth_san_uri", metadata.tlsClientAuthSanUri),
    ...given("tls_client_auth_san_ip", metadata.tlsClientAuthSanIp),
    ...given("tls_client_auth_san_email", metadata.tlsClientAuthSanEmail),
    ...given("tls_client_certificate_bound_access_tokens", metadata.tlsClientCertificateBoundAccessTokens),
    ...given("userinfo_signed_response_alg", metadata.userinfoSignedResponseAlg),
    ...given("introspection_signed_response_alg", metadata.introspectionSignedResponseAlg),
    ...given("request_object_signing_alg", metadata.requestObjectSigningAlg),
    ...given("require_signed_request_object", metadata.requireSignedRequestObject),
    ...given("request_uris", metadata.requestUris),
    ...ifNot("public", "subject_type", metadata.subjectType || "public"),
    ...given("sector_identifier_uri", metadata.sectorIdentifierUri),
    ...given("initiate_login_uri", metadata.initiateLoginUri),
    ...(metadata.defaultMaxAge === undefined ? {} : { default_max_age: metadata.defaultMaxAge }),
    ...given("require_auth_time", metadata.requireAuthTime),
    ...given("default_acr_values", metadata.defaultAcrValues),
    ...given("backchannel_logout_uri", metadata.backchannelLogoutUri),
    ...given("backchannel_logout_session_required", metadata.backchannelLogoutSessionRequired),
    ...given("frontchannel_logout_uri", metadata.frontchannelLogoutUri),
    ...given("frontchannel_logout_session_required", metadata.frontchannelLogoutSessionRequired),
    ...given("software_id", metadata.softwareId),
    ...given("software_version", metadata.softwareVersion),
    ...given("resource_server", metadata.resourceServer),
  };
}
