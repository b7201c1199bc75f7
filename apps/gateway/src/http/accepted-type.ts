/** One media range of an Accept header with its weight (RFC 9110 section 12.5.1), its other parameters left out. */
const weighted = /^\s*([^\s;,]+)(?:[^,]*?;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?/i;
const maximumRanges = 20;

/**
 * Whether an Accept header names `type`, and does not prefer `other` to it. A wildcard is not enough: who does not know `type` would send one as well.
 * What of the header cannot be read counts as not there.
 */
export function prefers(accept: string | undefined, type: string, other: string): boolean {
  if (accept === undefined || !accept.includes(type)) return false;
  const weights = new Map<string, number>();
  for (const range of accept.split(",", maximumRanges)) {
    const [, name = "", weight = "1"] = weighted.exec(range) ?? [];
    weights.set(name.toLowerCase(), Number(weight));
  }
  const weight = weights.get(type) ?? 0;
  return weight > 0 && weight >= (weights.get(other) ?? 0);
}
