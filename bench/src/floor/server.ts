import { hash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { authorize, exchange, type Floor } from "./flows.ts";
import { openFloorStore } from "./store.ts";
import { floorTokens } from "./tokens.ts";

// The floor's process: the signatures, hashes, statements and HTTP exchanges of Signet's flows, and no rule, no error and no second tenant.

const { FLOOR_PORT = "", FLOOR_FOLDER = "", FLOOR_CLIENT_ID = "", FLOOR_CLIENT_SECRET = "" } = process.env;
const sha256 = (text: string) => hash("sha256", text, "base64url");
const session = randomBytes(32).toString("base64url");
const cookie = `session=${session}`;
const floor: Floor = {
  client: { id: FLOOR_CLIENT_ID, secretHash: sha256(FLOOR_CLIENT_SECRET) },
  store: openFloorStore(FLOOR_FOLDER, {
    session: sha256(session),
    user: randomBytes(16).toString("hex"),
    client: FLOOR_CLIENT_ID,
  }),
  tokens: floorTokens(`http://localhost:${FLOOR_PORT}`),
};
const headers = { "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff" };
const json = { ...headers, "Content-Type": "application/json", "Access-Control-Allow-Origin": "*", Pragma: "no-cache" };

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = "" } = request;
  if (url.startsWith("/authorize?")) {
    // Whoever comes is signed in: the first visit gets the cookie that the others bring.
    const shown = request.headers.cookie?.split("session=")[1] ?? session;
    const location = await authorize(url.slice("/authorize?".length), shown, floor);
    response.writeHead(303, { ...headers, Location: location, "Set-Cookie": cookie, "Content-Length": 0 }).end();
    return;
  }
  const text =
    url === "/token"
      ? JSON.stringify(await exchange(await bodyOf(request), request.headers.authorization ?? "", floor))
      : floor.tokens.jwks;
  response.writeHead(200, { ...json, "Content-Length": Buffer.byteLength(text) }).end(text);
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    request.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on("end", () => resolve(text));
    request.on("error", reject);
  });
}

createServer((request, response) => {
  answer(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)));
}).listen(Number(FLOOR_PORT), "127.0.0.1");
