import { type ServerDuplexStream, status } from "@grpc/grpc-js";
import { mux } from "@signet/contracts";
import { ClientError, type Metadata, ServerError, Status } from "nice-grpc-common";
import { eachUntilAborted } from "../../client/abort.ts";
import { encoded } from "../../encoding.ts";
import type { CallsUnderWay } from "../../server/calls-under-way.ts";
import type { ServedMethod, ServedMethods } from "../../server/dispatcher.ts";
import { type Authorizer, type Evidence, setCaller, withdrawn } from "../../stack/credentials.ts";
import type { CallLife } from "../../stack/deadline.ts";
import { asBuffer } from "../grpc/pass.ts";
import { createBatchWriter } from "./batch-writer.ts";
import { MuxCallContext } from "./call-context.ts";
import { fromEntries } from "./metadata.ts";

/** One caller's stream. */
export interface MuxServerConnection {
  readonly over: Promise<void>;
  /** Asks the caller to leave. */
  drain(): void;
}

export interface MuxServerConnectionOptions {
  readonly calls: CallsUnderWay;
  readonly methods: ServedMethods;
  readonly authorizer: Authorizer | undefined;
  /** What the stream shows of its caller, on a server that knows its callers. */
  readonly evidence: Evidence;
  readonly window: number;
  readonly maximumMessageBytes: number;
}

interface IncomingCall {
  readonly method: ServedMethod;
  readonly life: CallLife;
}

export function serveMuxConnection(
  stream: ServerDuplexStream<Buffer, Buffer>,
  { methods, calls: underWay, authorizer, evidence, window, maximumMessageBytes }: MuxServerConnectionOptions,
): MuxServerConnection {
  const calls = new Map<number, IncomingCall>();
  const over = Promise.withResolvers<void>();
  const peer = stream.getPeer();
  const writer = createBatchWriter<mux.ConnectResponse>({
    sink: stream,
    empty: () => ({ welcome: undefined, replies: [], messages: [], ends: [], errors: [], goAway: undefined }),
    encode: (batch) => encoded(mux.ConnectResponse, batch),
  });
  let caller = authorizer?.identify(evidence);
  const forgetCallers = authorizer?.onReplaced(identifyAgain);
  let isOver = false;
  let hasCallerLeft = false;
  let isPaused = false;

  stream.on("data", (bytes: Buffer) => {
    if (isOver) return;
    try {
      receive(mux.ConnectRequest.decode(bytes));
    } catch {
      finish();
      stream.emit("error", { code: status.INVALID_ARGUMENT, details: "the batch cannot be read" });
    }
  });
  stream.on("end", () => {
    hasCallerLeft = true;
    endIfDone();
  });
  stream.on("cancelled", finish);
  stream.on("error", finish);
  stream.on("close", finish);
  writer.add(16, (batch) => {
    batch.welcome = { window, maximumMessageBytes };
  });
  writer.flush();

  function receive({ calls: begun, cancels }: mux.ConnectRequest): void {
    for (const call of begun) begin(call);
    for (const { id } of cancels) {
      const call = calls.get(id);
      if (call !== undefined && calls.delete(id)) call.life.abort();
    }
    endIfDone();
    if (writer.isBlocked) void pauseUntilDrained();
  }

  /** A caller that does not read its replies has no more calls read. */
  async function pauseUntilDrained(): Promise<void> {
    if (isPaused) return;
    isPaused = true;
    stream.pause();
    await writer.drained();
    isPaused = false;
    stream.resume();
  }

  function begin({ id, path, deadlineMilliseconds, metadata, payload }: mux.Call): void {
    if (calls.has(id)) throw new Error("the id is in use");
    const method = methods.get(path);
    if (method === undefined) refuse(id, Status.UNIMPLEMENTED, "there is no such method");
    else if (calls.size >= window) refuse(id, Status.UNAVAILABLE, "too many calls are outstanding");
    else if (deadlineMilliseconds === 0) refuse(id, Status.DEADLINE_EXCEEDED, "the deadline has passed");
    else {
      const call: IncomingCall = { method, life: underWay.begin(method, deadlineMilliseconds) };
      const context = contextOf(fromEntries(metadata), call.life);
      calls.set(id, call);
      void (method.responseStream ? answerStream(id, call, payload, context) : answer(id, call, payload, context));
    }
  }

  function contextOf(metadata: Metadata, life: CallLife): MuxCallContext {
    const context = new MuxCallContext(metadata, peer, life);
    if (authorizer !== undefined) setCaller(context, caller);
    return context;
  }

  async function answer(id: number, call: IncomingCall, request: Uint8Array, context: MuxCallContext): Promise<void> {
    const { method, life } = call;
    try {
      const payload = await life.untilAborted(() => method.unary(request, context));
      const trailer = context.trailerEntries();
      if (isFinished(id, call))
        writer.add(payload.length + 16, ({ replies }) => replies.push({ id, payload: asBuffer(payload), trailer }));
    } catch (error) {
      if (isFinished(id, call)) fail(id, error, context);
    }
    endIfDone();
  }

  async function answerStream(id: number, call: IncomingCall, request: Uint8Array, context: MuxCallContext): Promise<void> {
    const { method, life } = call;
    try {
      for await (const payload of eachUntilAborted(method.serverStreaming(request, context), method.path, life.signal)) {
        writer.add(payload.length + 16, ({ messages }) => messages.push({ id, payload: asBuffer(payload) }));
        if (writer.isBlocked) await writer.drained();
      }
      const trailer = context.trailerEntries();
      if (isFinished(id, call)) writer.add(16, ({ ends }) => ends.push({ id, trailer }));
    } catch (error) {
      if (isFinished(id, call)) fail(id, error, context);
    }
    endIfDone();
  }

  /** True once for a call that the caller still waits for. */
  function isFinished(id: number, call: IncomingCall): boolean {
    call.life.end();
    return calls.get(id) === call && calls.delete(id);
  }

  function fail(id: number, error: unknown, context: MuxCallContext): void {
    // Only the call's own end is a ClientError here: its time is over, its caller's right to it, or the server stops.
    if (error instanceof ServerError || error instanceof ClientError)
      refuse(id, error.code, error.details, context.trailerEntries());
    else refuse(id, Status.INTERNAL, "internal error");
  }

  function refuse(id: number, code: Status, details: string, trailer: mux.MetadataEntry[] = []): void {
    writer.add(details.length + 64, ({ errors }) => errors.push({ id, status: code, details, trailer }));
  }

  function endIfDone(): void {
    if (!hasCallerLeft || calls.size > 0 || isOver) return;
    writer.flush();
    finish();
    stream.end();
  }

  /** What the caller may not do any more ends. One that is not known any more has none of its further calls answered, and is asked to leave. */
  function identifyAgain(): void {
    caller = authorizer?.identify(evidence);
    for (const { method, life } of calls.values()) {
      if (method.responseStream && authorizer?.refusal(method.path, caller) !== undefined) life.abort(withdrawn(method.path));
    }
    if (authorizer !== undefined && caller === undefined) drain();
  }

  function drain(): void {
    writer.add(8, (batch) => {
      batch.goAway = {};
    });
  }

  /** Nobody waits for what is still under way. */
  function finish(): void {
    if (isOver) return;
    isOver = true;
    forgetCallers?.();
    writer.close();
    for (const { life } of calls.values()) life.abort();
    calls.clear();
    over.resolve();
  }

  return {
    over: over.promise,
    drain,
  };
}
