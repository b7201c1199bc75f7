import type { ClientHttp2Session } from "node:http2";
import { registry } from "@signet/contracts";
import { call, type Http2Call } from "./http2-call.ts";
import type { Recording } from "./recording.ts";

type Message = string | number | boolean | null | undefined | Message[] | { [member: string]: Message };

/** A recorded answer beside the one that was given now, in which what is new each time has been put in the place of what was recorded. */
export interface Compared {
  readonly of: string;
  readonly recorded: unknown;
  readonly now: unknown;
}

/** What a registry makes up. Of the same length each time, so that it can be replaced within a message. */
const madeUp: Readonly<Record<string, RegExp>> = {
  id: /^[0-9a-f]{16}$/,
  tenantId: /^[0-9a-f]{16}$/,
  clientId: /^[0-9a-f]{24}$/,
  clientSecret: /^[A-Za-z0-9_-]{43}$/,
  registrationToken: /^[A-Za-z0-9_-]{43}$/,
  position: /^[0-9a-f]{16,32}-[0-9]{1,15}$/,
};
/** Epoch milliseconds. */
const moments: ReadonlySet<string> = new Set(["createdAt", "updatedAt"]);
/** Members that came after the recording, and are not empty: who does not know them passes over them. */
const later: ReadonlySet<string> = new Set(["registration", "subjectType"]);

const methods = Object.values(registry.ClientRegistryServiceDefinition.methods);

/** Says again, byte for byte, what the foreign client said, each call as soon as the registry has answered what came before it. */
export async function replay(recording: Recording, connection: ClientHttp2Session, token: string): Promise<readonly Compared[]> {
  const calls = new Map<number, { readonly path: string; readonly running: Http2Call }>();
  const known = new Map<string, string>();
  const compared: Compared[] = [];

  function callOf(number: number) {
    const found = calls.get(number);
    if (found === undefined) throw new Error(`the recording has no call ${number}`);
    return found;
  }

  for (const step of recording.steps) {
    if (step.step === "call") {
      const headers = step.isAuthorized ? { ...step.headers, authorization: `Bearer ${token}` } : step.headers;
      calls.set(step.call, { path: step.path, running: call(connection, step.path, withKnown(step.sent, known), headers) });
      continue;
    }
    const { path, running } = callOf(step.call);
    if (step.step === "message") {
      const recorded = decoded(path, Buffer.from(step.received, "hex"));
      if (isQuiet(recorded)) continue;
      const now = await nextOf(path, running);
      compared.push({ of: path, recorded: translated(recorded, now, known), now });
    } else if (step.step === "end") {
      const { status, message } = step;
      compared.push({ of: path, recorded: { status, message }, now: await running.ended() });
    } else running.cancel();
  }
  return compared;
}

/** What was sent, with what is made up now where the recording has what was made up then. */
function withKnown(sent: string, known: ReadonlyMap<string, string>): Buffer {
  let bytes = Buffer.from(sent, "hex").toString("latin1");
  for (const [recorded, now] of known) bytes = bytes.replaceAll(recorded, now);
  return Buffer.from(bytes, "latin1");
}

/** The next message but for those that only say that nothing has changed: how many of them there are is a matter of time. */
async function nextOf(path: string, running: Http2Call): Promise<Message> {
  for (;;) {
    const message = decoded(path, (await running.next()) ?? Buffer.alloc(0));
    if (!isQuiet(message)) return message;
  }
}

function isQuiet(message: Message): boolean {
  return JSON.stringify(message).includes(`"$case":"quiet"`);
}

function decoded(path: string, bytes: Buffer): Message {
  const method = methods.find(({ name }) => path.endsWith(`/${name}`));
  if (method === undefined) throw new Error(`there is no method ${path}`);
  return JSON.parse(JSON.stringify(method.responseType.decode(bytes.subarray(5))));
}

/** `recorded` with what was made up then replaced by what is made up `now`, once and for all where the two first differ. */
function translated(recorded: Message, now: Message, known: Map<string, string>, member = ""): Message {
  if (Array.isArray(recorded)) {
    return recorded.map((item, index) => translated(item, Array.isArray(now) ? now[index] : undefined, known, member));
  }
  if (typeof recorded === "object" && recorded !== null) {
    const other = typeof now === "object" && now !== null && !Array.isArray(now) ? now : {};
    return Object.fromEntries([
      ...Object.entries(recorded).map(([name, value]) => [name, translated(value, other[name], known, name)]),
      ...Object.entries(other).filter(([name]) => later.has(name)),
    ]);
  }
  if (moments.has(member) && typeof now === "number" && now >= Number(recorded)) return now;
  if (typeof recorded !== "string" || typeof now !== "string" || recorded === "") return recorded;
  if (madeUp[member]?.test(now) && !known.has(recorded)) known.set(recorded, now);
  return known.get(recorded) ?? recorded;
}
