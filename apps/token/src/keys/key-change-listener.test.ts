import { randomBytes } from "node:crypto";
import { newTenantId } from "@signet/protocol";
import { expect, test } from "vitest";
import { keyChangeListener } from "./key-change-listener.ts";

test.each(["scheduled", "requested", "emergency"] as const)("a change that is %s is a line of the log, and counts", (reason) => {
  const lines: unknown[] = [];
  const counted: string[] = [];
  const listen = keyChangeListener({
    logger: { info: (...line) => lines.push(line) },
    onKeyChange: (one) => counted.push(one),
  });
  const change = { tenantId: newTenantId(randomBytes), algorithm: "ES256", reason, kid: "a-kid" } as const;
  listen(change);
  expect(lines).toEqual([[change, expect.stringContaining("signing key")]]);
  expect(counted).toEqual([reason]);
});
