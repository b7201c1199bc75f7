import { expect, test } from "vitest";
import { aMeasurement, findings } from "../report/testing/findings.ts";
import type { ServicesComparison, ServicesFindings } from "../services/services-findings.ts";
import { servicesSection } from "./services-section.ts";

const process = {
  readyMilliseconds: { median: 400, minimum: 390, maximum: 410 },
  idle: { resident: 90, own: 40 },
  afterFlows: { resident: 131, own: 90 },
};

/** The services take two thirds of the peer's CPU time, and twice that of one process. */
function comparison(given: Partial<ServicesComparison>): ServicesComparison {
  return {
    work: "code-flow",
    services: [aMeasurement(300)],
    peer: [aMeasurement(200)],
    oneProcess: [aMeasurement(600)],
    warmUpErrors: [],
    ...given,
  };
}

function section(given: Partial<ServicesFindings>): string {
  const { machine, loadAverageBefore, connections, seconds, rounds } = findings({});
  const processes = { "client-registry": process, auth: process, token: process, gateway: process };
  return servicesSection({
    ...{ machine, loadAverageBefore, connections, seconds, rounds },
    comparisons: [comparison({})],
    processes,
    ...given,
  });
}

test("a work has its ratio to the peer by CPU time, which its target is about, and its cost beside one process", () => {
  expect(section({})).toMatch(/^\| code-flow \| 1\.50 .*× \| .* \| 2\.00 \(2\.00–2\.00\)× \| .* \| ≥ 1\.5× \| met \|$/m);
});

test("wrong replies, also of the one process, leave a work without numbers", () => {
  const wrong = comparison({ oneProcess: [aMeasurement(600, 1)] });
  expect(section({ comparisons: [wrong] })).toMatch(/^\| code-flow( \| ){8}≥ 1\.5× \| INVALID \|$/m);
});

test("where other programs had the core, the page says so", () => {
  const disturbed = comparison({ peer: [{ ...aMeasurement(200), serverWaitShare: 0.5 }] });
  expect(section({ comparisons: [disturbed] })).toMatch(/^- code-flow: other programs kept a server waiting for 50 %/m);
  expect(section({})).not.toContain("waiting");
});

test("each process has its own targets", () => {
  expect(section({})).toMatch(
    /^\| auth \| 400 .* \| ≤ 400 ms \| met \| 90 \| ≤ 90 MB \| met \| 131 \| ≤ 130 MB \| \*\*MISSED\*\* \|$/m,
  );
});
