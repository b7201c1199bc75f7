import type { registry } from "@signet/contracts";
import { type Instant, later, masked, type TenantId } from "@signet/protocol";
import type { RefusalId, StoredRefusal } from "@signet/storage";

/** As long as somebody may take to ask about an error that they saw. */
const lifetimeMilliseconds = 24 * 60 * 60 * 1000;
const maximumParameters = 64;
const shape = /^[0-9a-f]{18,26}$/;

/** The id of a request; undefined for what is none. */
export function parseRefusalId(value: string): RefusalId | undefined {
  return shape.test(value) ? (value as RefusalId) : undefined;
}

/** What is kept of a refusal. Every text is masked, and so cut off, once more: what is kept must not depend on who sent it. */
export function toStored(refusal: registry.Refusal, id: RefusalId, tenantId: TenantId, now: Instant): StoredRefusal {
  const { method, endpoint, status, error, description, explanation, clientId, otherParameters, unkept } = refusal;
  const parameters = refusal.parameters.slice(0, maximumParameters);
  return {
    id,
    tenantId,
    at: now,
    expiresAt: later(now, lifetimeMilliseconds),
    method: masked(method),
    endpoint: masked(endpoint),
    status,
    error: masked(error),
    description: masked(description),
    rule: masked(explanation?.rule ?? description),
    ...(explanation?.expected !== undefined && { expected: masked(explanation.expected) }),
    ...(explanation?.sent !== undefined && { sent: masked(explanation.sent) }),
    ...(clientId !== "" && { clientId: masked(clientId) }),
    parameters: parameters.map(({ name, value }) => ({ name: masked(name), value: masked(value) })),
    otherParameters: otherParameters + refusal.parameters.length - parameters.length,
    unkept,
  };
}

export function toRefusalMessage(
  { id, at, rule, expected, sent, clientId = "", expiresAt: _end, tenantId: _tenant, parameters, ...same }: StoredRefusal,
  tenant: string,
): registry.Refusal {
  return { ...same, id, at, tenant, clientId, explanation: { rule, expected, sent }, parameters: [...parameters] };
}
