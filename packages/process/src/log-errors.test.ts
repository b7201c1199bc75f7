import { OAuthError, ResourceError } from "@signet/protocol";
import { CredentialsRefusedError } from "@signet/rpc";
import { ClientError, Metadata, ServerError, Status } from "nice-grpc-common";
import { expect, test } from "vitest";
import { logErrors } from "./log-errors.ts";

const path = "/signet.token.v1.TokenService/Jwks";
const requestId = "0123456789ab000001";
const context = {
  metadata: Metadata().set("x-request-id", requestId),
  peer: "127.0.0.1",
  header: Metadata(),
  trailer: Metadata(),
  signal: new AbortController().signal,
  sendHeader() {},
};

/** The lines that an error is worth. */
function linesOf(error: unknown): readonly unknown[] {
  const lines: unknown[] = [];
  const at = (level: string) => (line: object, msg?: string) => void lines.push({ level, ...line, msg });
  logErrors({ debug: at("debug"), warn: at("warn"), error: at("error") })(error, { path, context });
  return lines;
}

test.each([Status.UNAUTHENTICATED, Status.PERMISSION_DENIED])(
  "a caller that may not call (%i) is one line at warn, without a stack",
  (status) => {
    expect(linesOf(new ServerError(status, "why"))).toEqual([
      { level: "warn", requestId, method: path, caller: undefined, reason: "why", msg: "a caller was refused" },
    ]);
  },
);

test.each([new OAuthError("invalid_grant", "expired"), new ResourceError("forbidden", "not yours")])(
  "an answer is of interest only to whoever looks for it: %s",
  (err) => {
    expect(linesOf(err)).toEqual([{ level: "debug", requestId, method: path, err, msg: "a call was refused" }]);
  },
);

test.each([
  new Error("a fault"),
  new ServerError(Status.ABORTED, "a fault"),
  new CredentialsRefusedError(new ClientError(path, Status.UNAUTHENTICATED, "a service token is required")),
])("a fault is logged at error, under the request's id: %s", (err) => {
  expect(linesOf(err)).toEqual([{ level: "error", requestId, method: path, err, msg: "a call failed" }]);
});
