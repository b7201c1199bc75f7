import { setTimeout as delay } from "node:timers/promises";
import { type HttpConnection, openConnection } from "../load/http-connection.ts";
import { type HttpReply, headerOf } from "../load/http-reply.ts";

/** What one stretch of load came to whose rate does not depend on the replies. */
export interface OfferedLoad {
  readonly offeredPerSecond: number;
  /** Within the stretch. */
  readonly servedPerSecond: number;
  readonly refusedPerSecond: number;
  /** Of each that was served, in milliseconds from when it was due to be sent. */
  readonly servedLatencies: readonly number[];
  /** Of each that was refused as it should be, likewise. */
  readonly refusedLatencies: readonly number[];
  /** Neither served nor refused with 503 and `Retry-After`. */
  readonly errors: number;
  readonly firstError: string | undefined;
  /** Due, but there was no connection left to send them on. */
  readonly unsent: number;
}

export interface OpenLoop {
  readonly port: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** One request. Rejects where the reply is not the one that was asked for. */
  readonly flow: (connection: HttpConnection) => Promise<HttpReply>;
}

/** More than a server that refuses what it cannot serve leaves unanswered at a time. */
const mostConnections = 1500;

/** Sends so many requests a second, evenly, for so many seconds, and waits for the last reply. Each connection has one request under way at a time. */
export async function runOpenLoop({ port, perSecond, seconds, flow }: OpenLoop): Promise<OfferedLoad> {
  const idle: HttpConnection[] = [];
  let opened = 0;
  const underWay = new Set<Promise<void>>();
  const tally = new Tally();
  const started = performance.now();
  const deadline = started + seconds * 1000;
  const dueAt = (number: number) => started + (number * 1000) / perSecond;

  async function send(due: number): Promise<void> {
    let connection = idle.pop();
    if (connection === undefined) {
      if (opened >= mostConnections) return tally.leave();
      opened++;
      connection = await openConnection(port);
    }
    await tally.take(flow, connection, due, deadline);
    idle.push(connection);
  }

  for (let number = 0; dueAt(number) < deadline; await delay(1)) {
    for (; dueAt(number) < Math.min(deadline, performance.now()); number++) {
      const sending = send(dueAt(number)).finally(() => underWay.delete(sending));
      underWay.add(sending);
    }
  }
  await Promise.all(underWay);
  for (const connection of idle) connection.close();
  return tally.result(perSecond, seconds);
}

class Tally {
  readonly #served: number[] = [];
  readonly #refused: number[] = [];
  #inTime = { served: 0, refused: 0 };
  #errors = 0;
  #firstError: string | undefined;
  #unsent = 0;

  leave(): void {
    this.#unsent++;
  }

  async take(flow: OpenLoop["flow"], connection: HttpConnection, due: number, deadline: number): Promise<void> {
    let last: HttpReply | undefined;
    const watched: HttpConnection = {
      async send(request) {
        last = await connection.send(request);
        return last;
      },
      close: connection.close,
    };
    try {
      await flow(watched);
      this.#note("served", this.#served, due, deadline);
    } catch (error) {
      if (last?.status === 503 && headerOf(last.head, "retry-after") !== undefined) {
        this.#note("refused", this.#refused, due, deadline);
      } else {
        this.#errors++;
        this.#firstError ??= error instanceof Error ? error.message : String(error);
      }
    }
  }

  #note(outcome: "served" | "refused", latencies: number[], due: number, deadline: number): void {
    const now = performance.now();
    latencies.push(now - due);
    if (now <= deadline) this.#inTime[outcome]++;
  }

  result(offeredPerSecond: number, seconds: number): OfferedLoad {
    return {
      offeredPerSecond,
      servedPerSecond: this.#inTime.served / seconds,
      refusedPerSecond: this.#inTime.refused / seconds,
      servedLatencies: this.#served,
      refusedLatencies: this.#refused,
      errors: this.#errors,
      firstError: this.#firstError,
      unsent: this.#unsent,
    };
  }
}
