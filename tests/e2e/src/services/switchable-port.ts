import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A port of this machine that leads to another one, and then to yet another. */
export interface SwitchablePort {
  /** The port itself, once it leads to `port`. */
  to(port: number): Promise<number>;
  /** From now on it leads there; connections that there are end. */
  switchTo(port: number): void;
}

/** It ends with this process. */
export async function switchablePort(): Promise<SwitchablePort> {
  let target = 0;
  const sockets = new Set<Socket>();
  const server = createServer((outside) => {
    const inside = connect(target, "127.0.0.1");
    for (const [socket, other] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  server.unref();
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    async to(port) {
      target = port;
      return (server.address() as AddressInfo).port;
    },
    switchTo(port) {
      target = port;
      for (const socket of sockets) socket.destroy();
    },
  };
}
