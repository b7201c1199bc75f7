import { isDisplayText } from "../display/display-text.ts";
import { isPageAddress, pageAddressRule } from "../display/page-address.ts";
import { OAuthError } from "../errors.ts";

/** What is wrong with a client's metadata (RFC 7591 section 3.2.2). */
export function refusedMetadata(description: string): OAuthError {
  return new OAuthError("invalid_client_metadata", description);
}

/** An empty text counts as left out. */
export function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

/** @throws OAuthError invalid_client_metadata */
export function oneOf<Value extends string>(
  member: string,
  value: string | undefined,
  known: readonly Value[],
  otherwise: Value,
): Value {
  return optionalOneOf(member, value, known) ?? otherwise;
}

/** @throws OAuthError invalid_client_metadata */
export function optionalOneOf<Value extends string>(
  member: string,
  value: string | undefined,
  known: readonly Value[],
): Value | undefined {
  if (!isGiven(value)) return undefined;
  const found = known.find((one) => one === value);
  if (found === undefined) throw refusedMetadata(`${member} must be one of: ${known.join(", ")}`);
  return found;
}

/**
 * The known values among those given, in the order of the known ones.
 * @throws OAuthError invalid_client_metadata where another is among them
 */
export function severalOf<Value extends string>(
  member: string,
  values: readonly string[] | undefined,
  known: readonly Value[],
  otherwise: readonly Value[],
): readonly Value[] {
  if (values === undefined || values.length === 0) return otherwise;
  if (!values.every((value) => known.some((one) => one === value))) {
    throw refusedMetadata(`${member} may have only these values: ${known.join(", ")}`);
  }
  return known.filter((one) => values.includes(one));
}

/** An address for a page, as a link or an image. @throws OAuthError invalid_client_metadata */
export function optionalAddress(member: string, value: string | undefined): string | undefined {
  if (!isGiven(value)) return undefined;
  if (!isPageAddress(value)) throw refusedMetadata(`${member} ${pageAddressRule}`);
  return value;
}

/** An address that is called or redirected to, which has no fragment. @throws OAuthError invalid_client_metadata */
export function optionalEndpoint(member: string, value: string | undefined): string | undefined {
  const address = optionalAddress(member, value);
  if (address?.includes("#") === true) throw refusedMetadata(`${member} must not have a fragment`);
  return address;
}

const maximumLineLength = 254;

/** A line of text. @throws OAuthError invalid_client_metadata */
export function optionalLine(member: string, value: string | undefined): string | undefined {
  if (!isGiven(value)) return undefined;
  if (!isDisplayText(value, maximumLineLength)) {
    throw refusedMetadata(`${member} must be one line of at most ${maximumLineLength} characters`);
  }
  return value;
}

type Given<Members> = { readonly [Name in keyof Members]?: Exclude<Members[Name], undefined> };

/** Without the members that are undefined. */
export function given<Members extends object>(members: Members): Given<Members>;
export function given(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
