/** Serves for the hop bench, prints its address and goes on until it is ended. */
import { serve } from "@signet/rpc/network";
import { service } from "./service.ts";

const { url } = await serve({ services: [service], listen: "grpc://127.0.0.1:0" });
console.log(url);
