import { hostEndpoint } from "../../endpoint.ts";
import { apiError } from "../../errors/api-error.ts";
import { inRequest } from "../../http/in-request.ts";
import { json } from "../../http/reply.ts";
import { administrator } from "../../steps/administrator.ts";
import { noStore } from "../../steps/headers.ts";
import { jsonBody } from "../../steps/json-body.ts";
import { workplaceIn } from "./path-names.ts";
import { settingsPatchFromJson, settingsToJson } from "./workplace-oidc-json.ts";

const paths = ["/v1/workplaces/:workplace/oidc"];

/** A workplace's OIDC settings, with the token that opens its registration API. */
export const readWorkplaceOidc = hostEndpoint({
  method: "GET",
  paths,
  errors: apiError,
  steps: [noStore, administrator],
  async handle(request, { registry }) {
    const name = workplaceIn(request);
    const [{ tenant }, { registrationToken }] = await Promise.all([
      registry.getTenant({ name }, inRequest(request)),
      registry.getRegistrationToken({ name }, inRequest(request)),
    ]);
    return json(200, { result: settingsToJson(tenant, registrationToken) });
  },
});

/** Changes the settings that are sent. */
export const updateWorkplaceOidc = hostEndpoint({
  method: "POST",
  paths,
  errors: apiError,
  steps: [noStore, administrator, jsonBody],
  async handle(request, { registry }) {
    const name = workplaceIn(request);
    const patch = settingsPatchFromJson(request.body);
    const { tenant } = await registry.updateTenant({ name, patch }, inRequest(request));
    const { registrationToken } = await registry.getRegistrationToken({ name }, inRequest(request));
    return json(200, { result: settingsToJson(tenant, registrationToken) });
  },
});
