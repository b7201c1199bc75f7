import { later } from "@signet/protocol";
import { expect, test } from "vitest";
import type { InteractionStore } from "../interaction-store.ts";
import { aHash, anInteraction, anInteractionId, aTenantId, concurrently, minute, now } from "./fixtures/index.ts";

const request = {
  client_id: "0123456789abcdef01234567",
  state: 'a "quoted" \\ state \u0000 with € and 🗝',
  prompt: ["login", "consent"],
  nested: { max_age: 0, hint: null, flag: false },
};

/** What every `InteractionStore` promises. `open` gives an empty one. */
export function interactionStoreContract(open: () => Promise<InteractionStore>): void {
  test("an interaction is found, with all that it was saved with", async () => {
    const interactions = await open();
    for (const interaction of [anInteraction(), anInteraction({ request, sessionHash: aHash(), choice: "same" })]) {
      await interactions.save(interaction);
      expect(await interactions.find(interaction.tenantId, interaction.id, now)).toStrictEqual(interaction);
    }
  });

  test("an id that no interaction has finds nothing", async () => {
    const interactions = await open();
    const interaction = anInteraction();
    await interactions.save(interaction);
    expect(await interactions.find(interaction.tenantId, anInteractionId(), now)).toBeUndefined();
    expect(await interactions.finish(interaction.tenantId, anInteractionId(), now)).toBeUndefined();
    expect(await interactions.signedIn(interaction.tenantId, anInteractionId(), aHash(), now)).toBe("unknown");
    expect(await interactions.chose(interaction.tenantId, anInteractionId(), "same", now)).toBe("unknown");
  });

  test("an interaction ends when it expires, to the millisecond", async () => {
    const interactions = await open();
    const interaction = anInteraction({ expiresAt: later(now, minute) });
    await interactions.save(interaction);
    const { tenantId, id } = interaction;
    expect(await interactions.find(tenantId, id, later(now, minute - 1))).toStrictEqual(interaction);
    expect(await interactions.find(tenantId, id, later(now, minute))).toBeUndefined();
    expect(await interactions.signedIn(tenantId, id, aHash(), later(now, minute))).toBe("unknown");
    expect(await interactions.chose(tenantId, id, "another", later(now, minute))).toBe("unknown");
    expect(await interactions.finish(tenantId, id, later(now, minute))).toBeUndefined();
  });

  test("another tenant neither finds, changes nor finishes an interaction", async () => {
    const interactions = await open();
    const interaction = anInteraction({ request });
    const other = aTenantId();
    await interactions.save(interaction);
    expect(await interactions.find(other, interaction.id, now)).toBeUndefined();
    expect(await interactions.signedIn(other, interaction.id, aHash(), now)).toBe("unknown");
    expect(await interactions.chose(other, interaction.id, "same", now)).toBe("unknown");
    expect(await interactions.finish(other, interaction.id, now)).toBeUndefined();
    expect(await interactions.find(interaction.tenantId, interaction.id, now)).toStrictEqual(interaction);
  });

  test("the session of a sign-in is noted, and a later one takes its place", async () => {
    const interactions = await open();
    const interaction = anInteraction({ request });
    await interactions.save(interaction);
    for (const sessionHash of [aHash(), aHash()]) {
      expect(await interactions.signedIn(interaction.tenantId, interaction.id, sessionHash, now)).toBe("noted");
      expect(await interactions.find(interaction.tenantId, interaction.id, now)).toStrictEqual({ ...interaction, sessionHash });
    }
  });

  test("the account that was chosen is noted beside the session, and a later choice takes its place", async () => {
    const interactions = await open();
    const interaction = anInteraction({ request });
    const sessionHash = aHash();
    await interactions.save(interaction);
    await interactions.signedIn(interaction.tenantId, interaction.id, sessionHash, now);
    for (const choice of ["another", "same"] as const) {
      expect(await interactions.chose(interaction.tenantId, interaction.id, choice, now)).toBe("noted");
      const chosen = { ...interaction, sessionHash, choice };
      expect(await interactions.find(interaction.tenantId, interaction.id, now)).toStrictEqual(chosen);
    }
  });

  test("of 100 concurrent calls exactly one finishes the interaction and gets it", async () => {
    const interactions = await open();
    const interaction = anInteraction({ request });
    await interactions.save(interaction);
    const sessionHash = aHash();
    await interactions.signedIn(interaction.tenantId, interaction.id, sessionHash, now);
    const results = await concurrently(100, () => interactions.finish(interaction.tenantId, interaction.id, now));
    expect(results.filter((result) => result !== undefined)).toStrictEqual([{ ...interaction, sessionHash }]);
  });

  test("a finished interaction is not found, and cannot be changed", async () => {
    const interactions = await open();
    const interaction = anInteraction();
    await interactions.save(interaction);
    await interactions.finish(interaction.tenantId, interaction.id, now);
    expect(await interactions.find(interaction.tenantId, interaction.id, now)).toBeUndefined();
    expect(await interactions.signedIn(interaction.tenantId, interaction.id, aHash(), now)).toBe("unknown");
    expect(await interactions.chose(interaction.tenantId, interaction.id, "same", now)).toBe("unknown");
    expect(await interactions.find(interaction.tenantId, interaction.id, now)).toBeUndefined();
  });

  test("the deletion of a tenant ends its interactions and no others", async () => {
    const interactions = await open();
    const interaction = anInteraction();
    const other = anInteraction();
    await interactions.save(interaction);
    await interactions.save(other);
    await interactions.deleteTenant(interaction.tenantId);
    expect(await interactions.find(interaction.tenantId, interaction.id, now)).toBeUndefined();
    expect(await interactions.find(other.tenantId, other.id, now)).toStrictEqual(other);
  });
}
