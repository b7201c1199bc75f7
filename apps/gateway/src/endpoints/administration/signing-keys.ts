import type { token } from "@signet/contracts";
import { hostEndpoint } from "../../endpoint.ts";
import { apiError } from "../../errors/api-error.ts";
import { inRequest } from "../../http/in-request.ts";
import { objectOf, parseBody, text } from "../../http/json-members.ts";
import { json } from "../../http/reply.ts";
import { administrator } from "../../steps/administrator.ts";
import { noStore } from "../../steps/headers.ts";
import { optionalJsonBody } from "../../steps/json-body.ts";
import { workplaceIn } from "./path-names.ts";

const rotationJson = objectOf({ algorithm: text.exactOptional() });
const emergencyJson = objectOf({ algorithm: text.exactOptional(), kid: text.exactOptional() });

/** The workplace's signing keys that are published. */
export const listSigningKeys = hostEndpoint({
  method: "GET",
  paths: ["/v1/workplaces/:workplace/keys"],
  errors: apiError,
  steps: [noStore, administrator],
  async handle(request, { tokens }) {
    const { keys } = await tokens.listSigningKeys({ tenant: workplaceIn(request) }, inRequest(request));
    return json(200, { result: keys.map(signingKeyToJson) });
  },
});

/** Publishes a key for each algorithm, which takes over once relying parties have it. A body is not needed. */
export const rotateSigningKeys = hostEndpoint({
  method: "POST",
  paths: ["/v1/workplaces/:workplace/keys/rotate"],
  errors: apiError,
  steps: [noStore, administrator, optionalJsonBody],
  async handle(request, { tokens }) {
    const asked = parseBody(rotationJson, request.body);
    const { keys } = await tokens.rotateSigningKeys({ tenant: workplaceIn(request), ...asked }, inRequest(request));
    return json(200, { result: keys.map(signingKeyToJson) });
  },
});

/** Takes the keys that sign out of use at once, or the one that is named. A body is not needed. */
export const revokeSigningKeys = hostEndpoint({
  method: "POST",
  paths: ["/v1/workplaces/:workplace/keys/emergency"],
  errors: apiError,
  steps: [noStore, administrator, optionalJsonBody],
  async handle(request, { tokens }) {
    const asked = parseBody(emergencyJson, request.body);
    const { keys } = await tokens.revokeSigningKeys({ tenant: workplaceIn(request), ...asked }, inRequest(request));
    return json(200, { result: keys.map(signingKeyToJson) });
  },
});

/** Times are epoch milliseconds, as everywhere in this API; null where there is none yet. */
function signingKeyToJson({ kid, algorithm, state, createdAt, signsFrom, retiresAt, publishedUntil }: token.SigningKey): object {
  return {
    kid,
    algorithm,
    state,
    created_at: createdAt,
    signs_from: signsFrom,
    retires_at: retiresAt ?? null,
    published_until: publishedUntil ?? null,
  };
}
