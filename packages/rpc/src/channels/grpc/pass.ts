/** For grpc-js, which wants to be told how messages become bytes: here they are bytes already. */
export function pass(bytes: Buffer): Buffer {
  return bytes;
}

/** The same bytes as grpc-js wants them; nothing is copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
