import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { HttpError } from "./http-error.ts";
import type { HostRequest } from "./request.ts";

/** What is read of a request. */
export type RequestBody = Pick<HostRequest, "message" | "place">;

/** Nothing that Signet accepts is larger. */
export const maximumBodyBytes = 64 * 1024;

/**
 * The whole body as text. The request is worked on from then on.
 * @throws HttpError 415 for another media type or an encoded body, 413 for one over the limit, 400 for one that is not UTF-8 or broke off; BusyError
 */
export async function readText({ message, place }: RequestBody, mediaType: string): Promise<string> {
  if (!isOfType(message.headers["content-type"], mediaType)) throw new HttpError(415, `the body must be ${mediaType}`);
  const encoding = message.headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity")
    throw new HttpError(415, "the body must not be compressed");
  const body = await readBytes(message);
  place?.take();
  if (!isUtf8(body)) throw new HttpError(400, "the body must be UTF-8");
  return body.toString("utf8");
}

/** Whether a Content-Type header names the media type (RFC 9110 section 8.3.1). Most name it and nothing else. */
function isOfType(header: string | undefined, mediaType: string): boolean {
  return header === mediaType || header?.split(";", 1)[0]?.trim().toLowerCase() === mediaType;
}

/** By the stream's events: iterating over it costs several times as much. */
function readBytes(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(message.headers["content-length"] ?? 0) > maximumBodyBytes) return reject(tooLarge());
    const chunks: Buffer[] = [];
    let length = 0;
    message.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > maximumBodyBytes) reject(tooLarge());
      else chunks.push(chunk);
    });
    message.on("end", () => {
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
    });
    // A client that hangs up in the middle is no fault of ours, and none to fill the log with.
    message.on("error", (cause) => reject(new HttpError(400, "the body did not arrive whole", { cause })));
    message.on("close", () => {
      if (!message.complete) reject(new HttpError(400, "the body did not arrive whole"));
    });
  });
}

function tooLarge(): HttpError {
  return new HttpError(413, `the body may have at most ${maximumBodyBytes} bytes`);
}
