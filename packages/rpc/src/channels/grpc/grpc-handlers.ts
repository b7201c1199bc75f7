import type { EventEmitter } from "node:events";
import type {
  Deadline,
  handleServerStreamingCall,
  handleUnaryCall,
  Server,
  ServerWritableStream,
  StatusObject,
} from "@grpc/grpc-js";
import { type CallContext, ClientError, Metadata, ServerError, Status } from "nice-grpc-common";
import { eachUntilAborted } from "../../client/abort.ts";
import type { CallsUnderWay } from "../../server/calls-under-way.ts";
import type { ServedMethod, ServedMethods } from "../../server/dispatcher.ts";
import { type Authorizer, type Evidence, setCaller, withdrawn } from "../../stack/credentials.ts";
import type { CallLife } from "../../stack/deadline.ts";
import { evidenceOf, type GrpcCall } from "./evidence.ts";
import { fromGrpcMetadata, toGrpcMetadata } from "./metadata.ts";
import { asBuffer, pass } from "./pass.ts";

export interface GrpcHandlerOptions extends Answering {
  readonly methods: ServedMethods;
}

interface Answering {
  readonly authorizer: Authorizer | undefined;
  readonly calls: CallsUnderWay;
}

/** Answers plain gRPC calls of `methods` on `server`. */
export function addGrpcHandlers(server: Server, { methods, ...answering }: GrpcHandlerOptions): void {
  for (const method of methods.values()) {
    const handler = method.responseStream ? serverStreaming(method, answering) : unary(method, answering);
    server.register(method.path, handler, pass, pass, method.responseStream ? "serverStream" : "unary");
  }
}

function unary(method: ServedMethod, answering: Answering): handleUnaryCall<Buffer, Buffer> {
  return (call, callback) => {
    const { context, life } = begin(call, method, answering);
    life
      .untilAborted(() => method.unary(call.request, context))
      .finally(() => life.end())
      .then(
        (reply) => callback(null, asBuffer(reply), toGrpcMetadata(context.trailer)),
        (error: unknown) => callback(statusOf(error, context)),
      );
  };
}

function serverStreaming(method: ServedMethod, answering: Answering): handleServerStreamingCall<Buffer, Buffer> {
  return (call) => {
    const { context, life } = begin(call, method, answering);
    const forgetCallers = endWhenRefused(evidenceOf(call), method.path, life, answering.authorizer);
    sendAll(eachUntilAborted(method.serverStreaming(call.request, context), method.path, context.signal), call, context.signal)
      .finally(() => {
        forgetCallers();
        life.end();
      })
      .then(
        () => call.end(toGrpcMetadata(context.trailer)),
        (error: unknown) => call.emit("error", statusOf(error, context)),
      );
  };
}

/** Ends a stream of messages once the callers were replaced and whoever shows `evidence` may not have it any more. The returned function ends that. */
function endWhenRefused(evidence: Evidence, path: string, life: CallLife, authorizer: Authorizer | undefined): () => void {
  if (authorizer === undefined) return () => {};
  return authorizer.onReplaced(() => {
    if (authorizer.refusal(path, authorizer.identify(evidence)) !== undefined) life.abort(withdrawn(path));
  });
}

async function sendAll(
  messages: AsyncIterable<Uint8Array>,
  call: ServerWritableStream<Buffer, Buffer>,
  signal: AbortSignal,
): Promise<void> {
  for await (const message of messages) {
    if (!call.write(asBuffer(message))) await drained(call, signal);
  }
}

/** A slow reader makes the service wait. */
function drained(call: ServerWritableStream<Buffer, Buffer>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      call.off("drain", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    call.once("drain", done);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
}

function begin(call: GrpcCall, method: ServedMethod, { authorizer, calls }: Answering): { context: CallContext; life: CallLife } {
  const life = calls.beginUnlessStopping(method, millisecondsUntil(call.getDeadline()));
  if (call.cancelled) life.abort();
  const events: EventEmitter = call;
  events.once("cancelled", () => life.abort());
  const context = contextOf(call, life.signal);
  if (authorizer !== undefined) {
    setCaller(context, authorizer.identify(evidenceOf(call)));
    // It has served its purpose, and should stand in no log.
    context.metadata.delete("authorization");
  }
  return { context, life };
}

function contextOf(call: GrpcCall, signal: AbortSignal): CallContext {
  const header = Metadata();
  return {
    metadata: fromGrpcMetadata(call.metadata),
    peer: call.getPeer(),
    header,
    trailer: Metadata(),
    signal,
    sendHeader: () => call.sendMetadata(toGrpcMetadata(header)),
  };
}

function millisecondsUntil(deadline: Deadline): number | undefined {
  const time = deadline instanceof Date ? deadline.getTime() : deadline;
  return Number.isFinite(time) ? time - Date.now() : undefined;
}

function statusOf(error: unknown, { trailer }: CallContext): StatusObject {
  const metadata = toGrpcMetadata(trailer);
  // A ClientError is the call's own end: its time is over, or its caller's right to it.
  if (error instanceof ServerError || error instanceof ClientError) return { code: error.code, details: error.details, metadata };
  return { code: Status.INTERNAL, details: "internal error", metadata };
}
