// A made-up evening with the shape of the real thing, for trying the page without the simulator. Its figures mean nothing.
const rooms = ["quarrel_room", "quiet_room", "kitchen_room", "scarf_room"];
const END = 18300;
const GRID = 30;

export const products = [
  { name: "diamond_necklace", market_price: 120, honest_prior_price: 128 },
  { name: "frying_pan", market_price: 99, honest_prior_price: 99 },
  { name: "wool_scarf", market_price: 119, honest_prior_price: 119 },
];
const keys = ["reference_price", "claimed_quality", "orders", "viewers", "scarcity", "windfall", "arousal", "promise"];
export const channels = keys.map((key) => ({ key, label: key.replaceAll("_", " ") }));
const totals = [
  "displayed_views", "real_views", "looks", "displayed_orders", "real_orders", "brushed_orders", "buyers", "paid_orders", "paid_sales", "displayed_sales",
  "induced_orders", "harm", "unbiased_harm", "claims", "complaints", "redress", "unresolved", "farm_income", "fines",
];

const cue = (at, room, act, product, deceives, args = {}) => ({ at, room, act, script: null, product, false: deceives, args });
function cuesOf(without) {
  const list = [];
  for (const start of [5700, 8400, 11700]) {
    list.push(cue(start, 0, "pitch", 0, false));
    if (!without.includes("script")) {
      list.push(cue(start + 30, 0, "claim_price", 0, true, { price: 1599 }), cue(start + 90, 0, "subsidy", 0, true, { amount: 50, real: false }));
      list.push(cue(start + 120, 0, "staged_quarrel", 0, true), cue(start + 160, 0, "shout_orders", 0, true, { from: 1500, to: 3500, over: 90 }));
    }
    list.push(cue(start + 150, 0, "open_link", 0, false, { price: 98, stock: 5000 }), cue(start + 600, 0, "close_link", 0, false));
    list.push(cue(start, 1, "pitch", 0, false), cue(start + 60, 1, "open_link", 0, false, { price: 98, stock: 5000 }));
  }
  if (!without.includes("bots")) list.push(cue(5400, 0, "buy", null, true, { service: "views", count: 10000, over: 70, cost: 30 }));
  return list.sort((one, other) => one.at - other.at);
}

export const base = {
  scenario: {
    name: "diamond_necklace", title: "The diamond necklace: 1,599 to 98 yuan after a staged quarrel",
    story: "A host cuts a diamond necklace from 1,599 to 98 yuan while the brand's woman tries to stop him; staff call out orders that do not exist.", look_for: [],
  },
  start: "2020-11-11 18:55", end: END, tick: 5, windows: [[300, 16500]],
  rooms: rooms.map((name, id) => ({ id, name, anchor: name.replace("room", "host").replace("quarrel", "shouting"), on_air: [3900, 3900, 2100, 300][id], off_air: [14700, 14700, 16500, 14700][id] })),
  rooms_in_all: 4, consumers: 300000, products, channels, metrics: [{ key: "real_orders", label: "orders", unit: "orders", group: "market" }],
};

export class World {
  constructor(settings) {
    this.settings = settings;
    this.cues = cuesOf(settings.without);
    this.restart();
  }

  restart() {
    this.time = 0;
    this.totals = { ...Object.fromEntries(totals.map((key) => [key, 0])), harm_by_channel: keys.map(() => 0) };
    this.now = rooms.map(() => ({
      on_air: false, displayed_viewers: 0, real_viewers: 0, background_viewers: 0, displayed_views: 0, real_views: 0, displayed_orders: 0, real_orders: 0,
      brushed_orders: 0, displayed_likes: 0, real_likes: 0, displayed_comments: 0, real_comments: 0, product: null, price: null, claimed_price: null, stock: 0,
      displayed_stock: 0, reserved: 0, arousal: 0, exposure: 0.2,
    }));
    this.samples = this.empty();
    this.feed = [];
  }

  empty() {
    const room = () => ({ displayed_viewers: [], real_viewers: [], displayed_orders: [], real_orders: [], brushed_orders: [], price: [], stock: [], displayed_stock: [], reserved: [], exposure: [], arousal: [] });
    return { time: [], market: Object.fromEntries(totals.map((key) => [key, []])), harm_by_channel: keys.map(() => []), rooms: rooms.map(room) };
  }

  /** Goes on to a moment; returns what is new. */
  advance(to) {
    const news = { samples: this.empty(), feed: [], fell: [] };
    while (this.time < Math.min(to, END)) {
      this.time += 5;
      this.fall(news);
      rooms.forEach((_, room) => this.live(room, news));
      if (this.time % GRID === 0) for (const samples of [this.samples, news.samples]) this.sample(samples);
    }
    this.feed = [...this.feed, ...news.feed].slice(-80);
    return { now: structuredClone(this.now), totals: structuredClone(this.totals), ...news, finals: this.finals() };
  }

  fall(news) {
    for (const one of this.cues.filter(({ at }) => at > this.time - 5 && at <= this.time)) {
      const now = this.now[one.room];
      if (one.act === "claim_price") now.claimed_price = one.args.price;
      if (one.act === "open_link") Object.assign(now, { product: one.product, price: one.args.price, stock: one.args.stock });
      if (one.act === "pitch") now.product = one.product;
      if (one.act === "close_link") Object.assign(now, { price: null, claimed_price: null, product: null });
      if (one.act === "shout_orders") this.shouting = this.time + 90;
      if (one.act === "staged_quarrel") now.arousal = 1;
      if (one.act === "buy") this.bots = this.time;
      news.fell.push({ at: one.at, room: one.room, act: one.act, detail: "", seen_by: 4000, false: one.false });
      news.feed.push({ time: one.at, room: one.room, kind: "cue", count: 1, cue: this.cues.indexOf(one), text: `${one.act.replaceAll("_", " ")}` });
    }
  }

