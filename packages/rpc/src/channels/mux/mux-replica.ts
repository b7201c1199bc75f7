import { setTimeout as delay } from "node:timers/promises";
import type { Client, Metadata as GrpcMetadata } from "@grpc/grpc-js";
import { ClientError, Status } from "nice-grpc-common";
import { backOffMilliseconds, randomShare } from "../../stack/backoff.ts";
import type { Availability, Replica, ReplicaEvents } from "../replica.ts";
import { type Loss, type MuxConnection, openMuxConnection } from "./mux-connection.ts";

export interface MuxReplicaOptions {
  /** Each attempt to connect has a client of its own, so that only the pauses made here lie between two attempts. */
  openClient(): Client;
  readonly metadata: GrpcMetadata;
  readonly window: number;
  readonly connectMilliseconds: number;
}

/** One server, called over one stream, which is opened at once and again whenever it broke. */
export function createMuxReplica(options: MuxReplicaOptions, { onChange, onLost }: ReplicaEvents): Replica {
  const closing = new AbortController();
  /** The one that takes calls, and those whose last calls are being finished. */
  const connections = new Set<MuxConnection>();
  let current: MuxConnection | undefined;
  let availability: Availability = "connecting";
  let failure: Loss | undefined;
  let failures = 0;

  /** One stream, until no more calls can begin on it. */
  async function connect(): Promise<void> {
    const client = options.openClient();
    let wasOpen = false;
    const connection = openMuxConnection({
      ...options,
      client,
      onOpen() {
        wasOpen = true;
        failures = 0;
        failure = undefined;
        availability = "ready";
        onChange();
      },
    });
    current = connection;
    connections.add(connection);
    void connection.over.then((loss) => {
      connections.delete(connection);
      client.close();
      if (!wasOpen) failure = loss;
      if (!closing.signal.aborted) onLost(loss.details);
    });
    await connection.leaving;
    if (!wasOpen) failures += 1;
    availability = wasOpen ? "connecting" : "failing";
    onChange();
  }

  async function keepConnected(): Promise<void> {
    while (!closing.signal.aborted) {
      await connect();
      const pause = backOffMilliseconds(Math.max(1, failures), randomShare());
      await delay(pause, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  }

  function takingCalls(path: string): MuxConnection {
    if (current === undefined) throw new ClientError(path, Status.UNAVAILABLE, "the connection is closed");
    return current;
  }

  void keepConnected();
  return {
    get availability() {
      return availability;
    },
    get failure() {
      return failure;
    },
    get hasRoom() {
      return current?.hasRoom ?? false;
    },
    unary: (path, request, callOptions) => takingCalls(path).unary(path, request, callOptions),
    serverStreaming: (path, request, callOptions) => takingCalls(path).serverStreaming(path, request, callOptions),
    async drain() {
      closing.abort();
      for (const connection of connections) connection.drain();
      await Promise.all([...connections].map(({ over }) => over));
    },
    close() {
      closing.abort();
      for (const connection of connections) connection.close();
    },
  };
}
