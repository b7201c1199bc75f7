import type { registry } from "@signet/contracts";
import { instant, type RateLimit, type RateLimitUse, takeFrom } from "@signet/protocol";
import type { Logger } from "@signet/telemetry";

export interface RefusalRecorder {
  /** Has the refusal kept, soon, where there is room: nobody waits for it, and a flood is not kept. */
  record(refusal: Omit<registry.Refusal, "at" | "unkept">): void;
  /** Resolves once what was recorded before is kept, or lost. */
  settled(): Promise<void>;
  /** Takes nothing more, since the registry is about to be closed; resolves once what was recorded before is kept, or lost: at the first call that fails. */
  close(): Promise<void>;
}

export interface RecorderOptions {
  readonly registry: Pick<registry.ClientRegistryServiceClient, "recordRefusals">;
  readonly logger: Pick<Logger, "warn">;
  /** In milliseconds; `performance.now` unless given. */
  readonly time?: () => number;
}

/** How many of one kind are kept: so that a flood of one does not push out all others. */
const ofOneKind: RateLimit = { count: 60, windowMilliseconds: 60_000 };
const ofOneTenant: RateLimit = { count: 300, windowMilliseconds: 60_000 };
const ofAll: RateLimit = { count: 1_000, windowMilliseconds: 60_000 };
const maximumWaiting = 512;
const maximumAtOnce = 64;
/** How many kinds and tenants are counted; the first one that was counted goes first. */
const maximumCounted = 2_000;
const warnEveryMilliseconds = 60_000;

/** Sends refusals to the registry, those of a moment together. What it holds is bounded, whatever comes. */
export function createRefusalRecorder({ registry, logger, time = () => performance.now() }: RecorderOptions): RefusalRecorder {
  const waiting: registry.Refusal[] = [];
  // Apart from one another: however many kinds come, they push out no count of a tenant.
  const usesOfKinds = new Map<string, RateLimitUse>();
  const usesOfTenants = new Map<string, RateLimitUse>();
  const usesOfAll = new Map<string, RateLimitUse>();
  const unkept = new Map<string, number>();
  let sending: Promise<void> | undefined;
  let isClosing = false;
  let lost = 0;
  let warnedAt = Number.NEGATIVE_INFINITY;

  function hasRoom(uses: Map<string, RateLimitUse>, key: string, limit: RateLimit): boolean {
    const { taken, use } = takeFrom(uses.get(key), limit, instant(time()));
    if (use !== undefined) remember(uses, key, use);
    return taken.kind === "taken";
  }

  function lose(count: number): void {
    lost += count;
    if (time() - warnedAt < warnEveryMilliseconds) return;
    logger.warn({ count: lost }, "refusals were not kept: too many, or the registry is away");
    [lost, warnedAt] = [0, time()];
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const refusals = waiting.splice(0, maximumAtOnce);
      await registry.recordRefusals({ refusals }).catch(() => {
        const others = isClosing ? waiting.splice(0) : [];
        lose(refusals.length + others.length);
      });
    }
    sending = undefined;
  }

  return {
    record(refusal) {
      const tenant = refusal.tenant;
      const kind = JSON.stringify([tenant, refusal.endpoint, refusal.error, refusal.explanation?.rule]);
      const isKept =
        !isClosing &&
        waiting.length < maximumWaiting &&
        hasRoom(usesOfKinds, kind, ofOneKind) &&
        hasRoom(usesOfTenants, tenant, ofOneTenant) &&
        hasRoom(usesOfAll, "", ofAll);
      if (!isKept) {
        remember(unkept, kind, (unkept.get(kind) ?? 0) + 1);
        return lose(1);
      }
      waiting.push({ ...refusal, unkept: unkept.get(kind) ?? 0, at: 0 });
      unkept.delete(kind);
      // After the turn's other work: the reply first.
      sending ??= new Promise((resolve) => setImmediate(() => resolve(sendAll())));
    },
    async settled() {
      await sending;
    },
    async close() {
      isClosing = true;
      await sending;
    },
  };
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [first] = map.keys();
  if (map.size > maximumCounted && first !== undefined) map.delete(first);
}
