import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { maximumBodyBytes, readText } from "./body.ts";
import { HttpError } from "./http-error.ts";

const form = "application/x-www-form-urlencoded";

function message(headers: Readonly<Record<string, string>>, ...chunks: readonly (string | Buffer)[]): IncomingMessage {
  const incoming = new IncomingMessage(new Socket());
  Object.assign(incoming.headers, headers);
  for (const chunk of chunks) incoming.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return incoming;
}

function whole(headers: Readonly<Record<string, string>>, ...chunks: readonly (string | Buffer)[]): IncomingMessage {
  const incoming = message(headers, ...chunks);
  incoming.push(null);
  incoming.complete = true;
  return incoming;
}

const readTextOf = (incoming: IncomingMessage, mediaType: string) => readText({ message: incoming, place: undefined }, mediaType);

describe("readText", () => {
  test("puts the chunks together, also in the middle of a character", async () => {
    const [head, tail] = [Buffer.from("a=ä").subarray(0, 3), Buffer.from("a=ä").subarray(3)];
    expect(await readTextOf(whole({ "content-type": `${form}; charset=utf-8` }, head, tail), form)).toBe("a=ä");
    expect(await readTextOf(whole({ "content-type": form }), form)).toBe("");
  });

  test.each<[number, IncomingMessage]>([
    [415, whole({}, "a=b")],
    [415, whole({ "content-type": "application/json" }, "a=b")],
    [415, whole({ "content-type": form, "content-encoding": "gzip" }, "a=b")],
    [413, whole({ "content-type": form, "content-length": String(maximumBodyBytes + 1) })],
    [413, whole({ "content-type": form }, "x".repeat(maximumBodyBytes), "y")],
    [400, whole({ "content-type": form }, Buffer.from([0xff]))],
  ])("refuses with %i what it cannot take", async (status, incoming) => {
    await expect(readTextOf(incoming, form)).rejects.toMatchObject({ status });
  });

  test("takes a client that hangs up in the middle for the client's fault", async () => {
    const incoming = message({ "content-type": form }, "a=");
    const reading = readTextOf(incoming, form);
    incoming.destroy(new Error("aborted"));
    await expect(reading).rejects.toThrow(HttpError);
    await expect(reading).rejects.toMatchObject({ status: 400 });
  });
});
