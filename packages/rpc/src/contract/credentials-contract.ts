import { Explanation, explanationOf, OAuthError, ResourceError } from "@signet/protocol";
import { ClientError, Status } from "nice-grpc-common";
import { describe, expect, test } from "vitest";
import { CredentialsRefusedError } from "../errors/credentials-refused-error.ts";
import { callerOf } from "../stack/credentials.ts";
import { onBehalfOf } from "../stack/request-id.ts";
import { type CarrierUnderTest, connect, failureOf, type Handlers } from "./carrier-under-test.ts";

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

    test.each([
      ["an unknown token", "u".repeat(32), Status.UNAUTHENTICATED],
      ["the token of one who may not use the method", others, Status.PERMISSION_DENIED],
    ])(
      "to a service of the same Signet %s is a fault, which says nothing of callers and is no answer",
      async (_name, token, code) => {
        const channel = { credentials: { token }, ownServices: true };
        const { client } = await connect(carrier, handlers, { server, channel });
        const error = await failureOf(client.deleteTenant({}));
        expect(error).toBeInstanceOf(CredentialsRefusedError);
        expect(error).toMatchObject({ kind: "unavailable", cause: { code } });
        expect(String(error)).not.toMatch(/gateway|reader/);
      },
    );

    test("why a use case refuses arrives at services of the same Signet, across two calls as across one, and at no others", async () => {
      const why = { rule: "the redirect URI is registered", expected: "https://a.example/é", sent: "https://b.example/" };
      const own = [{ name: "gateway", isOwnService: true, tokens: [current], may: ["*"] }];
      const foreign = [{ name: "reader", isOwnService: false, tokens: [current], may: ["*"] }];
      const refusing: Handlers = {
        getTenant: () => Promise.reject(new OAuthError("invalid_grant", "refused", { cause: new Explanation(why) })),
        listTenants: () => Promise.reject(new ResourceError("invalid", "refused", { cause: "the name is taken" })),
      };
      const channel = { credentials: { token: current } };
      const inner = await connect(carrier, refusing, { server: { credentials: { callers: own } }, channel });
      const passing: Handlers = { getTenant: async (_request, context) => inner.client.getTenant({}, onBehalfOf(context)) };
      const outer = await connect(carrier, passing, { server: { credentials: { callers: own } }, channel });
      const others = await connect(carrier, refusing, { server: { credentials: { callers: foreign } }, channel });
      expect(explanationOf(await failureOf(outer.client.getTenant({})))).toMatchObject(why);
      expect(explanationOf(await failureOf(inner.client.listTenants({})))).toMatchObject({ rule: "the name is taken" });
      expect(explanationOf(await failureOf(others.client.getTenant({})))).toMatchObject({ rule: "refused" });
    });

    test.each([true, false])(
      "what a use case refuses as unauthenticated or forbidden is its answer, to services of the same Signet (%s) as to others",
      async (ownServices) => {
        for (const refusal of [new ResourceError("unauthenticated", "sign in"), new ResourceError("forbidden", "not yours")]) {
          const refusing: Handlers = {
            getTenant: () => Promise.reject(refusal),
            async *watch() {
              yield await Promise.reject(refusal);
            },
          };
          const { client } = await connect(carrier, refusing, {
            server,
            channel: { credentials: { token: current }, ownServices },
          });
          expect(await failureOf(client.getTenant({}))).toEqual(refusal);
          expect(await failureOf(client.watch({})[Symbol.asyncIterator]().next())).toEqual(refusal);
        }
      },
    );
  });
}
