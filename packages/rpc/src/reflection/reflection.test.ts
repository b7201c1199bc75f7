import { createFileRegistry, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { reflection } from "@signet/contracts/reflection";
import { Status } from "nice-grpc-common";
import { describe, expect, onTestFinished, test } from "vitest";
import { serveForTest } from "../contract/carrier-under-test.ts";
import { type RawStream, rawBidiStream } from "../contract/raw-client.ts";
import type { ServeOptions } from "../server/serve.ts";
import { replaceable } from "../stack/current.ts";

type Request = NonNullable<reflection.ServerReflectionRequest["messageRequest"]>;
type Stream = RawStream<reflection.ServerReflectionRequest, reflection.ServerReflectionResponse>;

const listen = "grpc://127.0.0.1:0";
const registryService = "signet.registry.v1.ClientRegistryService";
const token = "d".repeat(32);
const versions = ["v1", "v1alpha"] as const;

function openStream(url: string, shown?: string, version: (typeof versions)[number] = "v1"): Stream {
  const stream = rawBidiStream(
    url,
    {
      path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
      request: reflection.ServerReflectionRequest,
      response: reflection.ServerReflectionResponse,
    },
    shown,
  );
  onTestFinished(() => stream.cancel());
  return stream;
}

async function ask(stream: Stream, messageRequest: Request) {
  stream.send({ host: "here", messageRequest });
  return (await stream.next())?.messageResponse;
}

async function reflectingServer(options: Partial<ServeOptions> = {}) {
  return await serveForTest(listen, {}, { reflection: true, ...options });
}

/** What a tool makes of the files. */
function registryOf(answer: Awaited<ReturnType<typeof ask>>): FileRegistry {
  if (answer?.$case !== "fileDescriptorResponse") throw new Error(`the answer is ${JSON.stringify(answer)}`);
  const files = answer.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
  const [first] = files;
  if (first === undefined) throw new Error("no file");
  return createFileRegistry(first, (name) => files.find((file) => file.name === name));
}

describe.each(versions)("grpc.reflection.%s", (version) => {
  test("H1: is UNIMPLEMENTED unless it was asked for", async () => {
    const { url } = await serveForTest(listen, {});
    const stream = openStream(url, undefined, version);
    stream.end();
    expect(await stream.status).toBe(Status.UNIMPLEMENTED);
  });

  test("lists what the server has", async () => {
    const { url } = await reflectingServer();
    const answer = await ask(openStream(url, undefined, version), { $case: "listServices", value: "*" });
    const names = [registryService, "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"];
    expect(answer).toEqual({ $case: "listServicesResponse", value: { service: names.map((name) => ({ name })) } });
  });
});

describe("reflection", () => {
  test.each([
    ["a service", registryService],
    ["a method", `${registryService}.ListClients`],
    ["a message", "signet.registry.v1.Client"],
    ["a field", "signet.registry.v1.GetTenantRequest.name"],
  ])("gives the file that declares %s, and all that it imports", async (_name, symbol) => {
    const { url } = await reflectingServer();
    const registry = registryOf(await ask(openStream(url), { $case: "fileContainingSymbol", value: symbol }));
    const methods = registry.getService(registryService)?.methods.map(({ name }) => name);
    expect(methods).toContain("ListClients");
  });

  test.each([
    ["an enum in a message", "grpc.health.v1.HealthCheckResponse.ServingStatus"],
    ["a value of it", "grpc.health.v1.HealthCheckResponse.NOT_SERVING"],
  ])("finds %s", async (_name, symbol) => {
    const { url } = await reflectingServer();
    const registry = registryOf(await ask(openStream(url), { $case: "fileContainingSymbol", value: symbol }));
    expect(registry.getService("grpc.health.v1.Health")).toBeDefined();
  });

  test("gives a file by its name, and answers each request of a stream in its order", async () => {
    const { url } = await reflectingServer();
    const stream = openStream(url);
    const name = "signet/registry/v1/registry.proto";
    for (const value of [name, "no/such.proto"]) stream.send({ host: "", messageRequest: { $case: "fileByFilename", value } });
    const [found, missing] = [await stream.next(), await stream.next()];
    expect(registryOf(found?.messageResponse).getService(registryService)).toBeDefined();
    expect(missing).toMatchObject({
      originalRequest: { messageRequest: { value: "no/such.proto" } },
      messageResponse: { $case: "errorResponse", value: { errorCode: Status.NOT_FOUND } },
    });
    stream.end();
    expect(await stream.status).toBe(Status.OK);
  });

  test.each<[string, Request]>([
    ["a symbol that nothing declares", { $case: "fileContainingSymbol", value: "signet.registry.v1.Nothing" }],
    ["a service that the server does not have", { $case: "fileContainingSymbol", value: "signet.auth.v1.AuthService" }],
    ["its file", { $case: "fileByFilename", value: "signet/auth/v1/auth.proto" }],
    ["an extension", { $case: "fileContainingExtension", value: { containingType: "a.B", extensionNumber: 1 } }],
    ["the extensions of no message", { $case: "allExtensionNumbersOfType", value: registryService }],
  ])("answers NOT_FOUND for %s", async (_name, request) => {
    const { url } = await reflectingServer();
    const answer = await ask(openStream(url), request);
    expect(answer).toMatchObject({ $case: "errorResponse", value: { errorCode: Status.NOT_FOUND } });
  });

  test("a message has no extensions", async () => {
    const { url } = await reflectingServer();
    const answer = await ask(openStream(url), { $case: "allExtensionNumbersOfType", value: "signet.registry.v1.Client" });
    const value = { baseTypeName: "signet.registry.v1.Client", extensionNumber: [] };
    expect(answer).toEqual({ $case: "allExtensionNumbersResponse", value });
  });

  test("bytes that are no request end the stream with INVALID_ARGUMENT", async () => {
    const { url } = await reflectingServer();
    const stream = openStream(url);
    stream.sendBytes(Buffer.from([0x0a, 0xff]));
    expect(await stream.status).toBe(Status.INVALID_ARGUMENT);
  });

  test.each([
    ["without a service token", undefined],
    ["with an unknown one", "u".repeat(32)],
  ])("H1: is UNAUTHENTICATED %s on a server that knows its callers", async (_name, shown) => {
    const heard: unknown[] = [];
    const { url } = await reflectingServer({ credentials: { callers: [] }, onError: (error) => heard.push(error) });
    const stream = openStream(url, shown);
    expect(await stream.status).toBe(Status.UNAUTHENTICATED);
    expect(heard).toMatchObject([{ code: Status.UNAUTHENTICATED }]);
  });

  test("answers any known caller, until it is none any more", async () => {
    const callers = replaceable([{ name: "developer", tokens: [token], may: [] }]);
    const { url } = await reflectingServer({ credentials: { callers } });
    const stream = openStream(url, token);
    expect(await ask(stream, { $case: "listServices", value: "" })).toMatchObject({ $case: "listServicesResponse" });
    callers.replace([]);
    expect(await ask(stream, { $case: "listServices", value: "" })).toBeUndefined();
    expect(await stream.status).toBe(Status.UNAUTHENTICATED);
  });

  test("a server that stops ends it", async () => {
    const server = await reflectingServer();
    const stream = openStream(server.url);
    await ask(stream, { $case: "listServices", value: "" });
    const closed = server.close(60_000);
    expect(await stream.status).toBe(Status.UNAVAILABLE);
    await closed;
  });
});
