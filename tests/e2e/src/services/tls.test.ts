import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { registry } from "@signet/contracts";
import { type ClientTls, checkHealth, createChannel } from "@signet/rpc/network";
import { newAuthority } from "@signet/test-certificates";
import { freePort, newApplication, obtainTokens, services } from "@signet/testkit";
import { expect, test } from "vitest";
import { deploy, failureOf, rpcServices } from "./deployed.ts";
import { homeOf } from "./home.ts";

/** The settings of a deployment whose programs know each other by nothing but their certificates. */
async function withCertificates(scheme: "muxs" | "grpcs") {
  const authority = newAuthority();
  const ports = { "client-registry": await freePort(), auth: await freePort(), token: await freePort() };
  const certificates = {
    gateway: authority.issue("gateway"),
    "client-registry": authority.issue("client-registry"),
    auth: authority.issue("auth"),
    token: authority.issue("token"),
  };
  const callers = {
    "client-registry":
      "gateway=certificate:gateway auth=certificate:auth token=certificate:token billing:read=certificate:billing",
    auth: "gateway=certificate:gateway token=certificate:token",
    token: "gateway=certificate:gateway",
  };
  const tls = (name: (typeof services)[number]) => ({
    SIGNET_TLS_CERTIFICATE: certificates[name].certificate,
    SIGNET_TLS_KEY: certificates[name].key,
    SIGNET_TLS_AUTHORITIES: authority.certificate,
  });
  const served = (name: keyof typeof ports) => ({
    SIGNET_RPC_LISTEN: `grpcs://127.0.0.1:${ports[name]}`,
    SIGNET_CALLERS: callers[name],
  });
  const own = {
    "client-registry": { ...tls("client-registry"), ...served("client-registry") },
    auth: { ...tls("auth"), ...served("auth"), SIGNET_SERVICE_TOKEN: "" },
    token: { ...tls("token"), ...served("token"), SIGNET_SERVICE_TOKEN: "" },
    gateway: { ...tls("gateway"), SIGNET_SERVICE_TOKEN: "" },
  };
  const environment = {
    SIGNET_REGISTRY_URL: `${scheme}://localhost:${ports["client-registry"]}`,
    SIGNET_AUTH_URL: `${scheme}://localhost:${ports.auth}`,
    SIGNET_TOKEN_URL: `${scheme}://localhost:${ports.token}`,
  };
  return { authority, ports, own, environment, registryUrl: environment.SIGNET_REGISTRY_URL };
}

/** How a call of the registry ends for whoever shows this. */
async function outcomeOf(url: string, tls: ClientTls, name = "default"): Promise<unknown> {
  const channel = createChannel(url, { tls });
  const client = channel.client<registry.ClientRegistryServiceClient<{ timeoutMilliseconds: number }>>(
    registry.ClientRegistryServiceDefinition,
  );
  try {
    return (await client.getTenant({ name }, { timeoutMilliseconds: 5000 })).tenant?.name;
  } catch (error) {
    return error instanceof Error && "kind" in error ? error.kind : error;
  } finally {
    channel.close();
  }
}

test.each(["muxs", "grpcs"] as const)(
  "%s: programs that know each other by their certificates alone make a Signet, and let nobody else in",
  async (scheme) => {
    const { authority, ports, registryUrl, ...options } = await withCertificates(scheme);
    const deployed = await deploy(options);
    deployed.startAll();
    await deployed.ready();
    expect((await obtainTokens(await newApplication(await homeOf(deployed)))).id_token).not.toBe("");
    for (const name of services) expect([name, await deployed.startWithArgument(name, "health").ended()]).toEqual([name, 0]);

    const authorities = authority.certificate;
    const billing = authority.issue("billing");
    expect(await outcomeOf(registryUrl, { authorities, ...billing })).toBe("default");
    expect(await outcomeOf(registryUrl, { authorities })).toBe("unavailable");
    expect(await outcomeOf(registryUrl, { authorities, ...newAuthority().issue("billing") })).toBe("unavailable");
    expect(await outcomeOf(registryUrl, { authorities, ...authority.issue("nobody") })).toBe("unauthenticated");
    expect(await outcomeOf(registryUrl, billing)).toBe("unavailable");
    expect(await outcomeOf(registryUrl.replace(`${scheme}:`, `${scheme.slice(0, -1)}:`), {})).toBe("unavailable");
    for (const name of rpcServices) {
      const at = `grpcs://localhost:${ports[name]}`;
      expect(await checkHealth(at, { timeoutMilliseconds: 5000, tls: { authorities } })).toBe(false);
      expect(await checkHealth(at, { timeoutMilliseconds: 5000, tls: { authorities, ...authority.issue("anybody") } })).toBe(
        true,
      );
    }
  },
  60_000,
);

test("a certificate without its key, or with another's, stops the start", async () => {
  const authority = newAuthority();
  const deployed = await deploy();
  const [one, other] = [authority.issue("auth"), authority.issue("auth")];
  const start = (changes: Readonly<Record<string, string>>) => failureOf(deployed.start("auth", changes), "auth");
  expect(await start({ SIGNET_TLS_CERTIFICATE: one.certificate })).toEqual([
    expect.stringMatching(/are given together or not at all$/),
  ]);
  expect(await start({ SIGNET_TLS_CERTIFICATE: one.certificate, SIGNET_TLS_KEY: other.key })).toEqual([
    expect.stringMatching(/^SIGNET_TLS_CERTIFICATE with SIGNET_TLS_KEY cannot be used: .*mismatch/),
  ]);
});

test("a gateway with a certificate for browsers says over TLS whether it is ready", async () => {
  const authority = newAuthority();
  setDefaultCACertificates([...getCACertificates(), authority.certificate]);
  const { certificate, key } = authority.issue("gateway");
  const deployed = await deploy({ environment: { SIGNET_HTTPS_CERTIFICATE: certificate, SIGNET_HTTPS_KEY: key } });
  deployed.start("gateway");
  await expect.poll(async () => (await fetch(`${deployed.listenerUrl}/healthz`)).status, { timeout: 10_000 }).toBe(200);
  expect(await deployed.startWithArgument("gateway", "health").ended()).toBe(1);
  for (const name of rpcServices) deployed.start(name);
  await deployed.ready();
  expect(await deployed.startWithArgument("gateway", "health").ended()).toBe(0);
});
