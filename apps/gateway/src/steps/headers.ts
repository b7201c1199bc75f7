import type { Step } from "../endpoint.ts";
import { errorIdHeader } from "../http/error-id-header.ts";
import type { HostRequest } from "../http/request.ts";

/** RFC 6749 section 5.1. Every reply of the gateway is `no-store` unless it says otherwise; this adds the older header that the RFC names. */
export const noStore: Step<HostRequest, object> = { headers: { "Cache-Control": "no-store", Pragma: "no-cache" } };

/**
 * Browser applications of any origin may ask, without credentials: what they get, they get for what they send, never for a cookie.
 */
export const cors: Step<HostRequest, object> = {
  isCrossOrigin: true,
  headers: {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": `WWW-Authenticate, Retry-After, ${errorIdHeader}`,
  },
};
