import { hashSecret, ResourceError } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import { errorOf, kind, openRegistry } from "../testing/open-registry.ts";

describe("AuthenticateToken", () => {
  test("a tenant's registration token opens that tenant's registration API", async () => {
    const { client } = openRegistry();
    const { tenant, registrationToken } = await client.createTenant({ name: "acme" });
    expect(await client.authenticateToken({ tenant: "acme", token: registrationToken })).toEqual({ tenant });
  });

  test("T1: whatever token opens nothing, the answer is the very same, as if there were no such tenant", async () => {
    const { client, stores } = openRegistry();
    const administrationToken = "an-administration-token-of-40-characters";
    await stores.administration.replaceTokenHash(hashSecret(administrationToken));
    const acme = await client.createTenant({ name: "acme" });
    const umbrella = await client.createTenant({ name: "umbrella" });
    const answers = await Promise.all(
      [
        { tenant: "umbrella", token: acme.registrationToken },
        { tenant: "acme", token: umbrella.registrationToken },
        { tenant: "nowhere", token: acme.registrationToken },
        { tenant: "", token: acme.registrationToken },
        { tenant: "..", token: administrationToken },
        { tenant: "", token: administrationToken },
        { tenant: "acme", token: administrationToken },
        { tenant: "acme", token: "" },
        { tenant: "nowhere", token: "" },
        { tenant: "acme", token: acme.registrationToken.slice(0, -1) },
        { tenant: "acme", token: `${acme.registrationToken} ` },
        { token: acme.registrationToken },
        { token: "" },
      ].map((request) => errorOf(client.authenticateToken(request))),
    );
    const [first] = answers;
    expect(first).toEqual(new ResourceError("unauthenticated", "the token does not open this API"));
    for (const answer of answers) expect(answer).toEqual(first);
  });

  test("the administration token opens the administration API, and is no tenant's", async () => {
    const { client, stores } = openRegistry();
    await stores.administration.replaceTokenHash(hashSecret("an-administration-token-of-40-characters"));
    expect(await client.authenticateToken({ token: "an-administration-token-of-40-characters" })).toEqual({ tenant: undefined });
  });

  test("nothing opens the administration API before there is a token", async () => {
    await expect(openRegistry().client.authenticateToken({ token: "" })).rejects.toEqual(kind("unauthenticated"));
  });

  test("G3: a new token stops the old one at once, also where several are made at a time, and a deleted tenant's opens nothing", async () => {
    const { client } = openRegistry();
    const { registrationToken } = await client.createTenant({ name: "acme" });
    const rotated = await Promise.all([1, 2, 3, 4].map(() => client.rotateRegistrationToken({ name: "acme" })));
    const current = (await client.getRegistrationToken({ name: "acme" })).registrationToken;
    const made = rotated.map((reply) => reply.registrationToken);
    expect(made).toContain(current);
    for (const token of [registrationToken, ...made.filter((token) => token !== current)]) {
      await expect(client.authenticateToken({ tenant: "acme", token })).rejects.toEqual(kind("unauthenticated"));
    }
    expect((await client.authenticateToken({ tenant: "acme", token: current })).tenant?.name).toBe("acme");

    await client.deleteTenant({ name: "acme" });
    await client.createTenant({ name: "acme" });
    await expect(client.authenticateToken({ tenant: "acme", token: current })).rejects.toEqual(kind("unauthenticated"));
  });
});
