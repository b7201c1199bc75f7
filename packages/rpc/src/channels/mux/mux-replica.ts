import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "@grpc/grpc-js";
import { ClientError, Status } from "nice-grpc-common";
import { longestPauseMilliseconds } from "../../limits.ts";
import { settledOrAborted } from "../../stack/abortable.ts";
import { backOffMilliseconds, randomShare } from "../../stack/backoff.ts";
import { type ClientCredentials, credentialMetadata } from "../../stack/credentials.ts";
import type { Current } from "../../stack/current.ts";
import { toGrpcMetadata } from "../grpc/metadata.ts";
import type { Availability, Replica, ReplicaEvents } from "../replica.ts";
import { type Loss, type MuxConnection, openMuxConnection } from "./mux-connection.ts";

export interface MuxReplicaOptions {
  /** Each attempt to connect has a client of its own, so that only the pauses made here lie between two attempts. */
  openClient(): Client;
  /** Shown when a connection is opened. Where they change, another connection is opened, and then takes the place of the current one. */
  readonly credentials: Current<ClientCredentials> | undefined;
  readonly window: number;
  readonly connectMilliseconds: number;
}

/** One server, called over one stream, which is opened at once and again whenever it broke. */
export function createMuxReplica(options: MuxReplicaOptions, { onChange, onLost }: ReplicaEvents): Replica {
  const { credentials } = options;
  /** The one that takes calls, one that is being opened, and those whose last calls are being finished. */
  const connections = new Set<MuxConnection>();
  let current: MuxConnection | undefined;
  let failure: Loss | undefined;
  let failures = 0;
  let isClosing = false;
  /** Aborts when there is a reason not to wait any longer: other credentials, or the end. */
  let renewal = new AbortController();
  const forgetCredentials = credentials?.onChange(() => renewal.abort());

  /** Another connection, in the place of the current one as soon as it is open. @returns it where it did open */
  async function connect(): Promise<MuxConnection | undefined> {
    const client = options.openClient();
    const opened = Promise.withResolvers<void>();
    let wasOpen = false;
    let isReplaced = false;
    const connection = openMuxConnection({
      ...options,
      client,
      metadata: toGrpcMetadata(credentials === undefined ? undefined : credentialMetadata(credentials.value)),
      onOpen() {
        wasOpen = true;
        failures = 0;
        failure = undefined;
        const earlier = current;
        current = connection;
        earlier?.drain();
        opened.resolve();
        onChange();
      },
    });
    connections.add(connection);
    void connection.leaving.then(() => {
      opened.resolve();
      isReplaced = wasOpen && current !== connection;
      if (current !== connection) return;
      current = undefined;
      onChange();
    });
    void connection.over.then((loss) => {
      connections.delete(connection);
      client.close();
      if (!wasOpen) failure = loss;
      if (!isClosing && !isReplaced) onLost(loss.details);
    });
    await opened.promise;
    return wasOpen ? connection : undefined;
  }

  async function keepConnected(): Promise<void> {
    while (!isClosing) {
      renewal = new AbortController();
      const { signal } = renewal;
      const connection = await connect();
      if (connection === undefined) {
        failures += 1;
        onChange();
      } else {
        await settledOrAborted(connection.leaving, signal);
      }
      // Other credentials are tried at once.
      const pause = backOffMilliseconds(Math.max(1, failures), longestPauseMilliseconds, randomShare());
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  function takingCalls(path: string): MuxConnection {
    if (current === undefined) throw new ClientError(path, Status.UNAVAILABLE, "the connection is closed");
    return current;
  }

  function close(): void {
    isClosing = true;
    forgetCredentials?.();
    renewal.abort();
  }

  void keepConnected();
  return {
    get availability(): Availability {
      if (current?.isOpen) return "ready";
      return failures === 0 ? "connecting" : "failing";
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
      close();
      for (const connection of connections) connection.drain();
      await Promise.all([...connections].map(({ over }) => over));
    },
    close() {
      close();
      for (const connection of connections) connection.close();
    },
  };
}
