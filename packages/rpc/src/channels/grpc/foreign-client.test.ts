import { registry } from "@signet/contracts";
import { OAuthError, ResourceError } from "@signet/protocol";
import { createChannel, createClient, Metadata } from "nice-grpc";
import { Status } from "nice-grpc-common";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Handlers, serveForTest } from "../../contract/carrier-under-test.ts";

/** A client that knows nothing of Signet but the protos. */
async function foreignClient(handlers: Handlers, options: Parameters<typeof serveForTest>[2] = {}) {
  const { url } = await serveForTest("grpc://127.0.0.1:0", handlers, options);
  const channel = createChannel(new URL(url).host);
  onTestFinished(() => channel.close());
  return createClient(registry.ClientRegistryServiceDefinition, channel);
}

describe("a foreign gRPC client", () => {
  test("gets replies, and streams of messages", async () => {
    const client = await foreignClient({
      getTenant: async ({ name }) => ({ tenant: { name } }),
      async *watch() {
        yield { position: "1" };
        yield { position: "2" };
      },
    });
    expect((await client.getTenant({ name: "default" })).tenant?.name).toBe("default");
    const positions: string[] = [];
    for await (const { position } of client.watch({})) positions.push(position);
    expect(positions).toEqual(["1", "2"]);
  });

  test.each([
    [new ResourceError("not_found", "no such tenant"), Status.NOT_FOUND, "no such tenant"],
    [new OAuthError("invalid_grant", "the code has expired"), Status.FAILED_PRECONDITION, "invalid_grant: the code has expired"],
    [
      new OAuthError("invalid_redirect_uri", "redirect_uris must be absolute"),
      Status.INVALID_ARGUMENT,
      "invalid_redirect_uri: redirect_uris must be absolute",
    ],
    [new Error("a driver's text"), Status.INTERNAL, "internal error"],
  ])("gets %s as a plain status", async (error, code, details) => {
    const client = await foreignClient({
      getTenant: async () => {
        throw error;
      },
    });
    await expect(client.getTenant({})).rejects.toMatchObject({ code, details });
  });

  test("shows its service token as metadata, which no handler sees", async () => {
    const token = "r".repeat(32);
    const client = await foreignClient(
      { getTenant: async (_request, { metadata }) => ({ tenant: { name: metadata.get("authorization") ?? "not there" } }) },
      { credentials: { callers: [{ name: "reader", tokens: [token], may: ["*"] }] } },
    );
    const metadata = Metadata().set("authorization", `Bearer ${token}`);
    expect((await client.getTenant({}, { metadata })).tenant?.name).toBe("not there");
    await expect(client.getTenant({})).rejects.toMatchObject({ code: Status.UNAUTHENTICATED });
  });

  test("uses an open service without a token, and no other", async () => {
    const service = "signet.registry.v1.ClientRegistryService";
    const client = await foreignClient({ getTenant: async () => ({}) }, { credentials: { callers: [], open: [service] } });
    expect(await client.getTenant({})).toEqual({ tenant: undefined });
    const closed = await foreignClient(
      { getTenant: async () => ({}) },
      { credentials: { callers: [], open: ["grpc.health.v1.Health"] } },
    );
    await expect(closed.getTenant({})).rejects.toMatchObject({ code: Status.UNAUTHENTICATED });
  });
});
