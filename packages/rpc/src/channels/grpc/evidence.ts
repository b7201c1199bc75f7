import type { ServerDuplexStream, ServerUnaryCall, ServerWritableStream } from "@grpc/grpc-js";
import type { Evidence } from "../../stack/credentials.ts";

/** A call as grpc-js hands it to a server. */
export type GrpcCall =
  | ServerUnaryCall<Buffer, Buffer>
  | ServerWritableStream<Buffer, Buffer>
  | ServerDuplexStream<Buffer, Buffer>;

/** What a call, or the stream that will carry many, shows of its caller. */
export function evidenceOf(call: GrpcCall): Evidence {
  const [authorization] = call.metadata.get("authorization");
  const name = call.getAuthContext().sslPeerCertificate?.subject?.CN;
  return {
    authorization: typeof authorization === "string" ? authorization : undefined,
    certificateName: typeof name === "string" ? name : undefined,
  };
}
