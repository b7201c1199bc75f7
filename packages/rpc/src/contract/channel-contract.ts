import { token } from "@signet/contracts";
import { OAuthError, RateLimitedError, ResourceError } from "@signet/protocol";
import { Status } from "nice-grpc-common";
import { describe, expect, test } from "vitest";
import { createChannel } from "../channels/create-channel.ts";
import { remainingMilliseconds } from "../stack/deadline.ts";
import { inRequest, onBehalfOf, requestIdOf } from "../stack/request-id.ts";
import { type CarrierUnderTest, connect, failureOf, latch } from "./carrier-under-test.ts";

const mebibyte = 1024 * 1024;
/** Long enough for any machine; where it is needed a call has gone wrong. */
const ample = { timeoutMilliseconds: 15_000 } as object;

/** What every carrier promises to whoever calls and to whoever is called. */
export function channelContract(carrier: CarrierUnderTest): void {
  describe(`calls over ${carrier.name}`, () => {
    test("a message arrives with the wire's defaults and omissions", async () => {
      const { client } = await connect(carrier, { getTenant: async ({ name }) => ({ tenant: { name, settings: {} } }) });
      const { tenant } = await client.getTenant({ name: "default" });
      expect(tenant).toMatchObject({ id: "", name: "default", createdAt: 0, branding: undefined });
      expect(tenant?.settings).toMatchObject({ collection: "", tokenTimeout: 0, refreshTokens: 0 });
    });

    test("an OAuth error arrives with its code and its description", async () => {
      const { client } = await connect(carrier, {
        getTenant: async () => {
          throw new OAuthError("invalid_grant", "the code has expired — é");
        },
      });
      const error = await failureOf(client.getTenant({}));
      expect(error).toBeInstanceOf(OAuthError);
      expect(error).toMatchObject({ code: "invalid_grant", description: "the code has expired — é" });
    });

    test.each(["not_found", "already_exists", "invalid", "unauthenticated", "forbidden", "unavailable"] as const)(
      "a resource error of the kind %s arrives with its description",
      async (kind) => {
        const { client } = await connect(carrier, {
          getTenant: async () => {
            throw new ResourceError(kind, "why — é");
          },
        });
        const error = await failureOf(client.getTenant({}));
        expect(error).toMatchObject({ name: "ResourceError", kind, description: "why — é" });
      },
    );

    test("any other error arrives as INTERNAL without its text, and the server's listener hears it", async () => {
      const heard: unknown[] = [];
      const cause = new Error("a driver's text with a secret");
      const handlers = {
        getTenant: async () => {
          throw cause;
        },
      };
      const { client } = await connect(carrier, handlers, { server: { onError: (error) => heard.push(error) } });
      const error = await failureOf(client.getTenant({}));
      expect(error).toMatchObject({ code: Status.INTERNAL, details: "internal error" });
      expect(heard).toEqual([cause]);
    });

    test("that somebody tried too often arrives with the time until they may again", async () => {
      const { client } = await connect(carrier, {
        getTenant: () => Promise.reject(new RateLimitedError("too many attempts", 89_001)),
      });
      const error = await failureOf(client.getTenant({}));
      expect(error).toBeInstanceOf(RateLimitedError);
      expect(error).toMatchObject({ description: "too many attempts", retryAfterSeconds: 90 });
    });

    test("a service that is not served is UNIMPLEMENTED", async () => {
      const { target } = await connect(carrier, {});
      const channel = createChannel(target);
      const client = channel.client<token.TokenServiceClient>(token.TokenServiceDefinition);
      const error = await failureOf(client.jwks({}));
      channel.close();
      expect(error).toMatchObject({ code: Status.UNIMPLEMENTED });
    });

    test("the request's id arrives", async () => {
      const { client } = await connect(carrier, {
        getTenant: async (_request, context) => ({ tenant: { name: requestIdOf(context) } }),
      });
      expect((await client.getTenant({}, inRequest("0123456789ab000001"))).tenant?.name).toBe("0123456789ab000001");
    });

    test("a call ends at its deadline although its handler goes on, and the handler's signal aborts", async () => {
      const { promise: aborted, resolve } = Promise.withResolvers<boolean>();
      const { client } = await connect(carrier, {
        getTenant: (_request, { signal }) => {
          signal.addEventListener("abort", () => resolve(signal.aborted));
          return new Promise(() => {});
        },
      });
      await client.listTenants({}).catch(() => undefined);
      const error = await failureOf(client.getTenant({}, { timeoutMilliseconds: 30 } as object));
      expect(error).toMatchObject({ kind: "unavailable", cause: { code: Status.DEADLINE_EXCEEDED } });
      expect(await aborted).toBe(true);
    });

    test("a deadline shrinks along the way", async () => {
      const remaining: (number | undefined)[] = [];
      const inner = await connect(carrier, {
        getTenant: async (_request, { signal }) => {
          remaining.push(remainingMilliseconds(signal));
          return {};
        },
      });
      const outer = await connect(carrier, {
        getTenant: async (_request, context) => await inner.client.getTenant({}, onBehalfOf(context)),
      });
      await outer.client.getTenant({}, { timeoutMilliseconds: 1500 } as object);
      await outer.client.getTenant({}, ample);
      // On its own the inner call would have 2,000 ms, also where the outer one has more.
      expect(remaining[0]).toBeLessThanOrEqual(1501);
      expect(remaining[1]).toBeLessThanOrEqual(2001);
    });

    test.each<[string, object]>([
      ["no time left", { timeoutMilliseconds: 0 }],
      ["a caller that has gone", { signal: AbortSignal.abort() }],
    ])("a call with %s is not started", async (_name, options) => {
      const started: string[] = [];
      const { client } = await connect(carrier, {
        getTenant: async ({ name }) => {
          started.push(name);
          return {};
        },
      });
      await failureOf(client.getTenant({ name: "expired" }, options));
      await client.getTenant({ name: "later" });
      expect(started).toEqual(["later"]);
    });

    test("an abort ends the call for its caller, and reaches the handler's signal", async () => {
      const started = latch();
      const aborted = latch();
      const { client } = await connect(carrier, {
        getTenant: (_request, { signal }) => {
          signal.addEventListener("abort", aborted.open);
          started.open();
          return new Promise(() => {});
        },
      });
      const controller = new AbortController();
      const call = failureOf(client.getTenant({}, { ...ample, signal: controller.signal }));
      await started.opened;
      controller.abort();
      expect(await call).toMatchObject({ code: Status.CANCELLED });
      await aborted.opened;
    });

    test("messages of 1 MiB pass in both directions, many at once", async () => {
      const { client } = await connect(carrier, { getTenant: async ({ name }) => ({ tenant: { name } }) });
      const name = "é".repeat(mebibyte / 2);
      const replies = await Promise.all(Array.from({ length: 8 }, () => client.getTenant({ name }, ample)));
      expect(replies.every(({ tenant }) => tenant?.name === name)).toBe(true);
    });

    test("H2: a request longer than the caller's own limit is RESOURCE_EXHAUSTED", async () => {
      const { client } = await connect(carrier, {});
      expect(await failureOf(client.getTenant({ name: "a".repeat(2 * mebibyte) }))).toMatchObject(exhausted);
    });

    test("H2: a request longer than the server's limit is RESOURCE_EXHAUSTED, and the server goes on", async () => {
      const handlers = { getTenant: async () => ({}) };
      const { client } = await connect(carrier, handlers, { channel: { maximumMessageBytes: 4 * mebibyte } });
      const other = client.getTenant({});
      for (const length of [1.07, 1.2, 3]) {
        const call = client.getTenant({ name: "a".repeat(Math.ceil(length * mebibyte)) }, ample);
        expect(await failureOf(call)).toMatchObject(exhausted);
      }
      expect(await other).toEqual(await client.getTenant({}));
    });

    test("H2: a response longer than the limit is RESOURCE_EXHAUSTED, and the server goes on", async () => {
      const { client } = await connect(carrier, {
        getTenant: async ({ name }) => ({ tenant: { name: "a".repeat(Number(name)) } }),
      });
      expect(await failureOf(client.getTenant({ name: String(2 * mebibyte) }, ample))).toMatchObject(exhausted);
      expect((await client.getTenant({ name: "2" })).tenant?.name).toBe("aa");
    });

    test("H2: a response longer than the caller's own limit is RESOURCE_EXHAUSTED, and other calls go on", async () => {
      const release = latch();
      const handlers = {
        getTenant: async ({ name }: { name: string }) => ({ tenant: { name: "a".repeat(Number(name)) } }),
        async listTenants() {
          await release.opened;
          return {};
        },
      };
      const { client } = await connect(carrier, handlers, { server: { maximumMessageBytes: 4 * mebibyte } });
      const other = client.listTenants({}, ample);
      expect(await failureOf(client.getTenant({ name: String(3 * mebibyte) }, ample))).toMatchObject(exhausted);
      release.open();
      expect(await other).toMatchObject({ tenants: [] });
    });

    test("a limit of 4 MiB is obeyed where both sides have it", async () => {
      const limit = { maximumMessageBytes: 4 * mebibyte };
      const handlers = { getTenant: async ({ name }: { name: string }) => ({ tenant: { name } }) };
      const { client } = await connect(carrier, handlers, { server: limit, channel: limit });
      const reply = await client.getTenant({ name: "a".repeat(4 * mebibyte - 100) }, ample);
      expect(reply.tenant?.name).toHaveLength(4 * mebibyte - 100);
    });

    test("1,000 calls are in flight at once, and each gets its own reply", async () => {
      let arrived = 0;
      const all = latch();
      const { client } = await connect(carrier, {
        async getTenant({ name }) {
          arrived += 1;
          if (arrived === 1000) all.open();
          await all.opened;
          return { tenant: { name } };
        },
      });
      const names = Array.from({ length: 1000 }, (_, index) => `t${index}`);
      const replies = await Promise.all(names.map((name) => client.getTenant({ name }, ample)));
      expect(replies.map(({ tenant }) => tenant?.name)).toEqual(names);
    });

    test("a full window answers UNAVAILABLE at once, and takes calls again when one has ended", async () => {
      const release = latch();
      const started = latch();
      const handlers = {
        async listTenants() {
          started.open();
          await release.opened;
          return {};
        },
        getTenant: async () => ({}),
      };
      const { client } = await connect(carrier, handlers, { channel: { window: 2 } });
      const held = [client.listTenants({}, ample), client.listTenants({}, ample)];
      await started.opened;
      expect(await failureOf(client.getTenant({}))).toMatchObject({
        kind: "unavailable",
        description: "too many calls are outstanding",
      });
      release.open();
      await Promise.all(held);
      expect(await client.getTenant({})).toEqual({ tenant: undefined });
    });

    test("only calls without side effects are repeated", async () => {
      const calls: string[] = [];
      const failOnce = (method: string) => async () => {
        calls.push(method);
        if (calls.filter((one) => one === method).length === 1) throw new ResourceError("unavailable", "not yet");
        return {};
      };
      const { client } = await connect(carrier, { getTenant: failOnce("get"), deleteTenant: failOnce("delete") });
      await client.getTenant({}, ample);
      expect(await failureOf(client.deleteTenant({}))).toMatchObject({ kind: "unavailable" });
      expect(calls).toEqual(["get", "get", "delete"]);
    });

    test("a channel that was closed answers UNAVAILABLE", async () => {
      const { target } = await connect(carrier, {});
      const channel = createChannel(target);
      channel.close();
      const client = channel.client<token.TokenServiceClient>(token.TokenServiceDefinition);
      expect(await failureOf(client.jwks({}))).toMatchObject({ kind: "unavailable" });
    });
  });
}

const exhausted = { kind: "unavailable", cause: { code: Status.RESOURCE_EXHAUSTED } };
