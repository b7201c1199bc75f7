const special = /[&<>"']/g;
const references: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Markup that may stand in a page as it is. Only constants of this folder are passed to the constructor; whatever holds a value comes from the `html` tag. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

export type Interpolation = string | number | undefined | Html | readonly Html[];

/** `text` for use between tags and inside quoted attributes. */
function escapeText(text: string): string {
  return text.replace(special, (character) => references[character] ?? character);
}

function render(value: Interpolation): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escapeText(value);
  if (typeof value === "number" || value instanceof Html) return value.toString();
  return value.join("");
}

/** Markup with values in it. Every value is escaped, unless it is itself `Html`; `undefined` renders as nothing. Attributes that take values must be quoted. */
export function html(parts: TemplateStringsArray, ...values: readonly Interpolation[]): Html {
  let markup = parts[0] ?? "";
  for (let index = 0; index < values.length; index++) markup += render(values[index]) + (parts[index + 1] ?? "");
  return new Html(markup);
}
