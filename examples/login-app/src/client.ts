import { readFile } from "node:fs/promises";

type Client = {
  client_id: string;
  client_secret: string;
  client_name: string;
  redirect_uris: string[];
  post_logout_redirect_uris: string[];
};
const { REGISTRATION_TOKEN, SIGNET_DATA_DIR: folder = ".signet" } = process.env;
const noSignet = "There is no Signet in this folder yet: run `npm start` first, in another terminal, or set SIGNET_DATA_DIR.";
const client_name = "Example application";

/** This application's client at Signet: that of an earlier start, or else a new one. The token is in the environment or in Signet's data folder. */
export async function registeredClient(issuer: string, callback: string, home: string): Promise<Client> {
  const inFolder = () => readFile(`${folder}/registration-token`, "utf8").catch(() => Promise.reject(new Error(noSignet)));
  const token = REGISTRATION_TOKEN ?? (await inFolder());
  const headers = { Authorization: `Bearer ${token.trim()}`, "Content-Type": "application/json" };
  const registration = `${issuer}/v1/oidc/default/registration`;
  const noAnswer = () => Promise.reject(new Error(`No Signet answers at ${issuer}: run \`npm start\` first, or set ISSUER.`));
  const found = await fetch(registration, { headers }).catch(noAnswer);
  const clients: Client[] = found.ok ? JSON.parse(await found.text()) : [];
  const isThisOne = (client: Client) =>
    client.redirect_uris.includes(callback) && client.post_logout_redirect_uris.includes(home);
  const earlier = clients.find((client) => client.client_name === client_name && isThisOne(client));
  if (earlier !== undefined) return earlier;
  const uris = { redirect_uris: [callback], post_logout_redirect_uris: [home] };
  const body = JSON.stringify({ client_name, grant_types: ["authorization_code", "refresh_token"], ...uris });
  const registered = await fetch(registration, { method: "POST", headers, body });
  if (!registered.ok) throw new Error(`Signet did not register the example: ${await registered.text()}`);
  return JSON.parse(await registered.text());
}
