/**
 * Control characters, line separators, and what changes the direction of the text around it: in a client's name they could make
 * a page say something else than it does (Unicode Technical Report 36 section 3.1).
 */
const misleading = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Whether `value` is one line of text that a page may show as it is, of at most `maximumLength` UTF-16 code units. */
export function isDisplayText(value: string, maximumLength: number): boolean {
  return value.length <= maximumLength && value.isWellFormed() && !misleading.test(value);
}
