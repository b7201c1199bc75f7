import { expect, test } from "vitest";
import type { ClientId, SessionPublicId } from "../ids.ts";
import { parseSid } from "../ids.ts";
import { sidOf } from "./session-id.ts";

const [session, other] = ["a".repeat(32), "b".repeat(32)] as SessionPublicId[] as [SessionPublicId, SessionPublicId];
const [one, two] = ["1".repeat(24), "2".repeat(24)] as ClientId[] as [ClientId, ClientId];

test("a client knows a session by one sid, another session by another, and another client knows it by another still", () => {
  const sid = sidOf(session, one);
  expect(parseSid(sid)).toBe(sid);
  expect(sidOf(session, one)).toBe(sid);
  expect(new Set([sid, session, sidOf(other, one), sidOf(session, two)]).size).toBe(4);
});
