import { createServer, type Server } from "node:http";
import {
  createUser,
  freePort,
  newApplication,
  obtainCode,
  redeem,
  registerClient,
  registrationRequest,
  type Signet,
  startSignet,
  tokensOf,
} from "@signet/testkit";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askConfiguration, askToRegister, dynamicClient, registeringTenant } from "./dynamic-registration-request.ts";

const uris = ["https://one.example/cb", "https://two.example/cb"];
let signet: Signet;
let server: Server;
let sectorUri: string;
let home: Awaited<ReturnType<typeof registeringTenant>>;
/** What is at each path, and how often it was asked for. */
const documents = new Map<string, string>();
const asked: string[] = [];

beforeAll(async () => {
  const port = await freePort();
  server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const document = documents.get(url);
    if (url === "/open-redirect") return void response.writeHead(302, { Location: `http://localhost:${port}/good` }).end();
    response.writeHead(document === undefined ? 404 : 200, { "Content-Type": "application/json", "Cache-Control": "max-age=60" });
    response.end(document);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  sectorUri = `http://127.0.0.1:${port}`;
  signet = await startSignet({ environment: { SIGNET_OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${port},localhost:${port}` } });
  home = await registeringTenant(signet, "sectors", { mode: "open" });
});
afterAll(async () => {
  await signet.stop();
  server.close();
});

const pairwise = (path: string, redirect_uris = uris) => ({
  redirect_uris,
  subject_type: "pairwise",
  sector_identifier_uri: `${sectorUri}${path}`,
});

test("a sector identifier is fetched, and has to have every redirect URI, at both doors", async () => {
  documents.set("/good", JSON.stringify([...uris, "https://three.example/cb"]));
  expect(await dynamicClient(home, pairwise("/good"))).toMatchObject(pairwise("/good"));
  await registerClient(home, pairwise("/good"), home.name);
  expect(asked).toContain("/good");
});

test("clients on different hosts that share a sector identifier know a user by one subject", async () => {
  const [one = "", two = ""] = uris;
  documents.set("/shared", JSON.stringify(uris));
  const person = await createUser(home, "alice");
  const subjectAt = async (redirectUri: string, sector: Readonly<Record<string, unknown>> = { ...pairwise("/shared") }) => {
    const metadata = { ...sector, subject_type: "pairwise", redirect_uris: [redirectUri] };
    const application = await newApplication(home, { person, metadata });
    const code = await obtainCode(application, { redirect_uri: redirectUri });
    const { id_token } = await tokensOf(await redeem(application, code, { redirect_uri: redirectUri }));
    return decodeJwt(id_token).sub;
  };
  const shared = await subjectAt(one);
  expect(await subjectAt(two)).toBe(shared);
  expect(await subjectAt(one, {})).not.toBe(shared);
});

test.each([
  ["one that lacks a redirect URI", JSON.stringify(["https://one.example/cb"])],
  ["one that is no array", JSON.stringify({ uris })],
  ["one with something else than texts", JSON.stringify([...uris, 1])],
  ["one that is no JSON", "<html>"],
  ["one that is not there", undefined],
  ["one that is too long", JSON.stringify([...uris, "x".repeat(70_000)])],
])("S3: %s is refused at both doors", async (_what, document) => {
  const path = `/${_what.replaceAll(" ", "-")}`;
  if (document !== undefined) documents.set(path, document);
  const reply = await askToRegister(home, pairwise(path));
  expect([reply.status, JSON.parse(reply.text).error]).toEqual([400, "invalid_client_metadata"]);
  const other = await registrationRequest(home, pairwise(path), home.name);
  expect([other.status, JSON.parse(await other.text()).error_code]).toEqual([400, 1005]);
});

test("one that redirects to another host says nothing of its own", async () => {
  documents.set("/good", JSON.stringify(uris));
  const reply = await askToRegister(home, pairwise("/open-redirect"));
  expect([reply.status, JSON.parse(reply.text).error]).toEqual([400, "invalid_client_metadata"]);
});

test("a replacement is checked as well, and what was checked is not fetched again", async () => {
  documents.set("/changing", JSON.stringify(uris));
  const client = await dynamicClient(home, pairwise("/changing"));
  const { client_id } = client;
  const before = asked.length;
  const same = await askConfiguration(client, "PUT", { client_id, client_name: "Renamed", ...pairwise("/changing") });
  expect([same.status, asked.length]).toEqual([200, before]);
  const more = [...uris, "https://evil.example/cb"];
  const reply = await askConfiguration(client, "PUT", { client_id, ...pairwise("/changing", more) });
  expect([reply.status, JSON.parse(reply.text).error]).toEqual([400, "invalid_client_metadata"]);
});

test("S1: one that leads to this machine is not asked, unless the deployment names it", async () => {
  const port = await freePort();
  let connections = 0;
  const secret = createServer((_request, response) => response.end(JSON.stringify(uris))).on("connection", () => connections++);
  await new Promise<void>((resolve) => secret.listen(port, "127.0.0.1", resolve));
  for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
    for (const scheme of ["http", "https"]) {
      const reply = await askToRegister(home, { ...pairwise(""), sector_identifier_uri: `${scheme}://${host}:${port}/` });
      expect([reply.status, JSON.parse(reply.text).error]).toEqual([400, "invalid_client_metadata"]);
    }
  }
  expect(connections).toBe(0);
  secret.close();
});

test("pairwise clients with redirect URIs on several hosts need one", async () => {
  const reply = await askToRegister(home, { redirect_uris: uris, subject_type: "pairwise" });
  expect([reply.status, JSON.parse(reply.text).error]).toEqual([400, "invalid_client_metadata"]);
});
