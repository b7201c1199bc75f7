import { hostEndpoint } from "../../endpoint.ts";
import { apiError } from "../../errors/api-error.ts";
import { inRequest } from "../../http/in-request.ts";
import { json } from "../../http/reply.ts";
import { administrator } from "../../steps/administrator.ts";
import { noStore } from "../../steps/headers.ts";
import { workplaceIn } from "./path-names.ts";
import { settingsToJson } from "./workplace-oidc-json.ts";

/** A new OIDC token for the workplace. The old one is refused from the reply on. A body is not needed, and not read. */
export const renewWorkplaceToken = hostEndpoint({
  method: "POST",
  paths: ["/v1/workplaces/:workplace/oidc/token"],
  errors: apiError,
  steps: [noStore, administrator],
  async handle(request, { registry }) {
    const name = workplaceIn(request);
    const { registrationToken } = await registry.rotateRegistrationToken({ name }, inRequest(request));
    const { tenant } = await registry.getTenant({ name }, inRequest(request));
    return json(200, { result: settingsToJson(tenant, registrationToken) });
  },
});
