/** The member, unless it says nothing: an empty text or list, or a flag that is false. */
export function given(member: string, value: string | boolean | readonly unknown[]): object {
  const isGiven = typeof value === "boolean" ? value : value.length > 0;
  return isGiven ? { [member]: value } : {};
}

/** The member, unless it has its usual value. */
export function ifNot(usual: string, member: string, value: string): object {
  return value === usual ? {} : { [member]: value };
}
