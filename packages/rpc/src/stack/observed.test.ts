import { registry } from "@signet/contracts";
import { OAuthError, ResourceError } from "@signet/protocol";
import { ServerError, Status } from "nice-grpc-common";
import { describe, expect, test } from "vitest";
import {
  grpcUnderTest,
  type Handlers,
  inprocUnderTest,
  muxUnderTest,
  type RegistryClient,
  registryAt,
  serveForTest,
  serviceWith,
} from "../contract/carrier-under-test.ts";
import { type CallObserver, type ObservableCall, observedClient, observedService } from "./observed.ts";
import { inRequest } from "./request-id.ts";

const definition = registry.ClientRegistryServiceDefinition;
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const requestId = "0123456789ab000001";

/** Writes down what it hears, and has clients send `sent` along. */
function recorder(sent?: string) {
  const calls: (ObservableCall & { outcome?: string })[] = [];
  const observer: CallObserver = {
    begin(call) {
      const { service, method, requestId, caller, isFromOwnService, traceparent } = call;
      const heard: (typeof calls)[number] = { service, method, requestId, caller, isFromOwnService, traceparent };
      calls.push(heard);
      return {
        traceparent: sent,
        run: (work) => work(),
        end(outcome) {
          heard.outcome = outcome;
        },
      };
    },
  };
  return { observer, calls };
}

describe.each([inprocUnderTest, grpcUnderTest, muxUnderTest])("calls over $name", (carrier) => {
  async function connect(handlers: Handlers) {
    const served = recorder();
    const made = recorder(traceparent);
    const services = [observedService(serviceWith(handlers), served.observer)];
    const server = await serveForTest(carrier.listen(), {}, { services });
    const client: RegistryClient = observedClient(definition, registryAt(carrier.target(server.url)), made.observer);
    return { client, served, made };
  }

  test("are observed at both ends, under the request's id, the client's span being the parent of the server's", async () => {
    const { client, served, made } = await connect({ getTenant: async () => ({}) });
    await client.getTenant({ name: "default" }, inRequest(requestId));
    const call = { service: definition.fullName, method: "GetTenant", requestId };
    const both = { ...call, caller: undefined, isFromOwnService: false, outcome: "ok" };
    expect(made.calls).toEqual([{ ...both, traceparent: undefined }]);
    expect(served.calls).toEqual([{ ...both, traceparent }]);
  });

  test("are said to come from a service of the same Signet where the server knows its caller as one", async () => {
    const served = recorder();
    const [own, other] = ["w".repeat(32), "o".repeat(32)] as const;
    const may = ["*"];
    const callers = [
      { name: "gateway", isOwnService: true, tokens: [own], may },
      { name: "billing", isOwnService: false, tokens: [other], may },
    ];
    const services = [observedService(serviceWith({ getTenant: async () => ({}) }), served.observer)];
    const server = await serveForTest(carrier.listen(), {}, { services, credentials: { callers } });
    for (const token of [own, other]) await registryAt(carrier.target(server.url), { credentials: { token } }).getTenant({});
    expect(served.calls).toMatchObject([
      { caller: "gateway", isFromOwnService: true },
      { caller: "billing", isFromOwnService: false },
    ]);
  });

  test("without options are sent the span all the same", async () => {
    const { client, served } = await connect({ getTenant: async () => ({}) });
    await client.getTenant({ name: "default" });
    expect(served.calls).toMatchObject([{ requestId: "", traceparent }]);
  });

  test.each([
    [new OAuthError("invalid_grant", "canary"), "invalid_grant"],
    [new ResourceError("not_found", "canary"), "not_found"],
    [new ResourceError("unavailable", "canary"), "unavailable"],
    [new ServerError(Status.ABORTED, "canary"), "aborted"],
    [new Error("canary"), "internal"],
  ])("end with a word for %s, and fail as they would have", async (error, outcome) => {
    const { client, served, made } = await connect({ getTenant: () => Promise.reject(error) });
    await expect(client.getTenant({ name: "default" })).rejects.toThrow();
    expect([served.calls[0]?.outcome, made.calls[0]?.outcome]).toEqual([outcome, outcome]);
  });
});

test("a stream of messages passes unobserved", async () => {
  const served = recorder();
  const made = recorder();
  const watch: Handlers["watch"] = async function* () {
    yield { event: { $case: "ready", value: { position: "1", resumed: true } } };
  };
  const services = [observedService(serviceWith({ watch }), served.observer)];
  const server = await serveForTest(inprocUnderTest.listen(), {}, { services });
  const client = observedClient<RegistryClient>(definition, registryAt(server.url), made.observer);
  const events: unknown[] = [];
  for await (const event of client.watch({})) events.push(event);
  expect(events).toHaveLength(1);
  expect([...served.calls, ...made.calls]).toEqual([]);
});

test("without an observer nothing is wrapped", () => {
  const service = serviceWith({});
  const client = registryAt("inproc:nowhere");
  expect(observedService(service, undefined)).toBe(service);
  expect(observedClient(definition, client, undefined)).toBe(client);
});
