import { mux } from "@signet/contracts";
import { pathOf } from "../../service-definition.ts";

/** The one gRPC method that carries all others. */
export const connectPath = pathOf(mux.MuxServiceDefinition, mux.MuxServiceDefinition.methods.connect);
