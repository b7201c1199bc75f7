/**
 * `page` with another text in its section `name`, which lies between two lines: `<!-- measured: name -->` and `<!-- /measured: name -->`. What stands
 * around it stays.
 * @throws Error for a page without that section
 */
export function replaceSection(page: string, name: string, text: string): string {
  const [opening, closing] = [`<!-- measured: ${name} -->`, `<!-- /measured: ${name} -->`];
  const start = page.indexOf(opening);
  const end = page.indexOf(closing, start);
  if (start < 0 || end < 0) throw new Error(`the page has no section between ${opening} and ${closing}`);
  return `${page.slice(0, start + opening.length)}\n\n${text.trim()}\n\n${page.slice(end)}`;
}
