import type { mux } from "@signet/contracts";
import { Metadata } from "nice-grpc-common";
import { requestIdKey, requestMetadata, soleRequestId } from "../../stack/request-id.ts";

const none: mux.MetadataEntry[] = [];
const noBytes = Buffer.alloc(0);

export function toEntries(metadata: Metadata | undefined): mux.MetadataEntry[] {
  if (metadata === undefined) return none;
  // Most calls carry this and nothing else: for them alone neither side makes the whole.
  const id = soleRequestId(metadata);
  if (id !== undefined) return [{ key: requestIdKey, text: id, binary: noBytes }];
  let entries = none;
  for (const [key, values] of metadata) {
    if (entries === none) entries = [];
    for (const value of values) {
      entries.push(
        typeof value === "string" ? { key, text: value, binary: noBytes } : { key, text: "", binary: Buffer.from(value) },
      );
    }
  }
  return entries;
}

/** @throws Error for an entry that breaks gRPC's rules */
export function fromEntries(entries: readonly mux.MetadataEntry[]): Metadata {
  const [first] = entries;
  const sole = entries.length === 1 && first?.key === requestIdKey ? requestMetadata(first.text) : undefined;
  if (sole !== undefined) return sole;
  const metadata = Metadata();
  for (const { key, text, binary } of entries) metadata.append(key, key.endsWith("-bin") ? binary : text);
  return metadata;
}

/** About how many bytes the entries are. */
export function sizeOf(entries: readonly mux.MetadataEntry[]): number {
  let bytes = 0;
  for (const { key, text, binary } of entries) bytes += key.length + text.length + binary.length + 16;
  return bytes;
}
