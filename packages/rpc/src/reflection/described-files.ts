import { createFileRegistry, type DescEnum, type DescFile, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { fileDescriptorSet } from "@signet/contracts/reflection";

/** The proto files that declare some services, and all that these import. */
export interface DescribedFiles {
  /** A file by its name, and after it what it imports: each a `google.protobuf.FileDescriptorProto`. */
  named(name: string): readonly Buffer[] | undefined;
  /** The file, likewise, that declares a service, method, message, field, enum or value by its full name. */
  declaring(symbol: string): readonly Buffer[] | undefined;
  hasMessage(name: string): boolean;
}

/** @param services full names; those that no proto declares count for nothing */
export function describeFiles(services: readonly string[]): DescribedFiles {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, Buffer.from(fileDescriptorSet, "base64")));
  const roots = services.flatMap((name) => registry.getService(name)?.file ?? []);
  const files = new Map([...withImports(roots)].map((file) => [file.proto.name, file]));
  const symbols = new Map([...files.values()].flatMap((file) => symbolsOf(file).map((symbol) => [symbol, file] as const)));

  function encoded(file: DescFile | undefined): readonly Buffer[] | undefined {
    if (file === undefined) return undefined;
    return [...withImports([file])].map(({ proto }) => Buffer.from(toBinary(FileDescriptorProtoSchema, proto)));
  }

  return {
    named: (name) => encoded(files.get(name)),
    declaring: (symbol) => encoded(symbols.get(symbol)),
    hasMessage: (name) => symbols.has(name) && registry.getMessage(name) !== undefined,
  };
}

function withImports(files: readonly DescFile[], found = new Set<DescFile>()): Set<DescFile> {
  for (const file of files) {
    if (found.has(file)) continue;
    found.add(file);
    withImports(file.dependencies, found);
  }
  return found;
}

function symbolsOf({ services, messages, enums, proto }: DescFile): readonly string[] {
  return [
    ...services.flatMap(({ typeName, methods }) => [typeName, ...methods.map(({ name }) => `${typeName}.${name}`)]),
    ...messages.flatMap(symbolsOfMessage),
    ...enums.flatMap((described) => symbolsOfEnum(described, proto.package)),
  ];
}

function symbolsOfMessage({ typeName, fields, oneofs, nestedMessages, nestedEnums }: DescMessage): readonly string[] {
  return [
    typeName,
    ...[...fields, ...oneofs].map(({ name }) => `${typeName}.${name}`),
    ...nestedMessages.flatMap(symbolsOfMessage),
    ...nestedEnums.flatMap((described) => symbolsOfEnum(described, typeName)),
  ];
}

/** The values of an enum are declared beside it, not in it. */
function symbolsOfEnum({ typeName, values }: DescEnum, scope: string): readonly string[] {
  return [typeName, ...values.map(({ name }) => `${scope}.${name}`)];
}
