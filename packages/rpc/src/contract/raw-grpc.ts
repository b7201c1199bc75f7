import { once } from "node:events";
import { connect } from "node:http2";
import { createGzip } from "node:zlib";

/** How a server ended a call. */
export interface RawOutcome {
  readonly status: number;
  readonly message: string;
}

/**
 * Sends `body` as it is to a method, as only a hostile client would, and tells how the server ended the call.
 * @param encoding of the messages that are marked as compressed
 */
export async function rawGrpc(url: string, path: string, body: Buffer, encoding = "identity"): Promise<RawOutcome> {
  const session = connect(url.replace(/^grpc/, "http"));
  try {
    const request = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc+proto",
      te: "trailers",
      "grpc-encoding": encoding,
    });
    let outcome: RawOutcome = { status: Number.NaN, message: "" };
    const note = (headers: Record<string, string | string[] | undefined>) => {
      if (headers["grpc-status"] === undefined) return;
      outcome = { status: Number(headers["grpc-status"]), message: decodeURIComponent(String(headers["grpc-message"] ?? "")) };
    };
    request.on("response", note);
    request.on("trailers", note);
    request.resume();
    request.end(body);
    await once(request, "close");
    return outcome;
  } finally {
    session.destroy();
  }
}

/** A message as gRPC delimits it. `declaredBytes`: what its length is said to be. */
export function delimited(message: Uint8Array, isCompressed: boolean, declaredBytes = message.length): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(isCompressed ? 1 : 0, 0);
  prefix.writeUInt32BE(declaredBytes, 1);
  return Buffer.concat([prefix, message]);
}

/** So many mebibytes of zeros, compressed to a thousandth. */
export async function gzippedZeros(mebibytes: number): Promise<Buffer> {
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  gzip.on("data", (chunk: Buffer) => chunks.push(chunk));
  const mebibyte = Buffer.alloc(1024 * 1024);
  for (let count = 0; count < mebibytes; count += 1) if (!gzip.write(mebibyte)) await once(gzip, "drain");
  gzip.end();
  await once(gzip, "end");
  return Buffer.concat(chunks);
}
