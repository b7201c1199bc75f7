import { z } from "zod";

/** A JWT from outside, signed by whoever sent it (RFC 7515 section 7.1, RFC 7519 section 3), in its parts: nothing of it has been verified. */
export interface CompactJwt {
  readonly header: JwtHeader;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Header and payload with the period between them. */
  readonly signingInput: string;
  readonly signature: Buffer;
}

export interface JwtHeader {
  readonly alg: string;
  readonly kid?: string;
  readonly typ?: string;
}

/** Of what was sent, in characters. */
const longestShown = 500;

/** What was wanted in its place, what was sent, and what lies behind it. */
export interface JwtRefusal {
  readonly expected?: string;
  readonly sent?: string;
  readonly cause?: Error;
}

/** Why a JWT from outside is not accepted: for the log and for the administrator, not for whoever sent it. */
export class JwtRefused extends Error {
  override readonly name = "JwtRefused";
  readonly expected: string | undefined;
  readonly sent: string | undefined;

  constructor(message: string, { expected, sent, cause }: JwtRefusal = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.expected = expected;
    this.sent = sent?.slice(0, longestShown);
  }
}

const longestJwt = 16 * 1024;
const utf8 = new TextDecoder("utf-8", { fatal: true });
const segment = /^[A-Za-z0-9_-]+$/;

const headerShape = z.looseObject({
  alg: z.string().max(64),
  kid: z.string().max(256).exactOptional(),
  typ: z.string().max(64).exactOptional(),
});
const claimsShape = z.looseObject({});

/**
 * What a header may not have: keys of the sender's own choosing (RFC 8725 section 3.10), and what says that the content is to be understood in a way that is
 * not known here (RFC 7515 section 4.1.11). `b64` and `zip` are of the latter kind.
 */
const refusedHeaders = ["jwk", "jku", "x5u", "crit", "b64", "zip", "enc"] as const;

/**
 * The parts of a compact JWT of at most 16 KiB. Each has one way to be written: base64url without padding and with no unused bits set.
 * @throws JwtRefused
 */
export function parseCompactJwt(text: string): CompactJwt {
  if (text.length > longestJwt) throw new JwtRefused(`it is longer than ${longestJwt} characters`);
  const segments = text.split(".", 4);
  const [header = "", payload = "", signature = ""] = segments;
  if (segments.length !== 3) throw new JwtRefused("it is no compact JWS: it must have three segments");
  const parsedHeader = headerShape.safeParse(jsonIn(header));
  if (!parsedHeader.success) throw new JwtRefused("its header is no JOSE header with alg");
  const refused = refusedHeaders.find((name) => Object.hasOwn(parsedHeader.data, name));
  if (refused !== undefined) throw new JwtRefused(`its header has ${refused}, which is not heeded here`);
  const claims = claimsShape.safeParse(jsonIn(payload));
  if (!claims.success) throw new JwtRefused("its payload is no JSON object");
  const { alg, kid, typ } = parsedHeader.data;
  return {
    header: { alg, ...(kid === undefined ? {} : { kid }), ...(typ === undefined ? {} : { typ }) },
    claims: claims.data,
    signingInput: `${header}.${payload}`,
    signature: bytesIn(signature),
  };
}

function jsonIn(text: string): unknown {
  const bytes = bytesIn(text);
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    // Without its cause, which repeats a part of the text.
    throw new JwtRefused("a segment is not JSON in UTF-8");
  }
}

function bytesIn(text: string): Buffer {
  const bytes = segment.test(text) ? Buffer.from(text, "base64url") : undefined;
  if (bytes === undefined || bytes.toString("base64url") !== text) throw new JwtRefused("a segment is not base64url");
  return bytes;
}
