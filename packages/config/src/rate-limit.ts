/** So many at once, and in each further window. */
export interface ConfiguredRateLimit {
  readonly count: number;
  readonly windowMilliseconds: number;
}

const shape = /^(\d{1,9})\/(\d{1,5})$/;
const longestWindowSeconds = 86_400;

/** `count/seconds`, or `off`: what the text means, undefined for `off`; false for any other text. */
export function rateLimitIn(text: string): ConfiguredRateLimit | undefined | false {
  if (text === "off") return undefined;
  const [, digits, seconds] = shape.exec(text) ?? [];
  const count = Number(digits ?? 0);
  const windowMilliseconds = Number(seconds ?? 0) * 1000;
  return (
    count > 0 && windowMilliseconds > 0 && windowMilliseconds <= longestWindowSeconds * 1000 && { count, windowMilliseconds }
  );
}
