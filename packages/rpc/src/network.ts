// Apart from what every service needs, because grpc-js costs whoever loads it tens of milliseconds and some megabytes, and one process that holds
// everything has no use for it.
export { type Channel, type ChannelOptions, createChannel } from "./channels/create-channel.ts";
export type { ClientTls } from "./channels/grpc/grpc-client.ts";
export type { ConnectionListener, Lookup } from "./channels/replica-set.ts";
export { type CheckHealthOptions, checkHealth } from "./health/check-health.ts";
export { createHealth, type Health, type HealthStatus } from "./health/health.ts";
export type { ConnectionLimits, Keepalive } from "./limits.ts";
export { ListenError, type RunningServer, type ServeOptions, type ServerTls, serve } from "./server/serve.ts";
export type { Caller, ClientCredentials, ServerCredentials } from "./stack/credentials.ts";
export { type Current, type Replaceable, replaceable } from "./stack/current.ts";
