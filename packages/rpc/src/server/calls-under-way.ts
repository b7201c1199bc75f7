import { ClientError, Status } from "nice-grpc-common";
import { beginCall, type CallLife } from "../stack/deadline.ts";
import type { ServedMethod } from "./dispatcher.ts";

/** The calls that a server has begun and not yet answered. */
export interface CallsUnderWay {
  /** One more, until its life's `end` or `abort`. Without `milliseconds` it has no deadline. */
  begin(method: ServedMethod, milliseconds: number | undefined): CallLife;
  /** Ends what would last, with UNAVAILABLE: streams of messages, to be begun again at another server. */
  stopStreams(): void;
  /** Ends all of them, with UNAVAILABLE. */
  stopAll(): void;
}

export function countCallsUnderWay(): CallsUnderWay {
  const calls = new Map<CallLife, ServedMethod>();

  function stop(isStopped: (method: ServedMethod) => boolean): void {
    for (const [life, method] of calls) {
      if (isStopped(method)) life.abort(new ClientError(method.path, Status.UNAVAILABLE, "the server is about to stop"));
    }
  }

  return {
    begin(method, milliseconds) {
      const { signal, abort, end } = beginCall(method.path, milliseconds);
      const life: CallLife = {
        signal,
        abort(reason) {
          calls.delete(life);
          abort(reason);
        },
        end() {
          calls.delete(life);
          end();
        },
      };
      calls.set(life, method);
      return life;
    },
    stopStreams: () => stop(({ responseStream }) => responseStream),
    stopAll: () => stop(() => true),
  };
}
