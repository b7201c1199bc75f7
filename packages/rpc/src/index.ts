export { type InProcessOptions, inProcessClient } from "./channels/in-process.ts";
export type { ErrorListener } from "./errors/server-errors.ts";
export type { Service, ServiceDefinition } from "./service-definition.ts";
export { callerOf } from "./stack/credentials.ts";
export { remainingMilliseconds } from "./stack/deadline.ts";
export { inRequest, onBehalfOf, requestIdOf } from "./stack/request-id.ts";
