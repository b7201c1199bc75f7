/**
 * Whom an address counts as. An IPv6 network of 64 bits is one: whoever has one has all of its addresses (RFC 6177). An IPv4 address is one, also where it
 * is written as IPv6 (RFC 4291 section 2.5.5.2). What is no address is one of its own.
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const groups = groupsOf(address.split("%", 1)[0] ?? "");
  if (groups === undefined) return address;
  const [first, second, third, fourth, fifth, sixth, seventh = 0, eighth = 0] = groups;
  const isMapped = first === 0 && second === 0 && third === 0 && fourth === 0 && fifth === 0 && sixth === 0xffff;
  if (isMapped) return [seventh >> 8, seventh & 0xff, eighth >> 8, eighth & 0xff].join(".");
  return `${[first, second, third, fourth].map((group) => group?.toString(16)).join(":")}::/64`;
}

const hexGroup = /^[0-9A-Fa-f]{1,4}$/;
const dottedTail = /:(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** The eight groups of an IPv6 address (RFC 4291 section 2.2); undefined where it is none. */
function groupsOf(address: string): readonly number[] | undefined {
  const [head = "", tail, ...more] = withoutDots(address).split("::");
  if (more.length > 0) return undefined;
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array<string>(missing).fill("0"), ...after];
  return groups.every((group) => hexGroup.test(group)) ? groups.map((group) => Number.parseInt(group, 16)) : undefined;
}

/** The last 32 bits as two groups where they are written as an IPv4 address. */
function withoutDots(address: string): string {
  return address.replace(dottedTail, (_all, ...bytes: string[]) => {
    const [first = 0, second = 0, third = 0, fourth = 0] = bytes.slice(0, 4).map(Number);
    if (Math.max(first, second, third, fourth) > 0xff) return ":invalid";
    return `:${(first * 256 + second).toString(16)}:${(third * 256 + fourth).toString(16)}`;
  });
}
