import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError } from "./config-error.ts";
import { parseConfig } from "./parse-config.ts";
import { type App, requiredOf } from "./settings-of.ts";

const folder = mkdtempSync(join(tmpdir(), "signet-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const [first, second, third] = ["a", "b", "c"].map((letter) => letter.repeat(32)) as [string, string, string];
const key = "0".repeat(64);

const needed = {
  SIGNET_PUBLIC_URL: "http://localhost:4000",
  SIGNET_CALLERS: `gateway=${first}`,
  SIGNET_SERVICE_TOKEN: second,
  SIGNET_ADMIN_PASSWORD: "correct horse",
  SIGNET_ADMIN_TOKEN: third,
  SIGNET_KEY_ENCRYPTION_KEY: key,
};

function neededBy(app: App): Record<string, string> {
  return Object.fromEntries(Object.entries(needed).filter(([name]) => requiredOf[app].some((required) => required === name)));
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function problemsOf(app: App, environment: Record<string, string>): readonly string[] {
  try {
    parseConfig(app, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe.each(["gateway", "client-registry", "auth", "token"] as const)("%s", (app) => {
  test("starts with what it requires, and says what is missing", () => {
    expect(problemsOf(app, neededBy(app))).toEqual([]);
    expect(problemsOf(app, {}).map((line) => line.split(" ", 2).join(" "))).toEqual(requiredOf[app].map((name) => `${name} is`));
  });

  test("refuses another program's settings", () => {
    expect(problemsOf(app, { ...neededBy(app), SIGNET_DATA_DIR: "x" })).toEqual([`SIGNET_DATA_DIR is no setting of ${app}`]);
  });
});

test("who shows a certificate needs no service token", () => {
  const { SIGNET_SERVICE_TOKEN: _, ...others } = neededBy("auth");
  const SIGNET_TLS_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----";
  expect(parseConfig("auth", { ...others, SIGNET_TLS_CERTIFICATE }).serviceToken.value).toBe("");
  const SIGNET_TLS_CERTIFICATE_FILE = file("certificate", SIGNET_TLS_CERTIFICATE);
  expect(
    parseConfig("gateway", { SIGNET_PUBLIC_URL: needed.SIGNET_PUBLIC_URL, SIGNET_TLS_CERTIFICATE_FILE }).serviceToken.value,
  ).toBe("");
});

test("each service has a port of its own", () => {
  const ports = (["client-registry", "auth", "token"] as const).map((app) => parseConfig(app, neededBy(app)).rpcListen);
  expect(ports).toEqual(["grpc://127.0.0.1:4011", "grpc://127.0.0.1:4012", "grpc://127.0.0.1:4013"]);
});

describe("a setting in a file", () => {
  test("is its content without the white space around it", () => {
    const { SIGNET_ADMIN_TOKEN: _, ...others } = neededBy("client-registry");
    const SIGNET_ADMIN_TOKEN_FILE = file("admin-token", `${third}\n`);
    expect(parseConfig("client-registry", { ...others, SIGNET_ADMIN_TOKEN_FILE }).adminToken).toBe(third);
  });

  test.each([
    ["that is not there", () => join(folder, "nowhere")],
    ["that is too long", () => file("long", "x".repeat(65_537))],
    ["that is a folder", () => folder],
  ])("%s is a problem", (_, path) => {
    expect(problemsOf("standalone", { SIGNET_ADMIN_TOKEN_FILE: path() })).toEqual([
      "SIGNET_ADMIN_TOKEN_FILE names no file of at most 65536 bytes that can be read",
    ]);
  });

  test("is not also given by itself", () => {
    const path = file("token", third);
    expect(problemsOf("standalone", { SIGNET_ADMIN_TOKEN: third, SIGNET_ADMIN_TOKEN_FILE: path })).toEqual([
      "SIGNET_ADMIN_TOKEN is given twice, by itself and by a file",
    ]);
  });

  test("is none of the settings that are no secrets", () => {
    expect(problemsOf("standalone", { SIGNET_PORT_FILE: file("port", "4000") })).toEqual([
      "SIGNET_PORT_FILE is no setting of Signet",
    ]);
  });
});

describe("callers", () => {
  const callersOf = (text: string) =>
    parseConfig("client-registry", { ...neededBy("client-registry"), SIGNET_CALLERS: text }).callers.value;

  test("have tokens, rights and certificates", () => {
    const text = `# who may call\ngateway=${first} gateway=${second}\n\tbilling:read=${third}\nauth=certificate:auth.signet\n`;
    expect(callersOf(text)).toEqual([
      { name: "gateway", right: undefined, tokens: [first, second] },
      { name: "billing", right: "read", tokens: [third] },
      { name: "auth", right: undefined, tokens: [], certificateName: "auth.signet" },
    ]);
  });

  test.each([
    ["", "is required"],
    ["# nobody", "names no caller"],
    ["gateway", "has no caller in entry 1"],
    [`gateway=${first} auth=short`, "has no caller in entry 2"],
    [`Gateway=${first}`, "has no caller in entry 1"],
    [`write=${first}`, "calls somebody write, which is a right and no name"],
    [`billing:admin=${first}`, "has no caller in entry 1"],
    [`billing:read=${first} billing:write=${second}`, "gives billing two different rights"],
  ])("%j: SIGNET_CALLERS %s", (text, problem) => {
    const [line] = problemsOf("client-registry", { ...neededBy("client-registry"), SIGNET_CALLERS: text });
    expect(line).toContain(`SIGNET_CALLERS ${problem}`);
    expect(line).not.toContain(first);
  });

  function followed(content: string) {
    const path = file("callers", content);
    const { SIGNET_CALLERS: _, ...others } = neededBy("client-registry");
    const { callers } = parseConfig("client-registry", { ...others, SIGNET_CALLERS_FILE: path });
    const heard: string[] = [];
    const follow = () =>
      callers.onChange(
        (now) => heard.push(now.flatMap(({ tokens }) => tokens).join()),
        (problem) => heard.push(problem),
      );
    return { path, callers, heard, follow };
  }

  test("in a file are read again when it changes, and stay as they are where it cannot be used", async () => {
    const { path, callers, heard, follow } = followed(`gateway=${first}`);
    const stop = follow();
    const contents = [`gateway=${first} gateway=${second}`, "gateway", `gateway=${second}`];
    for (const [index, content] of contents.entries()) {
      writeFileSync(path, content);
      await expect.poll(() => heard.length, { timeout: 5000 }).toBe(index + 1);
      if (content === "gateway") expect(callers.value).toMatchObject([{ tokens: [first, second] }]);
    }
    stop();
    expect(heard).toEqual([`${first},${second}`, expect.stringContaining(`${path} has no caller in entry 1`), second]);
    expect(callers.value).toMatchObject([{ tokens: [second] }]);
  });

  test("in a file are told to everybody who follows it", async () => {
    const { path, heard, follow } = followed(`gateway=${first}`);
    const stops = [follow(), follow(), follow()];
    writeFileSync(path, `gateway=${second}`);
    await expect.poll(() => heard, { timeout: 5000 }).toEqual([second, second, second]);
    for (const stop of stops) stop();
  });

  test("in a file that changed before anybody followed it are read again at once", () => {
    const { path, callers, heard, follow } = followed(`gateway=${first}`);
    writeFileSync(path, `gateway=${second}`);
    follow()();
    expect(heard).toEqual([second]);
    expect(callers.value).toMatchObject([{ tokens: [second] }]);
  });
});
