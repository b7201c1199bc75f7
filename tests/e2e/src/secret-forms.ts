/** In which forms of it, if any, the bytes have the secret: as it is, as the bytes that it is a text of, and both in the usual texts of bytes. */
export function formsIn(dumped: Buffer, secret: string): string[] {
  const [text, bytes] = [Buffer.from(secret), Buffer.from(secret, "base64url")];
  const forms: Record<string, Buffer> = {
    text,
    "text in UTF-16": Buffer.from(secret, "utf16le"),
    "text in hex": Buffer.from(text.toString("hex")),
    "text in base64": withoutItsEnd(text.toString("base64")),
    "text in base64url": withoutItsEnd(text.toString("base64url")),
    bytes,
    hex: Buffer.from(bytes.toString("hex")),
    base64: Buffer.from(bytes.toString("base64")),
  };
  return Object.keys(forms).filter((form) => dumped.includes(forms[form] ?? ""));
}

/** The end of a text in base64 depends on what follows. */
function withoutItsEnd(base64: string): Buffer {
  return Buffer.from(base64.replace(/=+$/, "").slice(0, -1));
}
