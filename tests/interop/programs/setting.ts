/** What a relying party is told: the provider, and its own client there. */
export interface Setting {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the program is, with a slash at its end. */
  readonly home: URL;
  readonly callback: string;
}

/** The setting of this process. @throws Error where a part of it is missing */
export function readSetting(): Setting {
  const home = new URL(`http://localhost:${given("PORT")}/`);
  return {
    issuer: given("ISSUER"),
    clientId: given("CLIENT_ID"),
    clientSecret: given("CLIENT_SECRET"),
    home,
    callback: `${home}callback`,
  };
}

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is missing`);
  return value;
}
