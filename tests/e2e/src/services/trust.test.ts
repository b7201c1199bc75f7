import type { ClientHttp2Session } from "node:http2";
import { methodCallers as authCallers } from "@signet/auth/callers";
import { methodCallers as registryCallers } from "@signet/client-registry/callers";
import { auth, registry, token } from "@signet/contracts";
import { type Channel, createChannel } from "@signet/rpc/network";
import type { ServicesUnderTest } from "@signet/testkit";
import { startServices } from "@signet/testkit";
import { methodCallers as tokenCallers } from "@signet/token/callers";
import { ClientError } from "nice-grpc-common";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, connectTo, delimited, type Ending } from "../registry/http2-call.ts";
import { isServing, type RpcServiceName, rpcServices } from "./deployed.ts";

const [unimplemented, forbidden, unauthenticated] = [12, 7, 16];
const services = {
  "client-registry": { definition: registry.ClientRegistryServiceDefinition, callers: registryCallers },
  auth: { definition: auth.AuthServiceDefinition, callers: authCallers },
  token: { definition: token.TokenServiceDefinition, callers: tokenCallers },
} as const;

/** Every method of every service, and the roles of its table that may call it. A method without a row in its table does not compile. */
const methods = rpcServices.flatMap((service) => {
  const { definition, callers } = services[service];
  const table: Readonly<Record<string, readonly string[]>> = callers;
  return Object.entries(definition.methods).map(([key, { name, responseStream }]) => ({
    service,
    key,
    isStream: responseStream,
    path: `/${definition.fullName}/${name}`,
    roles: table[key] ?? [],
  }));
});
type Method = (typeof methods)[number];

/** Who has a service token, what each is to the services, and which of them know it. */
const known: Readonly<Record<string, { readonly role: string; readonly to: readonly RpcServiceName[] }>> = {
  gateway: { role: "gateway", to: ["client-registry", "auth", "token"] },
  auth: { role: "auth", to: ["client-registry", "token"] },
  token: { role: "token", to: ["client-registry", "auth"] },
  billing: { role: "read", to: ["client-registry"] },
  provisioning: { role: "write", to: ["client-registry"] },
};

/** What is refused to whoever shows the token of this caller; "" for none, "nobody" for one that nobody has. */
function refusalOf({ service, roles }: Method, caller: string): number | undefined {
  const found = known[caller];
  if (found === undefined || !found.to.includes(service)) return unauthenticated;
  return roles.includes(found.role) ? undefined : forbidden;
}

let signet: ServicesUnderTest;
beforeAll(async () => {
  const own = { auth: { SIGNET_REFLECTION: "on" } };
  signet = await startServices({ callers: ["billing:read", "provisioning:write"], own });
});
afterAll(() => signet.stop());

const callers = ["", "nobody", ...Object.keys(known)];
const tokenOf = (caller: string) => (caller === "nobody" ? "x".repeat(43) : signet.tokenOf(caller));

function addressOf(service: RpcServiceName, scheme: "grpc" | "mux"): string {
  return String(signet.replicas[service][0]?.url).replace("grpc:", `${scheme}:`);
}

describe("H1: every method is refused to whom its table does not name", () => {
  test("over plain gRPC", async () => {
    for (const service of rpcServices) {
      const connection = connectTo(addressOf(service, "grpc"));
      for (const method of methods.filter((one) => one.service === service)) {
        for (const caller of callers) {
          const refused = await plainRefusal(connection, method.path, caller);
          expect([method.path, caller, refused]).toEqual([method.path, caller, refusalOf(method, caller)]);
        }
      }
      connection.destroy();
    }
  });

  test("over multiplexed calls", async () => {
    for (const service of rpcServices) {
      for (const caller of callers) {
        const credentials = caller === "" ? {} : { credentials: { token: tokenOf(caller) } };
        const channel = createChannel(addressOf(service, "mux"), credentials);
        for (const method of methods.filter((one) => one.service === service)) {
          const refused = await muxRefusal(channel, method);
          expect([method.path, caller, refused]).toEqual([method.path, caller, refusalOf(method, caller)]);
        }
        channel.close();
      }
    }
  });

  test("and there are methods to refuse, to each caller some", () => {
    expect(methods.length).toBeGreaterThan(30);
    for (const caller of callers) {
      const refused = methods.filter((method) => refusalOf(method, caller) !== undefined).length;
      expect([caller, refused > 0 && refused < (known[caller] === undefined ? methods.length + 1 : methods.length)]).toEqual([
        caller,
        true,
      ]);
    }
  });
});

test("H1: the health check is open to anybody", async () => {
  for (const service of rpcServices)
    expect([service, await isServing({ replicasOf: (name) => signet.replicas[name] }, service)]).toEqual([service, true]);
});

test.each(["grpc.reflection.v1", "grpc.reflection.v1alpha"])(
  "H1: %s is not there unless it was asked for, and then only for known callers",
  async (name) => {
    const path = `/${name}.ServerReflection/ServerReflectionInfo`;
    for (const service of ["client-registry", "token"] as const) {
      const connection = connectTo(addressOf(service, "grpc"));
      for (const caller of ["", "gateway"])
        expect(await plainEnding(connection, path, caller)).toMatchObject({ status: unimplemented });
      connection.destroy();
    }
    const connection = connectTo(addressOf("auth", "grpc"));
    for (const caller of ["", "nobody"])
      expect(await plainEnding(connection, path, caller)).toMatchObject({ status: unauthenticated });
    expect(await plainEnding(connection, path, "gateway")).toBe("answered");
    connection.destroy();
  },
);

/** `list_services` of a reflection request; to every other method a field that it does not know. */
const anyMessage = delimited(Buffer.from([0x3a, 0x00]));

/** The status that a call ends with, or that it was answered before that. */
async function plainEnding(connection: ClientHttp2Session, path: string, caller: string): Promise<Ending | "answered"> {
  const headers: Record<string, string> = caller === "" ? {} : { authorization: `Bearer ${tokenOf(caller)}` };
  const made = call(connection, path, anyMessage, headers);
  const answered = made.next().then((message) => (message === undefined ? new Promise<never>(() => {}) : ("answered" as const)));
  const ending = await Promise.race([made.ended(), answered]);
  if (ending === "answered") made.cancel();
  return ending;
}

async function plainRefusal(connection: ClientHttp2Session, path: string, caller: string): Promise<number | undefined> {
  const ending = await plainEnding(connection, path, caller);
  return ending === "answered" ? undefined : refusalIn(ending.status, ending.message);
}

/** Refused to the caller, by what all methods have in common: some refuse what they are asked by the same statuses. */
function refusalIn(status: number, message: string): number | undefined {
  if (status === unauthenticated && message === "a service token is required") return status;
  return status === forbidden && message.endsWith("may not use this method") ? status : undefined;
}

async function muxRefusal(channel: Channel, { service, key, isStream }: Method): Promise<number | undefined> {
  const client = channel.client<Readonly<Record<string, (request: object, options: object) => unknown>>>(
    services[service].definition,
  );
  try {
    const options = { timeoutMilliseconds: 15_000 };
    const answer = client[key]?.({}, options);
    if (isStream) {
      for await (const _message of answer as AsyncIterable<unknown>) break;
    } else await answer;
    return undefined;
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof ClientError ? refusalIn(cause.code, cause.details) : undefined;
  }
}
