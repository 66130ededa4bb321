// The sum behind an order as a picture: steps from private value to what moves the person, against the threshold.
import type { OrderTold } from "../contract";
import { yuan, signed } from "../core/format";
import { t, type StringKey } from "../core/language";
import { useWidth } from "../parts/width";
import { sumOf, type Sum, type Term } from "./sum";

const WIDEST = 620;
const NARROWEST = 280;
const ROW = 44;
const LEFT = 16;
const RIGHT = 16;
const labels: Record<Term["name"], StringKey> = { worth: "sum_worth", price: "sum_price", honest: "sum_honest", false: "sum_false" };

export function DecisionPicture({ order }: { order: Pick<OrderTold, "price" | "decision"> }) {
  const { box, width: room } = useWidth<HTMLDivElement>(WIDEST);
  const width = Math.max(NARROWEST, Math.min(WIDEST, room));
  const sum = sumOf(order);
  const x = (value: number): number => LEFT + ((value - sum.low) / (sum.high - sum.low || 1)) * (width - LEFT - RIGHT);
  const height = ROW * (sum.terms.length + 2) + 34;
  const spoken = t("sum_spoken", { honest: yuan(sum.honest), displayed: yuan(sum.displayed), threshold: yuan(sum.threshold) });
  return (
    <div ref={box}>
    <svg class="sum" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={spoken}>
      <Threshold sum={sum} x={x} height={height} width={width} />
      {sum.terms.map((term, index) => <TermBar key={term.name} term={term} y={26 + index * ROW} x={x} width={width} />)}
      <Outcome label="sum_honest_total" value={sum.honest} sum={sum} y={26 + 4 * ROW} x={x} width={width} kind="real" />
      <Outcome label="sum_displayed_total" value={sum.displayed} sum={sum} y={26 + 5 * ROW} x={x} width={width} kind="displayed" />
    </svg>
    </div>
  );
}

interface Drawn { x: (value: number) => number; y: number; width: number }

function TermBar({ term, x, y, width }: Drawn & { term: Term }) {
  const left = Math.min(x(term.from), x(term.to));
  const long = Math.max(2, Math.abs(x(term.to) - x(term.from)));
  const change = term.to - term.from;
  return (
    <g>
      <text x={LEFT} y={y + 12} class="sum-label">{t(labels[term.name])}</text>
      <text x={width - RIGHT} y={y + 12} class="sum-value" text-anchor="end">{term.name === "worth" ? yuan(change) : signed(yuan(Math.abs(change)), change)}</text>
      <rect x={left} y={y + 18} width={long} height="14" rx="2" class={`sum-${term.name}`} />
    </g>
  );
}

function Outcome({ label, value, sum, x, y, width, kind }: Drawn & { label: StringKey; value: number; sum: Sum; kind: "real" | "displayed" }) {
  const buys = value > sum.threshold;
  return (
    <g>
      <text x={LEFT} y={y + 12} class="sum-label sum-strong">{t(label, { outcome: t(buys ? "sum_buys" : "sum_passes") })}</text>
      <text x={width - RIGHT} y={y + 12} class="sum-value sum-strong" text-anchor="end">{yuan(value)}</text>
      <line x1={x(0)} x2={x(value)} y1={y + 25} y2={y + 25} class={`sum-line sum-line-${kind}`} />
      <circle cx={x(value)} cy={y + 25} r="7" class={`sum-dot-${kind}`} />
    </g>
  );
}

function Threshold({ sum, x, height, width }: { sum: Sum; x: (value: number) => number; height: number; width: number }) {
  const at = x(sum.threshold);
  const anchor = at > width * 0.6 ? "end" : "start";
  return (
    <g>
      <line x1={at} x2={at} y1="20" y2={height - 6} class="sum-threshold" />
      <text x={at + (anchor === "end" ? -6 : 6)} y="14" text-anchor={anchor} class="sum-label sum-strong">{t("sum_threshold", { value: yuan(sum.threshold) })}</text>
    </g>
  );
}
