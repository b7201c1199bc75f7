import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { expect } from "vitest";

export interface ApiRequest {
  readonly method?: string;
  /** A header with several values is sent as several lines. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** As it stands; an object is sent as JSON, with the Content-Type for it unless the headers have one. */
  readonly body?: string | Buffer | object;
}

export interface ApiReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly milliseconds: number;
}

/** One HTTP request, byte by byte as the test says: `fetch` would mend or refuse what is hostile in it. */
export function send(url: string, { method = "GET", headers = {}, body }: ApiRequest = {}): Promise<ApiReply> {
  const isJson = body !== undefined && typeof body !== "string" && !Buffer.isBuffer(body);
  const payload = isJson ? JSON.stringify(body) : body;
  const all = isJson ? { "Content-Type": "application/json", ...headers } : headers;
  const begun = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<ApiReply>();
  const { origin, hostname, port } = new URL(url);
  const sent = httpRequest({ hostname, port, path: url.slice(origin.length), method }, (reply) => {
    const chunks: Buffer[] = [];
    reply.on("data", (chunk: Buffer) => chunks.push(chunk));
    reply.on("error", reject);
    reply.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text, milliseconds: performance.now() - begun });
    });
  });
  sent.on("error", reject);
  for (const [name, value] of Object.entries(all)) sent.setHeader(name, typeof value === "string" ? value : [...value]);
  if (payload !== undefined) sent.setHeader("Content-Length", Buffer.byteLength(payload));
  sent.end(payload);
  return promise;
}

/** The quickest of three tries: what the machine does beside the test must not fail it. */
export async function quickest(tries: () => Promise<ApiReply>): Promise<number> {
  const replies = [await tries(), await tries(), await tries()];
  return Math.min(...replies.map(({ milliseconds }) => milliseconds));
}

/** What an error of the registration and the administration API has to look like. */
export function errorBody(code: number, message: unknown): object {
  return { error_code: code, error_message: message, more_info: "" };
}

/** The reply has to be this error of the registration or the administration API. */
export function expectError(reply: ApiReply, status: number, code: number, message: unknown = expect.any(String)): void {
  expect(reply.status, reply.text).toBe(status);
  expect(JSON.parse(reply.text)).toStrictEqual(errorBody(code, message));
  expect(reply.headers["content-type"]).toBe("application/json;charset=UTF-8");
}

/** All of a reply that a caller could tell two replies apart by; each has a time and an error id of its own. */
export function visible({ status, headers: { date: _date, "signet-error-id": _id, ...headers }, text }: ApiReply): object {
  return { status, headers, text };
}
