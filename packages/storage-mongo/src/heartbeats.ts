import type { MongoClient } from "mongodb";

/**
 * Calls `onStuck` when the driver has begun to look whether a server is there, and has not come to an end for so long. The driver gives up on a server that
 * does not answer well before that; but where a connection breaks at the very moment of a heartbeat, it can wait for an answer on it for ever, and
 * then never finds the server again (version 7.9, about one break in six with something between that accepts connections for a server that is away).
 * @returns a function that ends the watch
 */
export function watchHeartbeats(client: MongoClient, milliseconds: number, onStuck: () => void): () => void {
  const underWay = new Map<string, NodeJS.Timeout>();

  function begin(server: string): void {
    end(server);
    underWay.set(server, setTimeout(onStuck, milliseconds).unref());
  }

  function end(server: string): void {
    clearTimeout(underWay.get(server));
    underWay.delete(server);
  }

  client.on("serverHeartbeatStarted", ({ connectionId }) => begin(connectionId));
  client.on("serverHeartbeatSucceeded", ({ connectionId }) => end(connectionId));
  client.on("serverHeartbeatFailed", ({ connectionId }) => end(connectionId));
  client.on("serverClosed", ({ address }) => end(address));
  return () => {
    for (const server of [...underWay.keys()]) end(server);
    client.removeAllListeners();
  };
}
