/** One attribute of a name: its type under its usual name in capitals, its value without escapes. */
type Attribute = readonly [type: string, value: string];

/** The attributes of one step of a name, sorted: most often one. */
type RelativeName = readonly Attribute[];

/** A distinguished name (X.501), from its root to what it names. */
export type DistinguishedName = readonly RelativeName[];

/** Types that are known by a number, or by several names (RFC 4519 section 2, RFC 5280 appendix A.1, ETSI TS 119 495). */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.4", "SN"],
  ["SURNAME", "SN"],
  ["2.5.4.5", "SERIALNUMBER"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["S", "ST"],
  ["2.5.4.9", "STREET"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.12", "TITLE"],
  ["2.5.4.15", "BUSINESSCATEGORY"],
  ["2.5.4.17", "POSTALCODE"],
  ["2.5.4.42", "GN"],
  ["GIVENNAME", "GN"],
  ["2.5.4.97", "ORGANIZATIONIDENTIFIER"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["USERID", "UID"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["1.2.840.113549.1.9.1", "EMAILADDRESS"],
  ["E", "EMAILADDRESS"],
  ["EMAIL", "EMAILADDRESS"],
]);

const type = /^(?:[A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)+)$/;
const maximumSteps = 30;

/** The name that a string represents, RFC 4514 section 3, spaces around its signs allowed; undefined where it represents none. */
export function parseDistinguishedName(text: string): DistinguishedName | undefined {
  const steps = splitUnescaped(text, ",").map(relativeName);
  return steps.length <= maximumSteps && steps.every((step) => step !== undefined) ? steps.reverse() : undefined;
}

/** The name that node:crypto tells of a certificate: a line for each step, from the root on, in the escapes of RFC 4514. Undefined for one without a name. */
export function nameInLines(lines: string | undefined): DistinguishedName | undefined {
  const steps = (lines ?? "").split("\n").map(relativeName);
  return steps.every((step) => step !== undefined) ? steps : undefined;
}

/** Whether two names are the same, step by step. Values are compared as they are, with upper and lower case. */
export function isSameName(one: DistinguishedName, other: DistinguishedName): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function relativeName(text: string): RelativeName | undefined {
  const attributes = splitUnescaped(text, "+").map(attribute);
  return attributes.every((one) => one !== undefined) ? attributes.sort(byText) : undefined;
}

function byText([type, value]: Attribute, [otherType, otherValue]: Attribute): number {
  const [one, other] = [`${type}=${value}`, `${otherType}=${otherValue}`];
  return one < other ? -1 : one > other ? 1 : 0;
}

function attribute(text: string): Attribute | undefined {
  const sign = text.indexOf("=");
  const name = text.slice(0, Math.max(0, sign)).trim();
  if (!type.test(name)) return undefined;
  const upper = name.toUpperCase();
  const value = attributeValue(text.slice(sign + 1));
  return value === undefined ? undefined : [otherNames.get(upper) ?? upper, value];
}

/** RFC 4514 section 2.4: characters, escaped characters, bytes of UTF-8 in hexadecimal, or a whole value in BER. */
function attributeValue(text: string): string | undefined {
  const trimmed = text.trimStart().replace(/(?<!\\) +$/, "");
  if (trimmed.startsWith("#")) return berText(trimmed.slice(1));
  const bytes: Buffer[] = [];
  const parts = /\\([0-9A-Fa-f]{2})|\\([ "#+,;<=>\\])|([^"+,;<>\\\0])/gy;
  while (parts.lastIndex < trimmed.length) {
    const match = parts.exec(trimmed);
    if (match === null) return undefined;
    const [, hex, escaped, plain] = match;
    bytes.push(hex === undefined ? Buffer.from(escaped ?? plain ?? "") : Buffer.from(hex, "hex"));
  }
  return utf8(Buffer.concat(bytes));
}

/** A string of at most 127 bytes in BER: UTF8String, PrintableString or IA5String (X.690 section 8.1). */
function berText(hex: string): string | undefined {
  if (!/^(?:[0-9A-Fa-f]{2})+$/.test(hex)) return undefined;
  const [tag = 0, length = 0, ...content] = Buffer.from(hex, "hex");
  return [0x0c, 0x13, 0x16].includes(tag) && length < 0x80 && length === content.length ? utf8(Buffer.from(content)) : undefined;
}

function utf8(bytes: Buffer): string | undefined {
  const text = bytes.toString("utf8");
  return Buffer.from(text).equals(bytes) ? text : undefined;
}

function splitUnescaped(text: string, sign: "," | "+"): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === sign) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
