// Sentences for what happens in rooms: cues from their arguments, items of the feed, acts of one consumer.
import type { ActTold, Cue, FeedItem, Show } from "../contract";
import { count, minutes, percent, yuan } from "./format";
import { language, maybe, t, type Values } from "./language";
import { capital, nameOf } from "./names";

const money = new Set(["price", "claimed", "goal", "amount", "reduction", "cost", "deposit", "threshold"]);
const periods = new Set(["over", "seconds"]);

function told(name: string, value: unknown): string {
  if (typeof value !== "number") return nameOf(String(value ?? ""));
  if (money.has(name)) return yuan(value);
  return periods.has(name) ? minutes(value) : count(value);
}

function valuesOf(args: Record<string, unknown>): Values {
  const values: Values = {};
  for (const [name, value] of Object.entries(args)) values[name] = told(name, value);
  return values;
}

/** The string for a cue: by act, and by the argument that makes a difference. */
function cueKey(cue: Pick<Cue, "act" | "args" | "false">): string {
  const { act, args } = cue;
  if (act === "buy") return `cue_buy_${String(args["service"])}`;
  if (act === "promise") return typeof args["price"] === "number" ? "cue_promise_price" : "cue_promise";
  if (act === "countdown") return args["genuine"] === false ? "cue_countdown_false" : "cue_countdown";
  if (act === "open_link" && typeof args["shown_stock"] === "number" && args["shown_stock"] !== args["stock"]) return "cue_open_link_shown";
  if (act === "subsidy") return args["real"] === false ? "cue_subsidy_false" : "cue_subsidy";
  return `cue_${act}`;
}

export function cueWords(cue: Pick<Cue, "act" | "args" | "false" | "product">, show: Show): string {
  const product = nameOf(cue.product === null ? "" : show.products[cue.product]?.name);
  const values = { ...valuesOf(cue.args), product: product || t("the_product") };
  return maybe(cueKey(cue), values) ?? maybe(`cue_${cue.act}`, values) ?? nameOf(cue.act);
}

/** What the display hides about a cue; only for those who look behind the counter. */
export function cueTruth(cue: Pick<Cue, "act" | "args" | "false" | "product">, show: Show): string | null {
  if (!cue.false) return null;
  const product = cue.product === null ? undefined : show.products[cue.product];
  return maybe(`truth_${cue.act}`, { prior: yuan(product?.honest_prior_price ?? 0) }) ?? t("truth_other");
}

/** A consumer's order is told apart by whether honest displays would have brought it. */
function feedKey(item: FeedItem, behind: boolean): string {
  if (item.kind === "order" && item.induced && behind) return "feed_order_induced";
  if (!behind && (item.kind === "brushed" || item.kind === "shouted")) return "feed_order_many";
  if (!behind && item.kind.startsWith("bot")) return `feed_${item.kind === "bots_entered" ? "entered" : item.kind.slice(4)}`;
  if (item.kind === "order" && !item.consumer && item.count !== 1) return "feed_order_many";
  return `feed_${item.kind}`;
}

/** The cue that an item tells of: by its index, or where only one fell there at that time. */
function cueOf(item: FeedItem, cues: Cue[]): Cue | null {
  if (typeof item.cue === "number") return cues[item.cue] ?? null;
  const there = cues.filter((cue) => cue.room === item.room && Math.abs(cue.at - item.time) < 1);
  return there.length === 1 ? there[0]! : null;
}

export function feedWords(item: FeedItem, show: Show, pane: number, behind: boolean): string {
  const cue = item.kind === "cue" ? cueOf(item, show.panes[pane]?.cues ?? []) : null;
  if (cue) return cueWords(cue, show);
  const product = item.product === undefined ? "" : nameOf(show.products[item.product]?.name);
  const values: Values = {
    n: item.count === 1 ? 1 : count(item.count), product, consumer: item.consumer ?? "", segment: nameOf(item.segment),
    price: item.price === undefined ? "" : yuan(item.price), harm: yuan(item.harm ?? 0), text: item.text ?? "",
  };
  return maybe(feedKey(item, behind), values) ?? item.text ?? nameOf(item.kind);
}

/** The cue that somebody saw, in words; the engine's own where the page does not show that room. */
function sawWords(act: ActTold, show: Show, pane: number): string {
  const data = act.data as { act?: string; detail?: string } | null;
  const seen = show.panes[pane]?.cues.find((cue) => cue.act === data?.act && show.rooms[cue.room]?.name === act.room && Math.abs(cue.at - act.time) < 1);
  return t("act_saw", { what: seen ? cueWords(seen, show) : nameOf(data?.detail) });
}

/** One act of a consumer: mostly the engine's own words in English, and a sentence from its data in Chinese. */
export function actWords(act: ActTold, show: Show, pane: number): string {
  if (act.kind === "saw") return sawWords(act, show, pane);
  if (act.kind === "looked") return lookedWords(act) ?? act.sentence;
  if (language() === "en") return capital(act.sentence.replaceAll("_", " "));
  const data = (act.data ?? {}) as Record<string, Record<string, number> | number | string | boolean>;
  const values = { ...valuesOf(data), room: nameOf(act.room), displayed: amount(data["displayed_viewers"]), real: amount(data["real_viewers"]) };
  if (act.kind === "payment") return maybe(`act_payment_${String(data["event"])}`, values) ?? act.sentence;
  if (act.kind === "entered") return t(data["chosen"] === false ? "act_entered_hop" : "act_entered", values);
  return maybe(`act_${act.kind}`, values) ?? act.sentence;
}

function amount(value: unknown): string {
  return typeof value === "number" ? count(value) : "";
}

function lookedWords(act: ActTold): string | null {
  const data = act.data as { product?: string; needs?: boolean; wants?: boolean; would_want_honestly?: boolean; decision?: { private_value: number; belief: number } };
  if (!data.decision || data.needs === false) return t("act_looked_no_need", { product: nameOf(data.product) });
  const outcome = data.wants ? (data.would_want_honestly ? "act_wants" : "act_wants_misled") : "act_wants_not";
  return t("act_looked", {
    product: nameOf(data.product), worth: yuan(data.decision.private_value), belief: percent(data.decision.belief, 0), outcome: t(outcome),
  });
}
