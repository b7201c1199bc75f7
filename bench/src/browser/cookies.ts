/** The cookies of one browser at one host. Their paths are left aside: no two of a sign-in share a name. */
export class Cookies {
  readonly #values = new Map<string, string>();

  /** @param header one Set-Cookie header */
  take(header: string): void {
    const [pair = "", ...attributes] = header.split(/; */);
    const equals = pair.indexOf("=");
    const name = pair.slice(0, equals);
    if (attributes.some(isPast)) this.#values.delete(name);
    else this.#values.set(name, pair.slice(equals + 1));
  }

  /** The Cookie header. */
  toString(): string {
    return Array.from(this.#values, ([name, value]) => `${name}=${value}`).join("; ");
  }
}

function isPast(attribute: string): boolean {
  const [name = "", value = ""] = attribute.split("=", 2);
  if (name.toLowerCase() === "max-age") return Number(value) <= 0;
  return name.toLowerCase() === "expires" && Date.parse(value) <= Date.now();
}
