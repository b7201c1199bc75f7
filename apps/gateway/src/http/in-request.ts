import { inRequest as inRequestId } from "@signet/rpc";
import type { HostRequest } from "./request.ts";

/** Options of a call to a service: what the service logs of it stands under the request's id. */
export const inRequest = (request: HostRequest) => inRequestId(request.id);
