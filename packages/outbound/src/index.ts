export type { Lookup } from "./address/checked-lookup.ts";
export { isPublicAddress } from "./address/public-address.ts";
export type { FreshnessBounds } from "./cache/freshness.ts";
export {
  createOutbound,
  type FetchOptions,
  type Outbound,
  type OutboundLimits,
  type OutboundOptions,
  type PostOptions,
} from "./outbound.ts";
export { OutboundError, type OutboundFailure } from "./outbound-error.ts";
export { outboundOfOneCall } from "./outbound-of-one-call.ts";
