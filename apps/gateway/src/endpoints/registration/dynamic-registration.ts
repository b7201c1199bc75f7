import type { registry as contract } from "@signet/contracts";
import { ResourceError } from "@signet/protocol";
import { endpoint } from "../../endpoint.ts";
import { registrationError } from "../../errors/registration-error.ts";
import { inRequest } from "../../http/in-request.ts";
import { json } from "../../http/reply.ts";
import type { IssuerRequest } from "../../http/request.ts";
import { noStore } from "../../steps/headers.ts";
import { jsonBody } from "../../steps/json-body.ts";
import { optionalBearerToken } from "../../steps/optional-bearer-token.ts";
import { registeredClientToJson, registrationFromJson, replacementFromJson } from "./dynamic-client-json.ts";

const all = ["/oauth2/v1/register"];
const one = ["/oauth2/v1/register/:client"];

/** Client registration endpoint, RFC 7591 section 3, OpenID Connect Registration section 3.1. */
export const registerClient = endpoint({
  method: "POST",
  paths: all,
  errors: registrationError,
  steps: [noStore, optionalBearerToken, jsonBody],
  async handle(request, { registry }) {
    const { tenant, bearerToken: initialAccessToken, body, address } = request;
    const reply = await registry.registerClient(
      { tenant: tenant.name, initialAccessToken, address, ...registrationFromJson(body) },
      inRequest(request),
    );
    return json(201, registeredClientToJson(reply, request.issuer, reply.registrationAccessToken));
  },
});

/** Client configuration endpoint, RFC 7592 section 2.1, OpenID Connect Registration section 4.2. */
export const readRegistration = endpoint({
  method: "GET",
  paths: one,
  errors: registrationError,
  steps: [noStore, optionalBearerToken],
  async handle(request, { registry }) {
    const access = accessIn(request);
    const reply = await registry.getRegistration(access, inRequest(request));
    return json(200, registeredClientToJson(reply, request.issuer, access.registrationAccessToken));
  },
});

/** RFC 7592 section 2.2. */
export const replaceRegistration = endpoint({
  method: "PUT",
  paths: one,
  errors: registrationError,
  steps: [noStore, optionalBearerToken, jsonBody],
  async handle(request, { registry }) {
    const access = accessIn(request);
    const reply = await registry.replaceRegistration(
      { ...access, ...replacementFromJson(request.body, access.clientId) },
      inRequest(request),
    );
    return json(200, registeredClientToJson(reply, request.issuer, access.registrationAccessToken));
  },
});

/** RFC 7592 section 2.3. */
export const deleteRegistration = endpoint({
  method: "DELETE",
  paths: one,
  errors: registrationError,
  steps: [noStore, optionalBearerToken],
  async handle(request, { registry }) {
    await registry.deleteRegistration(accessIn(request), inRequest(request));
    return { status: 204, headers: {} };
  },
});

/** @throws ResourceError unauthenticated without a token */
function accessIn({
  tenant,
  pathParameters,
  bearerToken,
  address,
}: IssuerRequest & { readonly bearerToken: string }): contract.GetRegistrationRequest {
  if (bearerToken === "") {
    throw new ResourceError("unauthenticated", "the registration access token is needed, sent as a Bearer token");
  }
  return { tenant: tenant.name, clientId: pathParameters.client ?? "", registrationAccessToken: bearerToken, address };
}
