import type { common, registry } from "@signet/contracts";
import { explanationOf, parseClientId, parseTenantName } from "@signet/protocol";
import type { ErrorOutcome } from "../errors/outcome.ts";
import type { HostRequest, IssuerRequest } from "../http/request.ts";
import type { Refused } from "./refused.ts";
import { type FoundByName, shownParameters } from "./sent-parameters.ts";

/** What is kept of a request: which endpoint it came to, and what its steps found in it. */
export interface ServedRequest {
  readonly request: HostRequest | IssuerRequest;
  /** As it stands in the route table. */
  readonly endpoint: string;
  readonly found: FoundByName;
  readonly status: number;
}

type Recorded = Omit<registry.Refusal, "at" | "unkept">;

/** The refusal, for the administrator of the tenant; undefined where it concerns none. */
export function refusalOf({ request, endpoint, found, status }: ServedRequest, refused: Refused): Recorded | undefined {
  const tenant = "tenant" in request ? request.tenant.name : parseTenantName(request.pathParameters.workplace ?? "");
  if (tenant === undefined) return undefined;
  const { parameters, others } = shownParameters(found);
  return {
    id: request.id,
    tenant,
    method: request.method,
    endpoint,
    status,
    ...refused,
    clientId: clientIdIn(found) ?? "",
    parameters: [...parameters],
    otherParameters: others,
  };
}

/** What an error refuses, and why. Of a fault of Signet's own there is nothing to tell but that; the log has it. */
export function refusedBy(error: unknown, { code, description, isInternal }: ErrorOutcome): Refused {
  const explanation = isInternal ? undefined : explanationOf(error);
  const rule = isInternal ? "a fault of Signet's own: the log has its cause under this id" : description;
  return { error: code, description, explanation: explanation ? messageOf(explanation) : messageOf({ rule }) };
}

function messageOf({ rule, expected, sent }: Partial<common.Explanation>): common.Explanation {
  return { rule: rule ?? "", expected, sent };
}

/** The client that the request names; what has not the form of a client's id may be anything. */
function clientIdIn(found: FoundByName): string | undefined {
  const { authentication } = found;
  if (typeof authentication === "object" && authentication !== null && "clientId" in authentication) {
    return parseClientId(String(authentication.clientId));
  }
  const named = shownParameters(found).parameters.find(({ name }) => name === "client_id");
  return named && parseClientId(named.value);
}
