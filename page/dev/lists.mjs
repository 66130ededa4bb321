// Lists that the made-up server hands out: scenarios, rules, sliders, a lesson, a campaign.
const text = (en, zh) => ({ en, zh });
export const scenarios = ["diamond_necklace", "bought_views", "honest_evening"].map((name) => ({ name, title: name.replaceAll("_", " "), story: "" }));
export const regimes = ["none", "disclosure", "substantiation", "china-2021", "eu"].map((name) => ({ name, title: name, story: "" }));
const about = { source: "\"it's all this routine\" (F10)", evidence: "A", range: "0 to 1" };
export const controls = [
  { key: "counter_price", kind: "number", group: "script", label: text("Claimed counter price", "声称的专柜价"), meaning: text("What the host says it costs at the counter.", "主播声称的专柜价格。"), unit: text("yuan", "元"), low: 98, high: 3000, step: 1, scale: "linear", value: 1599, ...about, path: "rooms.quarrel_room.play.1.with.counter_price" },
  { key: "shouted_to", kind: "number", group: "script", label: text("Orders shouted", "喊单数"), meaning: text("How far the staff count.", "员工喊到多少单。"), unit: text("orders", "单"), low: 0, high: 10000, step: 100, scale: "linear", value: 3500, ...about, path: "rooms.quarrel_room.play.1.with.shouted_to" },
  { key: "views_price", kind: "number", group: "crowd", label: text("Price of 10,000 viewers", "一万观众的价格"), meaning: text("What a farm takes.", "机器农场的要价。"), unit: text("yuan", "元"), low: 1, high: 1000, step: 1, scale: "log", value: 30, ...about, path: "farms.november.views_price" },
  { key: "scepticism", kind: "number", group: "people", label: text("Scepticism", "怀疑程度"), meaning: text("How much of belief a fully literate person loses each time the same kind of staged cue is seen again.", "每次再看到同类套路时，消息灵通者丧失的信任比例。"), unit: text("", ""), low: 0, high: 1, step: 0.01, scale: "linear", value: 0.6, ...about, path: "behaviour.scepticism" },
  { key: "ranking", kind: "choice", group: "platform", label: text("Ranking by", "排序依据"), meaning: text("What the platform ranks rooms by.", "平台按什么排序。"), unit: text("", ""), value: "viewers", choices: [{ value: "viewers", label: text("viewers", "观众") }, { value: "sales", label: text("sales", "成交") }], ...about, path: "platform.ranking" },
];
export const lesson = {
  name: "false_counter", title: text("Who are 3,500 orders?", "3500 单是谁下的？"), minutes: 15, speed: 300, controls: ["shouted_to"],
  story: text("The host cuts the price, the brand's woman protests, and the staff shout: 1,500, 2,000, 3,500 orders!", "主播砍价，品牌方女代表抗议，员工高喊：1500、2000、3500 单！"),
  question: text("How many of the orders on the counter were ever placed?", "计数器上的订单有多少是真实的？"),
  settings: { scenario: "diamond_necklace", text: null, seed: null, changes: [], a: { regime: null, without: [], controls: {} }, b: { regime: null, without: ["script"], controls: {} } },
  try: [text("Set the shouted orders to zero.", "把喊单数设为零。"), text("Look at the same person in both worlds.", "看同一个人在两个世界里的样子。")],
  look_for: [text("The orange part of the order counter.", "订单计数器的橙色部分。")],
  predict: { question: text("How many of 100 displayed orders are real?", "显示的 100 单里有多少是真的？"), options: [text("About 95", "约 95"), text("About 65", "约 65"), text("About 20", "约 20")] },
  check: { question: text("What did most harm?", "什么造成的损害最大？"), options: [text("The shouted orders", "喊单"), text("The claimed counter price", "声称的专柜价"), text("The bots", "机器账号")] },
};
export const campaign = `title = "The coat"\n\n[products.down_coat]\nbrand = "guess"\nprice = 899.0\n\n[coupons.president]\namount = 1000\nthreshold = 2000\n`;
export function audited(source) {
  const number = (match, path, label) => ({ path, value: Number(match[1]), line: source.slice(0, match.index).split("\n").length, start: match.index + match[0].length - match[1].length, end: match.index + match[0].length, label });
  const found = [["price", /price = ([\d.]+)/, "price of down_coat"], ["amount", /amount = ([\d.]+)/, "president: amount off"], ["threshold", /threshold = ([\d.]+)/, "president: from a sum of"]];
  const numbers = found.flatMap(([path, pattern, label]) => { const match = pattern.exec(source); return match ? [number(match, path, label)] : []; });
  const [price = 899, amount = 1000] = numbers.map(({ value }) => value);
  const cheapest = Math.max(0, price - amount * 0.383);
  const moments = [["2020-10-21 20:00", price, price], ["2020-10-29 20:25", price, cheapest], ["2020-11-01 20:25", price, cheapest * 1.05], ["2020-11-11 00:00", price * 0.97, price * 0.97]];
  return {
    title: "The coat", table: "promise                by          product    verdict  promised  cheapest  buyers\nstar_room at 0:22:00   star        down_coat  broken     899.00    515.96   1,000", numbers,
    promises: [
      { by: "star_room", product: "down_coat", verdict: cheapest < 899 ? "broken" : "kept", promised: 899, cheapest, buyers: 1000, witness: "broken by 383.04: 515.96 from 2020-11-01 20:25 in star_room with president\n  1 x down_coat at 899.00 (star_room)                                   899.00\n  1 x dress at 349.00 (guess)                                           349.00", moments: moments.map(([from, posted, effective]) => ({ from, posted, effective })) },
    ],
  };
}
