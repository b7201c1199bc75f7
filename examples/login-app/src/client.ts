import { readFile, writeFile } from "node:fs/promises";

const folder = process.env.SIGNET_DATA_DIR ?? ".signet";
const noSignet = "There is no Signet in this folder yet: run `npm start` first, in another terminal, or set SIGNET_DATA_DIR.";

/** This application's client at Signet: that of the last start, or else a new one, registered with the token in Signet's data folder. */
export async function registeredClient(issuer: string, callback: string): Promise<{ client_id: string; client_secret: string }> {
  const token = await readFile(`${folder}/registration-token`, "utf8").catch(() => Promise.reject(new Error(noSignet)));
  const headers = { Authorization: `Bearer ${token.trim()}`, "Content-Type": "application/json" };
  const registration = `${issuer}/v1/oidc/default/registration`;
  const earlier = await readFile(`${folder}/login-app-client-id`, "utf8").catch(() => "none");
  const noAnswer = () => Promise.reject(new Error(`No Signet answers at ${issuer}: run \`npm start\` first, or set ISSUER.`));
  const found = await fetch(`${registration}?client_id=${earlier}`, { headers }).catch(noAnswer);
  const known = found.ok ? JSON.parse(await found.text()) : undefined;
  if (known?.redirect_uris.includes(callback)) return known;
  const metadata = { client_name: "Example application", grant_types: ["authorization_code", "refresh_token"] };
  const body = JSON.stringify({ ...metadata, redirect_uris: [callback] });
  const registered = await fetch(registration, { method: "POST", headers, body });
  if (!registered.ok) throw new Error(`Signet did not register the example: ${await registered.text()}`);
  const client = JSON.parse(await registered.text());
  await writeFile(`${folder}/login-app-client-id`, client.client_id);
  return client;
}
