import type { ServerDuplexStream } from "@grpc/grpc-js";
import { Metadata, ServerError } from "nice-grpc-common";
import type { ErrorListener } from "../../errors/server-errors.ts";
import type { Refusal } from "../../stack/credentials.ts";
import { CallLife } from "../../stack/deadline.ts";
import { MuxCallContext } from "../mux/call-context.ts";

/** Ends a stream that is not answered through the server stack, and tells `onError`. */
export function refuseStream(
  stream: ServerDuplexStream<Buffer, Buffer>,
  path: string,
  { code, details }: Refusal,
  onError: ErrorListener | undefined,
): void {
  const life = new CallLife(path, undefined);
  life.abort();
  const context = new MuxCallContext(Metadata(), stream.getPeer(), life);
  onError?.(new ServerError(code, details), { path, context });
  stream.emit("error", { code, details });
}
