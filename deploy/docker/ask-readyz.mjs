// Whether the Signet of this container can serve over HTTPS. With whatever certificate: it is asked at an address that is in none, and told nothing.
import { get } from "node:https";

const url = `https://127.0.0.1:${process.env.SIGNET_PORT ?? 4000}/readyz`;
const asked = get(url, { rejectUnauthorized: false, agent: false, timeout: 4000 }, (reply) => {
  process.exitCode = reply.statusCode === 200 ? 0 : 1;
  reply.destroy();
});
asked.on("timeout", () => asked.destroy());
asked.on("error", () => {
  process.exitCode ??= 1;
});
