import type { Spread } from "../measure/statistics.ts";

export interface Bar {
  readonly label: string;
  readonly ratio: Spread;
  /** What the ratio should be at least. */
  readonly target: number;
}

const width = 780;
const labelWidth = 170;
const valueWidth = 130;
const barsWidth = width - labelWidth - valueWidth;
const top = 58;
const rowHeight = 32;
const barHeight = 16;
const axisHeight = 42;

/** Readable on light and on dark pages: a picture knows no colours of the page that it stands on, only those that the reader prefers. */
const style = `<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 15px }
.quiet { fill: #59636e; font-size: 12px }
.bar { fill: #2f6fde }
.grid { stroke: #d1d9e0 }
.parity { stroke: #59636e; stroke-dasharray: 4 3 }
.whisker { stroke: #1f2328; stroke-width: 1.5 }
.target { stroke: #bc4c00; stroke-width: 3 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.quiet { fill: #9198a1 }
.bar { fill: #4c8dff }
.grid { stroke: #3d444d }
.parity { stroke: #9198a1 }
.whisker { stroke: #e6edf3 }
.target { stroke: #f0883e }
}
</style>`;

/** Ratios as bars in SVG: the median as the bar, a whisker from the least to the most, a mark where the target is, a line where both are equal. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const height = top + bars.length * rowHeight + axisHeight;
  const most = Math.max(1, ...bars.flatMap(({ ratio, target }) => [ratio.maximum, target])) * 1.05;
  const x = (ratio: number) => round(labelWidth + (ratio / most) * barsWidth);
  const bottom = top + bars.length * rowHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
${style}
<text class="title" x="8" y="22">${escaped(title)}</text>
${legend()}
${ticks(most)
  .map((ratio) => axisTick(ratio, x(ratio), bottom))
  .join("\n")}
${bars.map((bar, index) => row(bar, top + index * rowHeight, x)).join("\n")}
</svg>
`;
}

/** The mark goes first: how long the text in front of it would be depends on the reader's font. */
function legend(): string {
  return `<path class="target" d="M10 32v12"/><text class="quiet" x="18" y="42">target · bar: median of the rounds · whisker: least to most · dashed: as fast as the peer</text>`;
}

function row({ label, ratio, target }: Bar, y: number, x: (ratio: number) => number): string {
  const barTop = y + (rowHeight - barHeight) / 2;
  const middle = y + rowHeight / 2;
  const [least, most] = [x(ratio.minimum), x(ratio.maximum)];
  return [
    `<text x="${labelWidth - 10}" y="${middle + 4}" text-anchor="end">${escaped(label)}</text>`,
    `<rect class="bar" x="${labelWidth}" y="${barTop}" width="${round(x(ratio.median) - labelWidth)}" height="${barHeight}" rx="2"/>`,
    `<path class="whisker" d="M${least} ${middle}H${most}M${least} ${middle - 4}v8M${most} ${middle - 4}v8"/>`,
    `<path class="target" d="M${x(target)} ${barTop - 4}v${barHeight + 8}"/>`,
    `<text x="${width - valueWidth + 10}" y="${middle + 4}">${ratio.median.toFixed(2)}× <tspan class="quiet">of ${target.toFixed(1)}</tspan></text>`,
  ].join("\n");
}

function axisTick(ratio: number, x: number, bottom: number): string {
  const line = `<path class="${ratio === 1 ? "parity" : "grid"}" d="M${x} ${top}V${bottom + 6}"/>`;
  return `${line}<text class="quiet" x="${x}" y="${bottom + 22}" text-anchor="middle">${ratio}×</text>`;
}

/** Whole numbers up to `most`, so many of them that they can be read. */
function ticks(most: number): number[] {
  const step = Math.ceil(most / 10);
  const after = Array.from({ length: Math.floor(most / step) }, (_, index) => (index + 1) * step);
  return [...new Set([0, 1, ...after])];
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
