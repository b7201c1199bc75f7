import { createHash } from "node:crypto";
import type { StoredRefusal } from "../refusal-store.ts";

/** What refusals are told apart by where there are too many. */
export interface RefusalGroup {
  readonly kind: string;
  /** Empty for none. */
  readonly clientId: string;
}

/** A kind is what was refused, where, and why: 16 hex digits. How many kinds there are is Signet's to say, and nobody's who sends requests. */
export function groupOf({ endpoint, error, rule, clientId = "" }: StoredRefusal): RefusalGroup {
  const kind = createHash("sha256").update(JSON.stringify([endpoint, error, rule]));
  return { kind: kind.digest("hex").slice(0, 16), clientId };
}

/**
 * Which of the groups, the oldest first, go so that `kept` stay: one after the other, the oldest of the client that has most of the kind that there is most of.
 * So a flood takes the place of its own, whichever client it names and however many.
 */
export function crowdedOut<Group extends RefusalGroup>(groups: readonly Group[], kept: number): readonly Group[] {
  const staying = [...groups];
  const gone: Group[] = [];
  while (staying.length > kept) {
    const ofFullestKinds = fullest(staying, ({ kind }) => kind);
    const [oldest] = fullest(ofFullestKinds, ({ kind, clientId }) => `${kind} ${clientId}`);
    if (oldest === undefined) return gone;
    gone.push(oldest);
    staying.splice(staying.indexOf(oldest), 1);
  }
  return gone;
}

/** Those of which there are most, by `keyOf`, in their order. */
function fullest<Group>(groups: readonly Group[], keyOf: (group: Group) => string): readonly Group[] {
  const counts = new Map<string, number>();
  for (const group of groups) counts.set(keyOf(group), (counts.get(keyOf(group)) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return groups.filter((group) => counts.get(keyOf(group)) === most);
}
