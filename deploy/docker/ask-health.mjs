// Whether the service of this container can serve: grpc.health.v1, asked with Node's own HTTP/2. The service's `health` asks the same, but loads
// all of the service for it, which is too much every few seconds.
import { connect } from "node:http2";

const listen = process.env.SIGNET_RPC_LISTEN ?? "";

if (listen.startsWith("grpc://")) {
  process.exitCode = (await isServing(`http://127.0.0.1:${new URL(listen).port}`)) ? 0 : 1;
} else {
  // With TLS there are certificates to be read, as only the service knows.
  process.argv[2] = "health";
  await import("/app/main.mjs");
}

/** @param {string} url */
function isServing(url) {
  return new Promise((resolve) => {
    const session = connect(url);
    const finish = (/** @type {boolean} */ answer) => {
      session.destroy();
      resolve(answer);
    };
    session.once("error", () => finish(false));
    session.setTimeout(4000, () => finish(false));
    const request = session.request({
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      te: "trailers",
    });
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.once("error", () => finish(false));
    // One message of five bytes of header and the field `status`; SERVING is 1.
    request.once("end", () =>
      finish(
        Buffer.concat(chunks)
          .subarray(5)
          .equals(Buffer.from([0x08, 1])),
      ),
    );
    // A message without fields asks for the server as a whole.
    request.end(Buffer.alloc(5));
  });
}
