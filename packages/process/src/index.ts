export { clientTls, openChannel } from "./channels.ts";
export { explainFailedStart } from "./explain-failed-start.ts";
export { logErrors } from "./log-errors.ts";
export { type MethodCallers, withMethods } from "./method-callers.ts";
export { type Readiness, watchReadiness } from "./readiness.ts";
export { type RunningProgram, runProgram, type Start, type Surroundings } from "./run-program.ts";
export { StartError } from "./start-error.ts";
export { type ServiceProgram, startService } from "./start-service.ts";
