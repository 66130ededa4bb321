// The charts of the market, made from the samples of a show.
import type { RoomSamples, Samples, Show, TotalKey, Totals } from "../contract";
import type { TimeAxis } from "../core/axis";
import { compact, count, percent, points, yuan } from "../core/format";
import { t, type StringKey } from "../core/language";
import { capital, channelName, nameOf, paneTitle } from "../core/names";
import { displayedConversion, onGrid, ratio, trueConversion } from "../core/samples";
import type { Column, Figure, Line, Panel } from "./figure";

export const colors = { displayed: "#d55e00", real: "#0072b2", bot: "#3f3f46", harm: "#7b2d8e", ghost: "#6f6a60" };
/** Colours of the channels of harm, far apart for all eyes; they are stacked in the order of the legend too. */
export const channelColors = ["#7b2d8e", "#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#8c6d31", "#d55e00", "#444f9c"];
export const FIGURES = ["viewers", "orders", "price", "conversion", "harm"] as const;
export type FigureName = (typeof FIGURES)[number];
export const DIFFERENCES = ["orders", "sales", "conversion", "harm"] as const;
export type Difference = (typeof DIFFERENCES)[number];

export interface Context { show: Show; axis: TimeAxis; room: number; behind: boolean; version: string }

type Tell = (value: number) => string;
const GHOST = [3, 4];
const money: Tell = (value) => `¥${compact(value)}`.replace("¥−", "−¥");
/** Hundredths with as many digits as they need, so that close marks of an axis differ. */
const short: Tell = (value) => String(Number((value * 100).toFixed(3))).replace("-", "−");
const whole: Tell = (value) => yuan(Math.round(value));

function positions(samples: Samples, axis: TimeAxis): number[] {
  return samples.time.map((time) => axis.position(time));
}

type Drawn = Omit<Line, "values" | "now"> & { column: (samples: Samples) => Column; now?: (totals: Totals) => number };

function roomColumn(context: Context, key: keyof RoomSamples): (samples: Samples) => Column {
  return (samples) => samples.rooms[context.room]?.[key] ?? [];
}

/** Each pane with its lines; in the first also what they were before the change. */
function panelsOf(context: Context, lines: Drawn[]): Panel[] {
  const { show, axis } = context;
  return show.panes.map((pane, index) => {
    const own = lines.map(({ column, now, ...line }): Line => ({ ...line, values: column(pane.samples), ...(now ? { now: now(pane.totals) } : {}) }));
    const before = index === 0 ? show.before : null;
    const ghosts = before ? lines.map(({ column, now: _, ...line }) => ghost(line, onGrid(before, column(before), pane.samples.time))).filter(known) : [];
    return { title: panelTitle(show, index), positions: positions(pane.samples, axis), lines: [...own, ...ghosts], marks: marksOf(context, index) };
  });
}

function ghost(line: Omit<Line, "values">, values: Column): Line {
  return { color: line.color, step: line.step ?? false, values, width: 1.4, dash: GHOST, label: t("before_change", { line: line.label }) };
}

function known(line: Line): boolean {
  return line.values.some((value) => value !== null);
}

function panelTitle(show: Show, index: number): string {
  return show.panes.length > 1 ? `${index === 0 ? "A" : "B"} · ${paneTitle(show, index)}` : paneTitle(show, index);
}

function marksOf(context: Context, pane: number): number[] {
  if (!context.behind) return [];
  return context.show.panes[pane]!.cues.filter((cue) => cue.false && cue.room === context.room).map((cue) => context.axis.position(cue.at));
}

function figure(context: Context, name: string, title: string, unit: StringKey, panels: Panel[], format: Tell, tell: Tell = format): Figure {
  const { show, axis, version } = context;
  return { name, title, unit: t(unit), panels, axis, format, tell, note: t("chart_note", { scenario: show.scenario.name, seed: show.seed, version }) };
}

export function figureOf(name: FigureName, context: Context): Figure {
  return makers[name](context);
}

type Rest = Partial<Pick<Drawn, "now">>;
const shownLine = (label: StringKey, column: Drawn["column"], rest: Rest = {}): Drawn => ({ label: t(label), color: colors.displayed, dash: [7, 3], column, ...rest });
const realLine = (label: StringKey, column: Drawn["column"], rest: Rest = {}): Drawn => ({ label: t(label), color: colors.real, width: 2.5, column, ...rest });

function pair(context: Context, displayed: Drawn, real: Drawn): Panel[] {
  return panelsOf(context, context.behind ? [real, displayed] : [displayed]);
}

function roomTitle(context: Context, title: StringKey): string {
  return t(title, { room: capital(nameOf(context.show.rooms[context.room]?.name)) });
}

