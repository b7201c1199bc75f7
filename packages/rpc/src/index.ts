export { type InProcessOptions, inProcessClient, type ServiceDefinition } from "./channels/in-process.ts";
export { clientErrors } from "./errors/client-errors.ts";
export { type ErrorListener, oauthErrorTrailer, serverErrors } from "./errors/server-errors.ts";
export { clientDeadline, type DeadlineOptions, defaultDeadlineMilliseconds } from "./stack/deadline.ts";
export { inRequest, onBehalfOf, requestIdOf } from "./stack/request-id.ts";
