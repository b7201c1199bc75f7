import type { handleBidiStreamingCall, Server, ServerDuplexStream } from "@grpc/grpc-js";
import { reflection } from "@signet/contracts/reflection";
import { Status } from "nice-grpc-common";
import { evidenceOf } from "../channels/grpc/evidence.ts";
import { pass } from "../channels/grpc/pass.ts";
import { refuseStream } from "../channels/grpc/refuse-stream.ts";
import { encoded } from "../encoding.ts";
import type { ErrorListener } from "../errors/server-errors.ts";
import type { CallsUnderWay } from "../server/calls-under-way.ts";
import { type Authorizer, unknownCaller } from "../stack/credentials.ts";
import { type DescribedFiles, describeFiles } from "./described-files.ts";

export interface ReflectionOptions {
  /** The full names of what is served. */
  readonly services: readonly string[];
  readonly calls: CallsUnderWay;
  /** Where there is one, only callers that it knows are answered, whatever else they may do. */
  readonly authorizer: Authorizer | undefined;
  readonly onError: ErrorListener | undefined;
}

type Answer = reflection.ServerReflectionResponse["messageResponse"];

const { fullName, methods } = reflection.ServerReflectionDefinition;
/** Both names of the protocol, whose messages are the same. */
const paths = [fullName, "grpc.reflection.v1alpha.ServerReflection"].map(
  (service) => `/${service}/${methods.serverReflectionInfo.name}`,
);

/** Tells tools what `server` has, as https://github.com/grpc/grpc/blob/master/doc/server-reflection.md describes it. */
export function addReflectionHandlers(server: Server, options: ReflectionOptions): void {
  const services = [...options.services, fullName];
  const files = describeFiles(services);
  for (const path of paths) {
    const handler: handleBidiStreamingCall<Buffer, Buffer> = (stream) => {
      reflect(stream, path, (request) => answer(request, services, files), options);
    };
    server.register(path, handler, pass, pass, "bidi");
  }
}

function reflect(
  stream: ServerDuplexStream<Buffer, Buffer>,
  path: string,
  answerTo: (request: reflection.ServerReflectionRequest) => Answer,
  { calls, authorizer, onError }: ReflectionOptions,
): void {
  const evidence = evidenceOf(stream);
  const life = calls.beginUnlessStopping({ path, responseStream: true }, undefined);
  let isOver = false;

  function end(): void {
    isOver = true;
    life.end();
  }

  function refuse(code: Status, details: string): void {
    if (isOver) return;
    end();
    refuseStream(stream, path, { code, details }, onError);
  }

  function receive(bytes: Buffer): void {
    if (isOver) return;
    const request = decoded(bytes);
    // Asked each time, because callers may be replaced meanwhile.
    if (!isKnown()) refuse(unknownCaller.code, unknownCaller.details);
    else if (request === undefined) refuse(Status.INVALID_ARGUMENT, "the request is not a message of its type");
    else respond(request);
  }

  function respond(request: reflection.ServerReflectionRequest): void {
    const response = { validHost: request.host, originalRequest: request, messageResponse: answerTo(request) };
    if (stream.write(encoded(reflection.ServerReflectionResponse, response))) return;
    // A caller that does not read its responses has no more requests read.
    stream.pause();
    stream.once("drain", () => stream.resume());
  }

  function isKnown(): boolean {
    return authorizer === undefined || authorizer.identify(evidence) !== undefined;
  }

  function stop(): void {
    refuse(Status.UNAVAILABLE, "the server is about to stop");
  }

  life.signal.addEventListener("abort", stop, { once: true });
  stream.on("data", receive);
  stream.on("end", () => {
    if (isOver) return;
    end();
    stream.end();
  });
  stream.on("cancelled", end);
  stream.on("error", end);
  stream.on("close", end);
  if (life.signal.aborted) stop();
  else if (!isKnown()) refuse(unknownCaller.code, unknownCaller.details);
}

function decoded(bytes: Buffer): reflection.ServerReflectionRequest | undefined {
  try {
    return reflection.ServerReflectionRequest.decode(bytes);
  } catch {
    return undefined;
  }
}

function answer(
  { messageRequest }: reflection.ServerReflectionRequest,
  services: readonly string[],
  files: DescribedFiles,
): Answer {
  switch (messageRequest?.$case) {
    case "listServices":
      return { $case: "listServicesResponse", value: { service: services.map((name) => ({ name })) } };
    case "fileByFilename":
      return fileAnswer(files.named(messageRequest.value));
    case "fileContainingSymbol":
      return fileAnswer(files.declaring(messageRequest.value));
    case "fileContainingExtension":
      return failure(Status.NOT_FOUND, "there are no extensions");
    case "allExtensionNumbersOfType":
      return files.hasMessage(messageRequest.value)
        ? { $case: "allExtensionNumbersResponse", value: { baseTypeName: messageRequest.value, extensionNumber: [] } }
        : failure(Status.NOT_FOUND, "there is no such message");
    case undefined:
      return failure(Status.INVALID_ARGUMENT, "the request asks for nothing");
  }
}

function fileAnswer(found: readonly Buffer[] | undefined): Answer {
  if (found === undefined) return failure(Status.NOT_FOUND, "no such file or symbol is served");
  return { $case: "fileDescriptorResponse", value: { fileDescriptorProto: [...found] } };
}

function failure(errorCode: Status, errorMessage: string): Answer {
  return { $case: "errorResponse", value: { errorCode, errorMessage } };
}
