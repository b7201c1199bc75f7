import { randomBytes } from "node:crypto";
import { instant, newClientId, newSessionPublicId, newTenantId, newUserId, type TenantName } from "@signet/protocol";
import { expect, test } from "vitest";
import { untoldListeners } from "./untold-listeners.ts";

function listening() {
  const lines: unknown[] = [];
  const counted: unknown[] = [];
  const listeners = untoldListeners({
    logger: { warn: (...line) => lines.push(line) },
    onUntold: (...count) => counted.push(count),
  });
  return { ...listeners, lines, counted };
}

const tenant = { id: newTenantId(randomBytes), name: "northwind" as TenantName };

test("an application that is given up is a line of the log, and counts", () => {
  const { onGivenUp, lines, counted } = listening();
  const error = new Error("the application answered with 500");
  const clientId = newClientId(randomBytes);
  const [userId, sessionPublicId] = [newUserId(randomBytes), newSessionPublicId(randomBytes)];
  const task = { tenantId: tenant.id, tenantName: tenant.name, userId, sessionPublicId, clientId, createdAt: instant(0) };
  onGivenUp({ ...task, attempts: 9 }, error);
  const shown = { tenant: "northwind", client: clientId, attempts: 9, err: error };
  expect(lines).toEqual([[shown, "an application could not be told of a sign-out"]]);
  expect(counted).toEqual([["given_up", 1]]);
});

test("sign-outs that were crowded out are one line of the log, and each counts", () => {
  const { onCrowdedOut, lines, counted } = listening();
  onCrowdedOut(tenant, 12);
  expect(lines).toEqual([[{ tenant: "northwind", count: 12 }, expect.stringContaining("were not told")]]);
  expect(counted).toEqual([["crowded_out", 12]]);
});
