import { ClientError, Status } from "nice-grpc-common";
import { CallLife, deadlineExceeded } from "../stack/deadline.ts";
import type { ServedMethod } from "./dispatcher.ts";
import type { Standstill } from "./standstill.ts";

/** What matters of a method to the end of its calls. */
export type MethodUnderWay = Pick<ServedMethod, "path" | "responseStream">;

/** The calls that a server has begun and not yet answered. */
export interface CallsUnderWay {
  /**
   * One more, until its life's `end` or `abort`. Without `milliseconds` it has no deadline. One whose time may have passed while this process stood
   * still is over before it has begun: nobody waits for it any more.
   */
  begin(method: MethodUnderWay, milliseconds: number | undefined): CallLife;
  /** The same, but over before it has begun, with UNAVAILABLE, where the server is about to stop. */
  beginUnlessStopping(method: MethodUnderWay, milliseconds: number | undefined): CallLife;
  /** The server is about to stop. Ends what would last, with UNAVAILABLE: streams of messages, to be begun again at another server. */
  stopStreams(): void;
  /** Ends all of them, with UNAVAILABLE. */
  stopAll(): void;
  /** Fulfilled when none is under way. */
  none(): Promise<void>;
}

export function countCallsUnderWay(standstill: Standstill): CallsUnderWay {
  const calls = new Map<CallLife, MethodUnderWay>();
  let isStopping = false;
  let empty: PromiseWithResolvers<void> | undefined;

  function begin(method: MethodUnderWay, milliseconds: number | undefined): CallLife {
    const life = new CallLife(method.path, milliseconds, { onOver: remove });
    calls.set(life, method);
    if (milliseconds !== undefined && milliseconds <= standstill.milliseconds) life.abort(deadlineExceeded(method.path));
    return life;
  }

  function remove(life: CallLife): void {
    if (calls.delete(life) && calls.size === 0) empty?.resolve();
  }

  function stop(isStopped: (method: MethodUnderWay) => boolean): void {
    for (const [life, method] of calls) if (isStopped(method)) life.abort(aboutToStop(method));
  }

  return {
    begin,
    beginUnlessStopping(method, milliseconds) {
      const life = begin(method, milliseconds);
      if (isStopping) life.abort(aboutToStop(method));
      return life;
    },
    stopStreams() {
      isStopping = true;
      stop(({ responseStream }) => responseStream);
    },
    stopAll: () => stop(() => true),
    async none() {
      if (calls.size === 0) return;
      empty ??= Promise.withResolvers();
      await empty.promise;
    },
  };
}

function aboutToStop({ path }: MethodUnderWay): ClientError {
  return new ClientError(path, Status.UNAVAILABLE, "the server is about to stop");
}
