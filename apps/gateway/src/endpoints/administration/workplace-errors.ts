import type { registry } from "@signet/contracts";
import { hostEndpoint } from "../../endpoint.ts";
import { apiError } from "../../errors/api-error.ts";
import { inRequest } from "../../http/in-request.ts";
import { json } from "../../http/reply.ts";
import { administrator } from "../../steps/administrator.ts";
import { noStore } from "../../steps/headers.ts";
import { workplaceIn } from "./path-names.ts";

/** Why a request was refused, by the error id that its page or its reply had. */
export const readWorkplaceError = hostEndpoint({
  method: "GET",
  paths: ["/v1/workplaces/:workplace/errors/:error"],
  errors: apiError,
  steps: [noStore, administrator],
  async handle(request, { registry, refusals }) {
    const tenant = workplaceIn(request);
    // What this gateway has just refused is on its way.
    await refusals.settled();
    const { refusal } = await registry.getRefusal({ tenant, id: request.pathParameters.error ?? "" }, inRequest(request));
    return json(200, { result: refusalToJson(refusal) });
  },
});

function refusalToJson(refusal: registry.Refusal | undefined): object {
  if (refusal === undefined) throw new Error("the registry answered without the refusal");
  const { explanation, parameters } = refusal;
  return {
    id: refusal.id,
    at: refusal.at,
    method: refusal.method,
    endpoint: refusal.endpoint,
    status: refusal.status,
    error: refusal.error,
    description: refusal.description,
    rule: explanation?.rule ?? "",
    expected: explanation?.expected ?? "",
    sent: explanation?.sent ?? "",
    client_id: refusal.clientId,
    parameters: parameters.map(({ name, value }) => ({ name, value })),
    other_parameters: refusal.otherParameters,
    unkept: refusal.unkept,
  };
}
