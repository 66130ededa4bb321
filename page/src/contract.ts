// What the server and the page say to each other; the server's side is src/serve.

export interface Text { en: string; zh: string }
export interface Named { name: string; title: string; story: string }
export type Role = "teacher" | "class";

export interface Hello {
  version: string;
  role: Role;
  scenarios: Named[];
  regimes: Named[];
  scripts: Named[];
  lessons: Lesson[];
  class_link: string | null;
  largest_population: number;
}

export type Absence = "bots" | "script";

export interface PaneSettings {
  label?: Text | null;
  regime?: string | null;
  without: Absence[];
  controls: Record<string, number | string>;
}

export interface Settings {
  scenario: string;
  text?: string | null;
  seed?: number | null;
  /** Changes of the scenario file that hold in both panes, each `path=value`; from a lesson. */
  changes: string[];
  a: PaneSettings;
  b?: PaneSettings | null;
  lesson?: string | null;
}

export interface Room { id: number; name: string; anchor: string; on_air: number; off_air: number }
export interface Product { name: string; market_price: number; honest_prior_price: number }
export interface Channel { key: string; label: string }
export interface Metric { key: string; label: string; unit: string; group: string }

export interface Show {
  id: number;
  settings: Settings;
  scenario: { name: string; title: string; story: string; look_for: string[] };
  seed: number;
  start: string;
  end: number;
  tick: number;
  windows: [number, number][];
  rooms: Room[];
  rooms_in_all: number;
  consumers: number;
  products: Record<number, Product>;
  channels: Channel[];
  metrics: Metric[];
  panes: PaneInfo[];
  controls: Control[];
  status: Status;
  class: ClassState;
  before: Samples | null;
}

export interface PaneInfo {
  regime: { name: string; title: string };
  cues: Cue[];
  samples: Samples;
  feed: FeedItem[];
  now: RoomNow[];
  totals: Totals;
  finals: (number | null)[] | null;
}

export interface Cue {
  at: number;
  room: number;
  act: string;
  script: string | null;
  product: number | null;
  false: boolean;
  args: Record<string, number | string | boolean | null>;
}

export type TotalKey =
  | "displayed_views" | "real_views" | "looks" | "displayed_orders" | "real_orders" | "brushed_orders" | "buyers" | "paid_orders"
  | "paid_sales" | "displayed_sales" | "induced_orders" | "harm" | "unbiased_harm" | "claims" | "complaints" | "redress" | "unresolved"
  | "farm_income" | "fines";
export type Totals = Record<TotalKey, number> & { harm_by_channel: number[] };

export interface RoomSamples {
  displayed_viewers: number[];
  real_viewers: number[];
  displayed_orders: number[];
  real_orders: number[];
  brushed_orders: number[];
  price: (number | null)[];
  stock: number[];
  displayed_stock: number[];
  reserved: number[];
  exposure: number[];
  arousal: number[];
}

export interface Samples {
  time: number[];
  market: Record<TotalKey, number[]>;
  harm_by_channel: number[][];
  rooms: RoomSamples[];
}

export interface RoomNow {
  on_air: boolean;
  displayed_viewers: number;
  real_viewers: number;
  background_viewers: number;
  displayed_views: number;
  real_views: number;
  displayed_orders: number;
  real_orders: number;
  brushed_orders: number;
  displayed_likes: number;
  real_likes: number;
  displayed_comments: number;
  real_comments: number;
  product: number | null;
  price: number | null;
  claimed_price: number | null;
  stock: number;
  displayed_stock: number;
  reserved: number;
  arousal: number;
  exposure: number;
}

export interface Fallen { at: number; room: number; act: string; detail: string; seen_by: number; false: boolean }

export interface TickPane {
  now: RoomNow[];
  totals: Totals;
  samples: Samples;
  feed: FeedItem[];
  fell: Fallen[];
  finals: (number | null)[] | null;
}

export interface Tick { id: number; time: number; panes: TickPane[] }

export type FeedKind =
  | "order" | "brushed" | "shouted" | "lapsed" | "entered" | "bots_entered" | "likes" | "bot_likes" | "comments" | "bot_comments"
  | "sold_out" | "cue" | "sanction" | "complaint" | "redress" | "news";

