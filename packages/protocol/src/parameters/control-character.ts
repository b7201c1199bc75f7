/** Whether `value` has a control character of ASCII in it, such as a tab, a line break or a NUL: no form or query may carry one. */
export function hasControlCharacter(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
