/** The form of a page. */
export interface PageForm {
  readonly action: string;
  readonly fields: URLSearchParams;
}

/**
 * Fills in the one form of a page: its hidden fields as they are, and `answers` where it has a field or a button of that name.
 * @throws Error for a page without a form
 */
export function fillForm(page: string, answers: Readonly<Record<string, string>>): PageForm {
  const form = /<form\b[^>]*>/.exec(page)?.[0];
  if (form === undefined) throw new Error(`a page without a form: ${page.slice(0, 300)}`);
  const fields = new URLSearchParams();
  for (const [control] of page.matchAll(/<(?:input|button)\b[^>]*>/g)) {
    const name = attributeOf(control, "name");
    if (name === "") continue;
    if (attributeOf(control, "type") === "hidden") fields.set(name, attributeOf(control, "value"));
    else if (answers[name] !== undefined) fields.set(name, answers[name]);
  }
  return { action: attributeOf(form, "action"), fields };
}

function attributeOf(tag: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]?.replaceAll("&amp;", "&") ?? "";
}
