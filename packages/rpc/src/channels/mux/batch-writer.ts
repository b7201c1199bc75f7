/** A stream's writing half, as grpc-js has it on both sides. */
export interface Sink {
  /** False where the writer should wait for `drain`. */
  write(message: Buffer): boolean;
  once(event: "drain", listener: () => void): unknown;
}

export interface BatchWriter<Batch> {
  /** Puts a frame of about so many bytes into the batch that goes out at the end of this turn of the event loop. */
  add(bytes: number, put: (batch: Batch) => void): void;
  /** Bytes of frames that the stream did not take yet. */
  readonly queuedBytes: number;
  /** Whether the stream takes nothing at the moment. */
  readonly isBlocked: boolean;
  /** Fulfilled when the stream takes frames again, or is over. */
  drained(): Promise<void>;
  /** Sends what there is now. */
  flush(): void;
  /** The stream is over: nothing is sent any more. */
  close(): void;
}

/** A batch is closed before it grows beyond this, so that no message exceeds the limit but for a frame that is long by itself. */
const batchBytes = 256 * 1024;

export interface BatchWriterOptions<Batch> {
  readonly sink: Sink;
  empty(): Batch;
  encode(batch: Batch): Buffer;
}

/**
 * Sends all frames of one turn of the event loop in one message: what a message costs is paid once for all of them. While the stream takes
 * nothing, frames wait here.
 */
export function createBatchWriter<Batch>({ sink, empty, encode }: BatchWriterOptions<Batch>): BatchWriter<Batch> {
  let queue: { readonly batch: Batch; bytes: number }[] = [];
  let queuedBytes = 0;
  let isScheduled = false;
  let isClosed = false;
  let blocked: PromiseWithResolvers<void> | undefined;

  function flush(): void {
    isScheduled = false;
    if (blocked !== undefined || isClosed) return;
    const batches = queue;
    queue = [];
    for (const [index, { batch, bytes }] of batches.entries()) {
      queuedBytes -= bytes;
      if (sink.write(encode(batch))) continue;
      queue = batches.slice(index + 1);
      block();
      return;
    }
  }

  function block(): void {
    const waiting = Promise.withResolvers<void>();
    blocked = waiting;
    sink.once("drain", () => {
      blocked = undefined;
      flush();
      waiting.resolve();
    });
  }

  return {
    add(bytes, put) {
      if (isClosed) return;
      let last = queue.at(-1);
      if (last === undefined || last.bytes + bytes > batchBytes) {
        last = { batch: empty(), bytes: 0 };
        queue.push(last);
      }
      put(last.batch);
      last.bytes += bytes;
      queuedBytes += bytes;
      if (isScheduled || blocked !== undefined) return;
      isScheduled = true;
      setImmediate(flush);
    },
    get queuedBytes() {
      return queuedBytes;
    },
    get isBlocked() {
      return blocked !== undefined;
    },
    async drained() {
      // What waited may have blocked the stream again.
      while (blocked !== undefined && !isClosed) await blocked.promise;
    },
    flush,
    close() {
      isClosed = true;
      queue = [];
      blocked?.resolve();
    },
  };
}
