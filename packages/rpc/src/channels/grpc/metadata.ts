import { Metadata as GrpcMetadata } from "@grpc/grpc-js";
import { Metadata } from "nice-grpc-common";

export function toGrpcMetadata(metadata: Metadata | undefined): GrpcMetadata {
  const converted = new GrpcMetadata();
  if (metadata === undefined) return converted;
  for (const [key, values] of metadata) {
    for (const value of values) converted.add(key, typeof value === "string" ? value : Buffer.from(value));
  }
  return converted;
}

export function fromGrpcMetadata(metadata: GrpcMetadata): Metadata {
  const converted = Metadata();
  for (const key of Object.keys(metadata.getMap())) {
    for (const value of metadata.get(key)) {
      // What gRPC lets pass and the interface does not, such as a value that is not ASCII, is nothing that anybody here reads.
      if (isCarried(key, value)) converted.append(key, value);
    }
  }
  return converted;
}

function isCarried(key: string, value: string | Buffer): boolean {
  return /^[0-9a-z_.-]+$/.test(key) && (typeof value !== "string" || /^[ -~]*$/.test(value));
}
