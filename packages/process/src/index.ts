export { agreedClock } from "./agreed-clock.ts";
export { openChannel } from "./open-channel.ts";
export { requireKey } from "./require-key.ts";
export { type RunningProgram, runProgram, type Surroundings } from "./run-program.ts";
export { requireServing, serves } from "./serves.ts";
export { startService } from "./start-service.ts";
export { usable } from "./usable.ts";
export { warnSparingly } from "./warn-sparingly.ts";
export { type MethodCallers, withMethods } from "./with-methods.ts";
