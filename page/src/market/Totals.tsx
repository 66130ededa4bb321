// The evening in a few big numbers; with two worlds also the difference, B less A, as it grows.
import type { Show, Totals as Sums } from "../contract";
import { DIFFERENCES, differenceOf, type Difference } from "../chart/figures";
import { count, percent, points, signed, yuan } from "../core/format";
import { t } from "../core/language";
import { displayedConversion, trueConversion } from "../core/samples";
import { get, looksBehind, useStore } from "../core/store";
import { Counter } from "../parts/Counter";

const whole = (value: number): string => yuan(Math.round(value));
const cards = [
  { key: "buyers", label: "total_buyers", read: (sums: Sums) => sums.buyers, format: count, difference: "orders" },
  { key: "paid_sales", label: "total_sales", read: (sums: Sums) => sums.paid_sales, format: whole, difference: "sales" },
  { key: "conversion", label: "total_conversion", read: trueConversion, format: (value: number) => percent(value), difference: "conversion" },
  { key: "harm", label: "total_harm", read: (sums: Sums) => sums.harm, format: whole, difference: "harm" },
] as const;

const formats: Record<Difference, (value: number) => string> = {
  orders: (value) => signed(count(Math.abs(value)), Math.round(value)),
  sales: (value) => signed(whole(Math.abs(value)), Math.round(value)),
  conversion: (value) => t("points", { value: signed(points(Math.abs(value)), Number((value * 100).toFixed(2))) }),
  harm: (value) => signed(whole(Math.abs(value)), Math.round(value)),
};

function sums(pane: number): Sums | null {
  return get().show?.panes[pane]?.totals ?? null;
}

function reader(pane: number, read: (sums: Sums) => number): () => number | null {
  return () => {
    const now = sums(pane);
    return now ? read(now) : null;
  };
}

function differenceReader(kind: Difference): () => number | null {
  return () => {
    const [a, b] = [sums(0), sums(1)];
    return a && b ? differenceOf[kind](b) - differenceOf[kind](a) : null;
  };
}

export function Totals({ show }: { show: Show }) {
  const behind = useStore(looksBehind);
  if (!behind) return null;
  const two = show.panes.length > 1;
  return (
    <section class="totals" aria-label={t("totals")}>
      <div class="total-cards">
      {cards.map((card) => (
        <div key={card.key} class={`total total-${card.key}`}>
          <h3>{t(card.label)}</h3>
          <div class="total-values">
            {show.panes.map((_, pane) => (
              <p key={pane} class="total-value">
                {two && <span class={`letter letter-${pane === 0 ? "a" : "b"}`}>{pane === 0 ? "A" : "B"}</span>}
                <Counter value={reader(pane, card.read)} format={card.format} testid={`total-${card.key}-${pane}`} />
                {card.key === "conversion" && (
                  <small>{t("displayed_is")} <Counter value={reader(pane, displayedConversion)} format={(value) => percent(value)} /></small>
                )}
              </p>
            ))}
          </div>
        </div>
      ))}
      </div>
      {two && <Differences />}
    </section>
  );
}

function Differences() {
  return (
    <div class="differences">
      <h3>{t("b_minus_a")}</h3>
      <dl>
        {DIFFERENCES.map((kind) => (
          <div key={kind}>
            <dt>{t(`difference_${kind}`)}</dt>
            <dd><Counter value={differenceReader(kind)} format={formats[kind]} testid={`difference-${kind}`} /></dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
