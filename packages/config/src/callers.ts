/** Who may call a service, as the setting `SIGNET_CALLERS` says. */
export interface ConfiguredCaller {
  readonly name: string;
  /** What follows the name after a colon. */
  readonly right: "read" | "write" | undefined;
  /** Any of them shows that it is this one. */
  readonly tokens: readonly string[];
  /** Or its client certificate's common name. */
  readonly certificateName?: string;
}

const entry =
  /^(?<name>[a-z][a-z0-9-]{0,63})(?::(?<right>read|write))?=(?:certificate:(?<certificate>[\x21-\x7e]{1,64})|(?<token>[\x21-\x7e]{32,256}))$/;

/** The callers, or what is wrong with the text: one line, which repeats no secret. */
export function parseCallers(text: string): readonly ConfiguredCaller[] | { readonly problem: string } {
  const callers = new Map<string, ConfiguredCaller>();
  const entries = text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .flatMap((line) => line.split(/\s+/))
    .filter((part) => part !== "");
  for (const [index, part] of entries.entries()) {
    const { name, right, certificate, token } = entry.exec(part)?.groups ?? {};
    if (name === undefined)
      return { problem: `has no caller in entry ${index + 1}: name=token, with a token of 32 to 256 characters` };
    const before = callers.get(name);
    const after: ConfiguredCaller = {
      name,
      right: right === "read" || right === "write" ? right : undefined,
      tokens: [...(before?.tokens ?? []), ...(token === undefined ? [] : [token])],
      ...(certificate === undefined ? {} : { certificateName: certificate }),
    };
    if (name === "read" || name === "write") return { problem: `calls somebody ${name}, which is a right and no name` };
    if (before !== undefined && before.right !== after.right) return { problem: `gives ${name} two different rights` };
    callers.set(
      name,
      certificate === undefined && before?.certificateName !== undefined
        ? { ...after, certificateName: before.certificateName }
        : after,
    );
  }
  return callers.size === 0 ? { problem: "names no caller" } : [...callers.values()];
}
