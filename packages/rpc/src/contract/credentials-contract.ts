import { ClientError, Status } from "nice-grpc-common";
import { describe, expect, test } from "vitest";
import { callerOf } from "../stack/credentials.ts";
import { type CarrierUnderTest, connect, failureOf } from "./carrier-under-test.ts";

/** What every carrier promises of a server that knows its callers. */
export function credentialsContract(carrier: CarrierUnderTest): void {
  describe(`credentials over ${carrier.name}`, () => {
    const [current, next, others] = ["c", "n", "o"].map((letter) => letter.repeat(32)) as [string, string, string];
    const server = {
      credentials: {
        callers: [
          { name: "gateway", tokens: [current, next], may: ["signet.registry.v1.ClientRegistryService"] },
          { name: "reader", tokens: [others], may: ["/signet.registry.v1.ClientRegistryService/GetTenant"] },
        ],
      },
    };
    const handlers = {
      getTenant: async (_request: object, context: Parameters<typeof callerOf>[0]) => ({
        tenant: { name: callerOf(context) ?? "" },
      }),
      deleteTenant: async () => ({}),
    };

    test.each([
      ["without a service token", {}],
      ["with an unknown service token", { credentials: { token: "u".repeat(32) } }],
    ])("H1: a call %s is UNAUTHENTICATED", async (_name, channel) => {
      const heard: unknown[] = [];
      const onError = (error: unknown) => heard.push(error);
      const { client } = await connect(carrier, handlers, { server: { ...server, onError }, channel });
      expect(await failureOf(client.getTenant({}))).toMatchObject({ kind: "unauthenticated" });
      expect(heard[0]).toMatchObject({ code: Status.UNAUTHENTICATED });
    });

    test.each([
      ["current", current],
      ["next", next],
    ])("of two tokens the %s one is accepted, and the handler knows the caller", async (_name, token) => {
      const { client } = await connect(carrier, handlers, { server, channel: { credentials: { token } } });
      expect((await client.getTenant({})).tenant?.name).toBe("gateway");
    });

    test("a caller may use its methods and no others", async () => {
      const { client } = await connect(carrier, handlers, { server, channel: { credentials: { token: others } } });
      expect((await client.getTenant({})).tenant?.name).toBe("reader");
      const error = await failureOf(client.deleteTenant({}));
      expect(error).toMatchObject({ kind: "forbidden", cause: expect.any(ClientError) });
    });
  });
}
