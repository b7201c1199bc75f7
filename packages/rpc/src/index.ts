export { type InProcessOptions, inProcessClient } from "./channels/in-process.ts";
export { CredentialsRefusedError } from "./errors/credentials-refused-error.ts";
export type { ErrorListener } from "./errors/server-errors.ts";
export { isCallerRefused } from "./errors/statuses.ts";
export type { Service, ServiceDefinition } from "./service-definition.ts";
export { callerOf, roleOf } from "./stack/credentials.ts";
export { remainingMilliseconds } from "./stack/deadline.ts";
export { type CallObserver, type ObservableCall, type ObservedCall, observedClient, observedService } from "./stack/observed.ts";
export { inRequest, newRequestId, onBehalfOf, requestIdOf } from "./stack/request-id.ts";