  live(room, news) {
    const { on_air: from, off_air: to } = base.rooms[room];
    const now = this.now[room];
    now.on_air = this.time >= from && this.time < to;
    const rise = now.on_air ? Math.min(1, (this.time - from) / 3000) : 0;
    now.background_viewers = Math.round((room === 0 ? 1800 : 200) * rise);
    now.real_viewers = Math.round([4200, 1500, 900, 700][room] * rise * (0.9 + 0.1 * Math.sin(this.time / 200 + room)));
    const bots = room === 0 && this.bots ? Math.max(0, 8000 * Math.min(1, (this.time - this.bots) / 70) * Math.exp(-(this.time - this.bots) / 5000)) : 0;
    now.displayed_viewers = now.real_viewers + Math.round(bots);
    now.arousal *= 0.985;
    now.exposure = 0.2 + 0.3 * rise;
    this.order(room, now, news);
  }

  order(room, now, news) {
    if (now.price === null || !now.on_air) return;
    const orders = Math.min(now.stock, Math.round((now.real_viewers / 900) * (0.4 + now.arousal) * (Math.sin(this.time * 7.1) ** 2 + 0.3)));
    const shouted = room === 0 && this.shouting > this.time ? 90 : 0;
    now.real_orders += orders;
    now.stock -= orders;
    now.displayed_stock = now.stock;
    now.reserved = orders * 4;
    const brushed = bots(this) && room === 0 ? 1 : 0;
    now.brushed_orders += brushed;
    now.displayed_orders += orders + shouted + brushed;
    if (orders) {
      const induced = now.arousal > 0.4 && room === 0;
      const consumer = (this.time * 7919 + room) % 300000;
      news.feed.push({ time: this.time, room, kind: "order", count: 1, consumer, segment: "bargain_hunters", product: now.product, price: now.price, harm: induced ? 31.5 : 0, induced });
    }
    if (shouted) news.feed.push({ time: this.time, room, kind: "shouted", count: shouted });
    this.count(room, now, orders, shouted + brushed);
  }

  count(room, now, orders, more) {
    const { totals: all } = this;
    all.real_orders += orders;
    all.displayed_orders += orders + more;
    all.buyers += orders * 0.9;
    all.paid_orders += orders * 0.85;
    all.paid_sales += orders * 0.85 * now.price;
    all.real_views += now.real_viewers / 12;
    all.displayed_views += now.displayed_viewers / 12;
    const harm = room === 0 ? orders * now.arousal * 6 : 0;
    all.harm += harm;
    [0.6, 0.25, 0.1, 0.02, 0, 0, 0.03, 0].forEach((share, channel) => (all.harm_by_channel[channel] += harm * share));
  }

  sample(samples) {
    samples.time.push(this.time);
    for (const key of totals) samples.market[key].push(this.totals[key]);
    keys.forEach((_, channel) => samples.harm_by_channel[channel].push(this.totals.harm_by_channel[channel]));
    samples.rooms.forEach((columns, room) => Object.keys(columns).forEach((key) => columns[key].push(this.now[room][key])));
  }

  finals() {
    return this.time >= END ? [this.totals.real_orders] : null;
  }

  info() {
    return {
      regime: { name: this.settings.regime ?? "none", title: "No rules: the baseline" }, cues: this.cues, samples: this.samples, feed: this.feed, now: this.now,
      totals: this.totals, finals: this.finals(),
    };
  }
}

function bots(world) {
  return Boolean(world.bots);
}

const decision = {
  utility: 285.97, honest_utility: 29.64, unbiased_utility: -6.5, threshold: 184.54, private_value: 91.53, expected_price: 120, market_price: 120, reference_price: 690.59,
  honest_reference_price: 122.69, belief: 0.72, times_seen: 1, displayed_orders: 4686, displayed_viewers: 4261, searched: true, would_have_searched: true, impulse: false,
};
export function consumerOf(id, panes) {
  const order = {
    order: 5553, time: 8594, room: "quarrel_room", product: "diamond_necklace", units: 1, price: 98, paid: 98, harm: 154.9,
    harm_by_channel: [98.2, 31.1, 20.4, 5.2, 0, 0, 0, 0], unbiased_harm: 191, unbiased_by_channel: keys.map(() => 0), decision,
  };
  const acts = [
    { time: 7100, room: null, kind: "planned", sentence: "plans to be online from 20:53", data: { online: 7100 } },
    { time: 8318, room: "quarrel_room", kind: "entered", sentence: "enters quarrel_room, which it had chosen: 4286 viewers on display, 4286 real", data: { chosen: true, displayed_viewers: 4286, real_viewers: 4286 } },
    { time: 8594, room: "quarrel_room", kind: "looked", sentence: "looks at diamond_necklace: 98.00 yuan, worth 91.53 to it", data: { product: "diamond_necklace", needs: true, wants: true, would_want_honestly: false, decision } },
    { time: 8594, room: "quarrel_room", kind: "ordered", sentence: "orders diamond_necklace for 98.00 yuan (order 5553); harm 154.90 yuan", data: { order: 5553, product: "diamond_necklace", price: 98, harm: 154.9 } },
    { time: 8640, room: "quarrel_room", kind: "payment", sentence: "pays 98.00 yuan", data: { order: 5553, event: "paid", amount: 98 } },
  ];
  const all = [{ orders: [order], acts }, { orders: [], acts: acts.slice(0, 2) }];
  return { consumer: id, segment: "bargain_hunters", vulnerable: true, panes: all.slice(0, panes) };
}
