import type { IncomingMessage } from "node:http";

/** There is no room for one more request. */
export class BusyError extends Error {
  override readonly name = "BusyError";
}

/**
 * Bounds how many requests are worked on at a time: what is beyond is refused at once, so that what is served never waits for long.
 *
 * Those that were begun in one turn of the event loop count until its end, also where they have been answered by then: most are answered as soon as they are read,
 * so that what waits is not in this process but unread in its sockets, and shows in how many are read in one turn.
 */
export interface Admission {
  isFull(): boolean;
  /** For a request that has begun to arrive; it takes no room yet. */
  place(): Place;
}

/** One request's share of the room. */
export interface Place {
  /**
   * The request is here, and is worked on from now on. What is yet to arrive takes no room: clients that send slowly keep nobody out.
   * @throws BusyError
   */
  take(): void;
  /** It was answered, or is not going to be. */
  leave(): void;
}

/** @param most how many are worked on at a time */
export function createAdmission(most: number): Admission {
  let taken = 0;
  /** Of those, how many were answered in the turn under way; undefined where none was begun in it. */
  let answered: number | undefined;

  function endTurn(): void {
    taken -= answered ?? 0;
    answered = undefined;
  }

  return {
    isFull: () => taken >= most,
    place() {
      let isTaken = false;
      return {
        take() {
          if (isTaken) return;
          if (taken >= most) throw new BusyError("more requests are worked on than may be at a time");
          isTaken = true;
          taken++;
          if (answered === undefined) {
            answered = 0;
            setImmediate(endTurn);
          }
        },
        leave() {
          if (!isTaken) return;
          isTaken = false;
          if (answered === undefined) taken--;
          else answered++;
        },
      };
    },
  };
}

/** Whether a body is to follow the head (RFC 9112 section 6.3). */
export function hasBody({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}
