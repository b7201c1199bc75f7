export { createLogger, type Logger } from "./logger.ts";
export type { CallObserver, LookUpListener, RequestObserver, StoreObserver } from "./observers.ts";
export { startTelemetry, type Telemetry, type TelemetryOptions } from "./start-telemetry.ts";
