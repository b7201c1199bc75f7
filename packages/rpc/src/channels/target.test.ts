import { describe, expect, test } from "vitest";
import { grpcTarget, parseTarget } from "./target.ts";

describe("an address of a service", () => {
  test.each([
    ["inproc:token", { carrier: "inproc", name: "token" }],
    ["grpc://127.0.0.1:0", { carrier: "grpc", isSecure: false, host: "127.0.0.1", port: 0 }],
    ["grpcs://token.signet.svc:7001", { carrier: "grpc", isSecure: true, host: "token.signet.svc", port: 7001 }],
    ["mux://token:7001", { carrier: "mux", isSecure: false, host: "token", port: 7001 }],
    ["muxs://[::1]:7001/", { carrier: "mux", isSecure: true, host: "::1", port: 7001 }],
  ])("%s", (text, target) => {
    expect(parseTarget(text)).toEqual(target);
  });

  test.each([
    "",
    "inproc:",
    "token:7001",
    "http://token:7001",
    "grpc://token",
    "grpc://:7001",
    "mux://token:7001/path",
    "mux://token:7001?a",
    "mux://me@token:7001",
    "mux://token:70000",
  ])('"%s" is none', (text) => {
    expect(() => parseTarget(text)).toThrow("is no address of a service");
  });

  test("an address is given to grpc-js in a form that is not looked up", () => {
    expect([grpcTarget("127.0.0.1", 1), grpcTarget("::1", 2)]).toEqual(["ipv4:127.0.0.1:1", "ipv6:[::1]:2"]);
  });
});
