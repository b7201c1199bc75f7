import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import {
  type Application,
  authorizationUrl,
  newApplication,
  obtainCode,
  obtainTokens,
  redeem,
  refresh,
  type Signet,
  signIn,
  startSignet,
  tokenRequest,
} from "@signet/testkit";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { granted, outcome } from "./outcomes.ts";

let signet: Signet;
let trap: Server;
let connections = 0;
let application: Application;
/** Parameters with which requests to other providers have steered whom these call, and members of a client, each with an address where somebody listens. */
let steering: Readonly<Record<string, string>>;

beforeAll(async () => {
  trap = createServer((socket) => {
    connections++;
    socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  });
  await once(trap.listen(0, "127.0.0.1"), "listening");
  const host = `127.0.0.1:${(trap.address() as AddressInfo).port}`;
  // Signet may ask this host: nothing but that it does not heed the parameters keeps it from doing so.
  signet = await startSignet({ environment: { SIGNET_OUTBOUND_ALLOWED_HOSTS: host } });
  application = await newApplication(signet, { metadata: { request_uris: [`http://${host}/request.jwt`] } });
  const names = [
    ...["client_session_host", "client_session_state", "client_host", "host", "callback", "callback_url", "notification_uri"],
    ...["backchannel_logout_uri", "frontchannel_logout_uri", "backchannel_token_delivery_mode", "client_notification_endpoint"],
    ...["jwks_uri", "sector_identifier_uri", "logo_uri", "policy_uri", "initiate_login_uri", "registration_client_uri"],
    ...["iss", "issuer", "jku", "x5u", "op_policy_uri"],
  ];
  steering = Object.fromEntries(names.map((name) => [name, `http://${host}/${name}`]));
});
afterAll(async () => {
  trap.close();
  await signet.stop();
});
beforeEach(() => {
  connections = 0;
});

test("S4: parameters of the requests of a whole flow, to each endpoint, make Signet call nobody", async () => {
  const { issuer, client, agent, person } = application;
  await obtainTokens(application, { ...steering, scope: "openid offline_access" });
  const code = await obtainCode(application, { scope: "openid offline_access", ...steering });
  const reply = await redeem(application, code, steering);
  const { refresh_token, id_token, access_token } = JSON.parse(await reply.text());
  expect(await outcome(refresh(application, refresh_token, steering))).toEqual(granted);
  expect(await outcome(tokenRequest(issuer, client, { grant_type: "client_credentials", ...steering }))).toEqual(granted);
  for (const path of ["/oauth2/v1/introspect", "/oauth2/v1/revoke"]) {
    expect((await tokenRequest(issuer, client, { token: access_token, ...steering }, path)).status).toBe(200);
  }
  const query = new URLSearchParams({ id_token_hint: id_token, ...steering });
  await (await agent.request(`${issuer}/oauth2/v1/userinfo?${query}`)).text();
  const signedOut = await agent.open(`${issuer}/oauth2/v1/logout?${query}`);
  expect(signedOut.heading).toBe("You are signed out");
  await signIn(agent, await agent.open(authorizationUrl(issuer, client, steering)), person);
  expect(connections).toBe(0);
});

test("S4: where a client is registered with an address, that one is asked, so the host could have been", async () => {
  const { issuer, client, agent } = application;
  const url = `${steering.host?.replace(/\/host$/, "")}/request.jwt`;
  await agent.open(authorizationUrl(issuer, client, { request_uri: url }));
  expect(connections).toBe(1);
});
