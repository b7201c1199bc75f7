const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function plainPage(heading: string): string {
  return `<!doctype html><html lang="en"><title>${escaped(heading)}</title><h1>${escaped(heading)}</h1></html>`;
}

/** The claims are there as JSON. */
export function claimsPage(heading: string, claims: object): string {
  return plainPage(heading).replace("</html>", () => `<pre id="claims">${escaped(JSON.stringify(claims))}</pre></html>`);
}

export function errorPage(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message} ${JSON.stringify(error.cause ?? "")}` : String(error);
  return plainPage("Failed").replace("</html>", () => `<pre id="error">${escaped(text)}</pre></html>`);
}
