import { connect, createServer } from "node:net";
import { OneWriteAtATime } from "@signet/test-servers";

/** The gate before the mongod of this network namespace, for the other containers: `tests/compose/stand-in.yml`. */
const gate = await OneWriteAtATime.before(27017);

const server = createServer((client) => {
  const upstream = connect({ port: gate.port, host: "127.0.0.1", noDelay: true });
  client.setNoDelay(true);
  client.pipe(upstream).pipe(client);
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    socket.on("error", () => other.destroy());
    socket.on("close", () => other.destroy());
  }
});
server.listen(27018, "0.0.0.0");
process.once("SIGTERM", () => process.exit(0));
