import { type DestinationStream, destination } from "pino";

/** Where log lines go. */
export interface LogOutput extends DestinationStream {
  /** Writes what has been kept back. */
  flush(): void;
}

const delayMilliseconds = 50;
const batchCharacters = 16 * 1024;
/** From pino's level `warn` on. */
const urgentLevel = 40;
/** Asks pino to say each line's level. */
const wantsLevel = Symbol.for("pino.metadata");

let standard: LogOutput | undefined;

/**
 * Standard output. A warning or worse is written before the call that logs it returns, with all that came before it; other lines in batches, within
 * 50 ms: a system call for each would cost more than the line. A process that is killed takes so much of them with it; one that ends, nothing.
 */
export function standardOutput(): LogOutput {
  standard ??= batched();
  return standard;
}

function batched(): LogOutput {
  // Writes before it returns, and goes on where a pipe is full. Its own batches would be forced to the disk each time.
  const sink = destination({ dest: 1, sync: true });
  let kept = "";
  let timer: NodeJS.Timeout | undefined;
  const output = {
    [wantsLevel]: true,
    /** Set by pino before each line. */
    lastLevel: urgentLevel,
    write(line: string) {
      kept += line;
      if (output.lastLevel >= urgentLevel || kept.length >= batchCharacters) output.flush();
      else timer ??= setTimeout(output.flush, delayMilliseconds).unref();
    },
    flush() {
      clearTimeout(timer);
      timer = undefined;
      const lines = kept;
      kept = "";
      if (lines !== "") sink.write(lines);
    },
  };
  process.once("exit", output.flush);
  return output;
}