export interface FeedItem {
  time: number;
  /** `null`: the whole market. */
  room: number | null;
  kind: FeedKind;
  count: number;
  consumer?: number;
  segment?: string;
  vulnerable?: boolean;
  product?: number;
  price?: number;
  harm?: number;
  induced?: boolean;
  /** Index into the pane's cues. */
  cue?: number;
  text?: string;
}

export type PlayState = "loading" | "paused" | "playing" | "running" | "ended";
export interface Status { state: PlayState; speed: number; time: number; watching: number; error?: string | null }

export type ControlGroup = "script" | "crowd" | "people" | "platform" | "after";
export interface Control {
  key: string;
  kind: "number" | "choice";
  group: ControlGroup;
  label: Text;
  meaning: Text;
  unit: Text;
  low?: number;
  high?: number;
  step?: number;
  scale?: "linear" | "log";
  value: number | string;
  choices?: { value: string; label: Text }[];
  source: string;
  evidence: string;
  range: string;
  path: string;
}

export type ControlAction =
  | { action: "play" | "pause" | "step" | "restart" }
  | { action: "speed"; speed: number }
  | { action: "jump"; to: number };

export type Stage = "story" | "predict" | "run" | "check" | "answer";
export type Question = "predict" | "check";
export interface Answer { option: number; value: number; in_words: Text }
export interface ClassState {
  lesson: string | null;
  /** New at every beginning of a lesson. */
  round: number;
  stage: Stage;
  votes: { predict: number[]; check: number[] };
  voters: number;
  /** `null` for everybody until the stage of the answer. */
  answers: { predict: Answer | null; check: Answer | null };
}
export type ClassChange = { lesson: string | null } | { stage: Stage };
export interface Vote { question: Question; option: number; voter: string }

export interface Asked { question: Text; options: Text[] }
export interface Lesson {
  name: string;
  title: Text;
  story: Text;
  question: Text;
  minutes: number;
  settings: Settings;
  speed: number;
  controls: string[];
  try: Text[];
  look_for: Text[];
  predict: Asked;
  check: Asked;
}

export interface Buyer {
  consumer: number;
  segment: string;
  vulnerable: boolean;
  order: number;
  time: number;
  room: number | null;
  product: number;
  price: number;
  harm: number;
}
export interface Buyers { harmed: Buyer[]; recent: Buyer[] }

export interface Decision {
  utility: number;
  honest_utility: number;
  unbiased_utility: number;
  threshold: number;
  private_value: number;
  expected_price: number;
  market_price: number;
  reference_price: number;
  honest_reference_price: number;
  belief: number;
  times_seen: number;
  displayed_orders: number;
  displayed_viewers: number;
  searched: boolean;
  would_have_searched: boolean;
  impulse: boolean;
}
export interface OrderTold {
  order: number;
  time: number;
  room: string | null;
  product: string;
  units: number;
  price: number;
  paid: number | null;
  harm: number;
  harm_by_channel: number[];
  unbiased_harm: number;
  unbiased_by_channel: number[];
  decision: Decision;
}
export interface ActTold { time: number; room: string | null; kind: string; sentence: string; data: Record<string, unknown> | null }
export interface Consumer {
  consumer: number;
  segment: string;
  vulnerable: boolean;
  panes: { orders: OrderTold[]; acts: ActTold[] }[];
}

export type Verdict = "broken" | "kept" | "not broken as far as searched" | "nothing sold";
export interface Moment { from: string; posted: number | null; effective: number | null }
export interface PromiseFound {
  by: string;
  product: string;
  verdict: Verdict;
  promised: number;
  cheapest: number | null;
  buyers: number | null;
  witness: string;
  moments: Moment[];
}
export interface TextNumber { path: string; value: number; line: number; start: number; end: number; label: string }
export interface Audited { title: string; table: string; promises: PromiseFound[]; numbers: TextNumber[] }
export interface Example { name: string; title: Text; text: string }
export interface Refusal { error: string; diagnostics: string | null }