const makers: Record<FigureName, (context: Context) => Figure> = {
  viewers: (context) =>
    figure(context, "viewers", roomTitle(context, "chart_viewers"), "unit_viewers",
      pair(context, shownLine("line_displayed", roomColumn(context, "displayed_viewers")), realLine("line_real", roomColumn(context, "real_viewers"))), compact, count),
  orders: (context) =>
    figure(context, "orders", roomTitle(context, "chart_orders"), "unit_orders",
      pair(context, shownLine("line_displayed", roomColumn(context, "displayed_orders")), realLine("line_real", roomColumn(context, "real_orders"))), compact, count),
  price: (context) =>
    figure(context, "price", roomTitle(context, "chart_price"), "unit_yuan",
      panelsOf(context, [{ label: t("line_price"), color: colors.displayed, step: true, width: 3, column: roomColumn(context, "price") }]), yuan),
  conversion: (context) =>
    figure(context, "conversion", t("chart_conversion"), "unit_percent",
      pair(context, shownLine("line_conversion_displayed", share("displayed_orders", "displayed_views"), { now: displayedConversion }),
        realLine("line_conversion_true", share("buyers", "real_views"), { now: trueConversion })),
      (value) => `${short(value)} %`, percent),
  harm: (context) => figure(context, "harm", t("chart_harm"), "unit_yuan", harmPanels(context), money, whole),
};

function share(above: TotalKey, below: TotalKey): (samples: Samples) => number[] {
  return ({ market }) => market[above].map((value, index) => ratio(value, market[below][index] ?? 0));
}

/** Stacked areas: the whole stack is drawn first, then what remains without its upper parts. */
function harmPanels(context: Context): Panel[] {
  const { show, axis } = context;
  return show.panes.map((pane, index) => {
    const { samples, totals } = pane;
    const sum = samples.time.map(() => 0);
    const stacked = samples.harm_by_channel.map((column, channel): Line => {
      column.forEach((value, row) => (sum[row] = (sum[row] ?? 0) + value));
      const color = channelColors[channel % channelColors.length]!;
      return { label: channelName(show.channels[channel]!), color, fill: color, width: 1, values: [...sum], told: column, now: totals.harm_by_channel[channel] ?? 0 };
    });
    const before = index === 0 && show.before ? show.before : null;
    const ghosts = before ? [ghost({ label: t("line_harm_total"), color: "#23211d" }, onGrid(before, before.market.harm, samples.time))].filter(known) : [];
    const used = stacked.filter((line) => (line.now ?? 0) > 0 || stacked.length <= 4);
    return { title: panelTitle(show, index), positions: positions(samples, axis), lines: [...used.reverse(), ...ghosts], marks: [] };
  });
}

export const differenceOf: Record<Difference, (totals: Totals) => number> = {
  orders: (totals) => totals.real_orders,
  sales: (totals) => totals.paid_sales,
  conversion: (totals) => ratio(totals.buyers, totals.real_views),
  harm: (totals) => totals.harm,
};
const differenceColumns: Record<Difference, (samples: Samples) => number[]> = {
  orders: ({ market }) => market.real_orders,
  sales: ({ market }) => market.paid_sales,
  conversion: share("buyers", "real_views"),
  harm: ({ market }) => market.harm,
};
const differenceUnits: Record<Difference, StringKey> = { orders: "unit_orders", sales: "unit_yuan", conversion: "unit_points", harm: "unit_yuan" };

const differenceTold: Record<Difference, [Tell, Tell]> = { orders: [compact, count], sales: [money, whole], conversion: [short, points], harm: [money, whole] };

/** Pane B less pane A, as it grows. */
export function differenceFigure(kind: Difference, context: Context): Figure {
  const { show, axis } = context;
  const [a, b] = show.panes;
  const many = a && b ? Math.min(a.samples.time.length, b.samples.time.length) : 0;
  const read = differenceColumns[kind];
  const [before, after] = [read(a!.samples), read(b!.samples)];
  const values = Array.from({ length: many }, (_, index) => after[index]! - before[index]!);
  const line: Line = { label: t("line_difference"), color: "#23211d", width: 2.5, fill: "#ece4cf", values, now: differenceOf[kind](b!.totals) - differenceOf[kind](a!.totals) };
  const panel: Panel = { title: t("b_minus_a"), positions: positions(a!.samples, axis).slice(0, many), lines: [line], marks: [] };
  const [format, tell] = differenceTold[kind];
  return figure(context, `difference-${kind}`, t("chart_difference", { what: t(`difference_${kind}`) }), differenceUnits[kind], [panel], format, tell);
}
