import type { Brand } from "../brand.ts";
import { ResourceError } from "../errors.ts";
import { hasControlCharacter } from "../parameters/control-character.ts";

/** A password in NFKC: the same whichever keyboard it was typed on (RFC 8265 section 4). */
export type Password = Brand<string, "Password">;

const minimumLength = 8;
const maximumBytes = 1024;

/**
 * A password that is to be set: 8 characters at least and 1,024 bytes of UTF-8 at most (NIST SP 800-63B section 5.1.1.2: nothing else
 * is asked of it), without control characters, which no sign-in form may carry (RFC 8265 section 4.2.2 allows none either).
 * @throws ResourceError invalid
 */
export function parseNewPassword(value: string): Password {
  if (hasControlCharacter(value)) {
    throw new ResourceError("invalid", "a password must not have control characters, such as a tab or a line break");
  }
  const password = parseEnteredPassword(value);
  if (value !== "" && password === undefined) {
    throw new ResourceError("invalid", `a password may have at most ${maximumBytes} bytes`);
  }
  if (password === undefined || [...password].length < minimumLength) {
    throw new ResourceError("invalid", `a password must have at least ${minimumLength} characters`);
  }
  return password;
}

/** A password that somebody entered; undefined where it cannot be anybody's: nothing, or too long to be looked at. */
export function parseEnteredPassword(value: string): Password | undefined {
  if (value === "" || Buffer.byteLength(value, "utf8") > maximumBytes) return undefined;
  const password = value.normalize("NFKC");
  return Buffer.byteLength(password, "utf8") > maximumBytes ? undefined : (password as Password);
}
