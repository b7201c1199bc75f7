import { expect, test } from "vitest";
import { formatTraceparent, parseTraceparent } from "./trace-context.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

test("a traceparent says the trace, the span and whether it is recorded", () => {
  expect(parseTraceparent(`00-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId, traceFlags: 1 });
  expect(parseTraceparent(`00-${traceId}-${spanId}-00`)).toEqual({ traceId, spanId, traceFlags: 0 });
});

test("what is formatted can be parsed", () => {
  const span = { traceId, spanId, traceFlags: 1 };
  expect(formatTraceparent(span)).toBe(`00-${traceId}-${spanId}-01`);
  expect(parseTraceparent(formatTraceparent(span))).toEqual(span);
});

test.each([
  undefined,
  "",
  "canary",
  `01-${traceId}-${spanId}-01`,
  `00-${traceId}-${spanId}`,
  `00-${traceId}-${spanId}-01-more`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${"0".repeat(32)}-${spanId}-01`,
  `00-${traceId}-${"0".repeat(16)}-01`,
  `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
])("%s is no traceparent", (value) => {
  expect(parseTraceparent(value)).toBeUndefined();
});
