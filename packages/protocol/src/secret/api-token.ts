import type { Brand } from "../brand.ts";
import { ResourceError } from "../errors.ts";

/** A token that opens the registration or the administration API, sent as a Bearer token. */
export type ApiToken = Brand<string, "ApiToken">;

/** b64token of RFC 6750 section 2.1. */
const shape = /^[A-Za-z0-9\-._~+/]+=*$/;
const minimumLength = 32;
const maximumLength = 512;

/** What a value that `parseApiToken` refuses has to be changed to. */
export const apiTokenRule = `must be ${minimumLength} to ${maximumLength} characters out of A-Z, a-z, 0-9, -, ., _, ~, + and /, and = at the end`;

/** A token of an administrator's own making. Undefined where it is too short to withstand guessing, or could not be sent as a Bearer token. */
export function parseApiToken(value: string): ApiToken | undefined {
  return value.length >= minimumLength && value.length <= maximumLength && shape.test(value) ? (value as ApiToken) : undefined;
}

/** The one answer to every token that does not open what was asked for, so that it says nothing about what there is. */
export function apiTokenRefused(): ResourceError {
  return new ResourceError("unauthenticated", "the token does not open this API");
}
