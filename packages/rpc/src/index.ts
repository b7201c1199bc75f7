export { type InProcessOptions, inProcessClient, type ServiceDefinition } from "./channels/in-process.ts";
export type { ErrorListener } from "./errors/server-errors.ts";
export { inRequest, onBehalfOf, requestIdOf } from "./stack/request-id.ts";
