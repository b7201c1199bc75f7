import { createSocket } from "node:dgram";
import { onTestFinished } from "vitest";

const types: Readonly<Record<number, string>> = { 1: "A", 28: "AAAA" };

/**
 * A name server (RFC 1035) on 127.0.0.1 that gives each name, of each type, the address in `records`, which has them as `A name.test`. Names in `.hung.test` it
 * never answers.
 */
export async function startNameServer(records: ReadonlyMap<string, readonly number[]>): Promise<string> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const { name, type, end } = questionIn(query);
    if (name.endsWith(".hung.test")) return;
    const record = records.get(`${types[type]} ${name}`);
    socket.send(answer(query.subarray(0, end), type, record), port, address);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.bind(0, "127.0.0.1", resolve);
  await promise;
  onTestFinished(() => void socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

const headerBytes = 12;

function questionIn(query: Buffer) {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answer(asked: Buffer, type: number, record: readonly number[] | undefined): Buffer {
  const reply = Buffer.from(asked);
  reply.writeUInt16BE(0x8180, 2);
  for (const [index, count] of [1, record === undefined ? 0 : 1, 0, 0].entries()) reply.writeUInt16BE(count, 4 + 2 * index);
  if (record === undefined) return reply;
  // The name of the question, in class IN, for a minute.
  return Buffer.concat([reply, Buffer.from([0xc0, headerBytes, 0, type, 0, 1, 0, 0, 0, 60, 0, record.length, ...record])]);
}
