import { BinaryWriter } from "@bufbuild/protobuf/wire";

/** A generated codec's writing half. */
export interface Encoder<Message> {
  encode(message: Message, writer: BinaryWriter): { finish(): Uint8Array };
}

/** A writer that has grown beyond this is not kept. */
const keptBytes = 1024 * 1024;

/** Encoding is synchronous, so that one writer, which keeps the room it once needed, serves all messages. */
let shared: BinaryWriter | undefined;

/** The bytes of a message, as a buffer of its own. */
export function encoded<Message>(encoder: Encoder<Message>, message: Message): Buffer {
  const writer = shared ?? new BinaryWriter();
  // Where the encoder throws, the writer holds half a message and must not be used again.
  shared = undefined;
  const bytes = encoder.encode(message, writer).finish();
  if (bytes.length <= keptBytes) shared = writer;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
