import { token } from "@signet/contracts";
import { OAuthError, ResourceError } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import { inRequest, requestIdOf } from "../stack/request-id.ts";
import { inProcessClient } from "./in-process.ts";

function serve(
  exchange: token.TokenServiceImplementation["exchange"],
  onError?: (error: unknown) => void,
): token.TokenServiceClient {
  const others = Object.keys(token.TokenServiceDefinition.methods).map((name) => [name, async () => ({})] as const);
  const implementation = { ...Object.fromEntries(others), exchange };
  return inProcessClient(token.TokenServiceDefinition, implementation, onError === undefined ? {} : { onError });
}

describe("the in-process channel", () => {
  test("carries a message with the wire's defaults and omissions", async () => {
    const client = serve(async ({ tenant, parameters }) => ({ accessToken: `${tenant}:${parameters.length}`, expiresIn: 3600 }));
    expect(await client.exchange({ tenant: "default" })).toEqual({
      accessToken: "default:0",
      tokenType: "",
      expiresIn: 3600,
      refreshToken: undefined,
      idToken: undefined,
      scope: undefined,
    });
  });

  test("rebuilds an OAuth error with its code and its description", async () => {
    const client = serve(async () => {
      throw new OAuthError("invalid_grant", "the code has expired — é");
    });
    const error = await client.exchange({}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OAuthError);
    expect(error).toMatchObject({ code: "invalid_grant", description: "the code has expired — é" });
  });

  test.each(["not_found", "already_exists", "invalid", "unauthenticated", "forbidden", "unavailable"] as const)(
    "rebuilds a resource error of the kind %s",
    async (kind) => {
      const client = serve(async () => {
        throw new ResourceError(kind, "why");
      });
      await expect(client.exchange({})).rejects.toMatchObject({ name: "ResourceError", kind, description: "why" });
    },
  );

  test("masks any other error and tells the service's listener what it was", async () => {
    const heard: unknown[] = [];
    const cause = new Error("a driver's text with a secret");
    const client = serve(
      async () => {
        throw cause;
      },
      (error) => heard.push(error),
    );
    const error = await client.exchange({}).catch((thrown: unknown) => thrown);
    expect(String(error)).not.toContain("secret");
    expect(heard).toEqual([cause]);
  });

  test("ends a call at its deadline although its handler goes on", async () => {
    const client = serve(() => new Promise(() => {}));
    await expect(client.exchange({}, { timeoutMilliseconds: 5 } as object)).rejects.toMatchObject({ kind: "unavailable" });
  });

  test("aborts the handler's signal at the deadline", async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const client = serve((_request, { signal }) => {
      signal.addEventListener("abort", () => resolve(signal.aborted));
      return new Promise(() => {});
    });
    await client.exchange({}, { timeoutMilliseconds: 5 } as object).catch(() => undefined);
    expect(await promise).toBe(true);
  });

  test("a handler that asks for its signal after the deadline finds it aborted", async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const over = Promise.withResolvers<void>();
    const client = serve(async (_request, context) => {
      await over.promise;
      resolve(context.signal.aborted);
      return {};
    });
    await client.exchange({}, { timeoutMilliseconds: 5 } as object).catch(() => undefined);
    over.resolve();
    expect(await promise).toBe(true);
  });

  test("nothing aborts once the call has ended, whoever asks for its signal then", async () => {
    const { promise, resolve } = Promise.withResolvers<{ readonly early: AbortSignal; readonly late: () => AbortSignal }>();
    const client = serve(async (_request, context) => {
      resolve({ early: context.signal, late: () => context.signal });
      return {};
    });
    const caller = new AbortController();
    await client.exchange({}, { signal: caller.signal });
    caller.abort();
    const { early, late } = await promise;
    expect([early.aborted, late().aborted]).toEqual([false, false]);
  });

  test("does not start a call whose caller has gone", async () => {
    let started = false;
    const client = serve(async () => {
      started = true;
      return {};
    });
    await expect(client.exchange({}, { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(started).toBe(false);
  });

  test("carries the request's id", async () => {
    const client = serve(async (_request, context) => ({ accessToken: requestIdOf(context) }));
    expect((await client.exchange({}, inRequest("0123456789ab000001"))).accessToken).toBe("0123456789ab000001");
  });
});
