/** What stands in the place of what may be a secret. */
export const mask = "[masked]";

const longest = 300;

/** Letters, digits, `-` and `_` in such a row are a token, a code, a hash or a key; ids of clients are shorter. */
const longRun = /[A-Za-z0-9_-]{28,}/g;
/** What is that long and has all three kinds of characters is no word of any language, nor of a specification. */
const mixedRun = /(?=[A-Za-z+/=]*\d)(?=[a-z0-9+/=]*[A-Z])(?=[A-Z0-9+/=]*[a-z])[A-Za-z0-9+/=]{16,}/g;
/** A JWT, as far as it goes. */
const jwt = /\beyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)*/g;
const userinfoOfUri = /\/\/[^/?#\s]{0,256}@/g;
const valueInQuery = /([?&#][^=&#\s]{1,64}=)[^&#\s"]+/g;

/**
 * The text for somebody who looks for a fault, and for nobody who looks for secrets: cut off, without line breaks, and with a mask in the place of whatever looks
 * like a token, of what stands before the host of a URI, and of values in its query. What has the look of a word is shown: this is no way to show what is secret.
 */
export function masked(text: string): string {
  return cutOff(text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ")
    .replace(userinfoOfUri, `//${mask}@`)
    .replace(valueInQuery, `$1${mask}`)
    .replace(jwt, mask)
    .replace(longRun, mask)
    .replace(mixedRun, mask);
}

/** What the cut goes through is too short by then to look like a token, or lacks the sign behind what stands before a host. */
const cutThrough = /(?:[A-Za-z0-9_+=-]{8,}|(?<=\/\/)[^/?#\s]+)$/;

function cutOff(text: string): string {
  if (text.length <= longest) return text;
  // With room for the mask: what was cut off once is not cut off again.
  return `${text.slice(0, longest - mask.length - 1).replace(cutThrough, mask)}…`;
}
