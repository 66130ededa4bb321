// A recorded run in the document as a source: it plays through the samples and the feed without any server.
import { timeAxis, type TimeAxis } from "../core/axis";
import { parseMarketTime } from "../core/format";
import { slice, totalsAt, upTo } from "../core/samples";
import type { ControlAction, Hello, PaneInfo, RoomNow, Show, Status, Tick } from "../contract";
import { Refused, type Listener, type Source } from "./source";

const BEAT = 80;
export interface Recording { hello: Hello; show: Show }

/** The pane as it was at a moment, with what of its cues had fallen. */
export function roomAt(pane: PaneInfo, room: number, index: number, time: number): RoomNow {
  const columns = pane.samples.rooms[room]!;
  const at = (column: number[]): number => column[index] ?? 0;
  const fallen = pane.cues.filter((cue) => cue.room === room && cue.at <= time);
  const product = fallen.filter((cue) => cue.product !== null).at(-1)?.product ?? null;
  const claim = fallen.filter((cue) => cue.act === "claim_price" && cue.product === product).at(-1);
  const last = pane.now[room];
  return {
    on_air: false,
    displayed_viewers: at(columns.displayed_viewers),
    real_viewers: at(columns.real_viewers),
    background_viewers: last ? Math.min(last.background_viewers, at(columns.real_viewers)) : 0,
    displayed_views: 0, real_views: 0,
    displayed_orders: at(columns.displayed_orders),
    real_orders: at(columns.real_orders),
    brushed_orders: at(columns.brushed_orders),
    displayed_likes: 0, real_likes: 0, displayed_comments: 0, real_comments: 0,
    product,
    price: columns.price[index] ?? null,
    claimed_price: claim ? Number(claim.args["price"]) : null,
    stock: at(columns.stock), displayed_stock: at(columns.displayed_stock), reserved: at(columns.reserved),
    arousal: at(columns.arousal), exposure: at(columns.exposure),
  };
}

class Player {
  private time = 0;
  private told = 0;
  private speed = 300;
  private playing = 0;
  private listener: Listener | null = null;
  private readonly axis: TimeAxis;

  constructor(private readonly recording: Recording) {
    const { show } = recording;
    this.axis = timeAxis(show.windows, show.end, parseMarketTime(show.start));
    this.speed = recording.show.status.speed || 300;
  }

  listen(listener: Listener): void {
    this.listener = listener;
    listener.open();
    this.restart(0);
  }

  act(action: ControlAction): void {
    if (action.action === "play") this.play();
    else if (action.action === "pause") this.pause();
    else if (action.action === "step") this.moveTo(this.time + this.recording.show.tick);
    else if (action.action === "restart") this.restart(0);
    else if (action.action === "jump") this.restart(Math.max(0, Math.min(action.to, this.last())));
    else if (action.action === "speed") this.speed = action.speed;
    this.tellStatus();
  }

  last(): number {
    return this.recording.show.panes[0]?.samples.time.at(-1) ?? 0;
  }

  private play(): void {
    if (this.playing) return;
    if (this.time >= this.last()) this.restart(0);
    this.playing = window.setInterval(() => this.beat(), BEAT);
  }

  private pause(): void {
    window.clearInterval(this.playing);
    this.playing = 0;
  }

  private beat(): void {
    const step = this.speed === 0 ? this.last() / 100 : (this.speed * BEAT) / 1000;
    const next = this.time + step;
    this.moveTo(this.axis.isGap(next) ?? next);
  }

  private status(): Status {
    // A replay may have been saved in the middle of the evening; then only the recording ends.
    const over = this.time >= this.last() && this.last() > this.recording.show.end - 1;
    const state = over ? "ended" : this.playing && this.time < this.last() ? "playing" : "paused";
    return { state, speed: this.speed, time: this.time, watching: 1 };
  }

  private tellStatus(): void {
    this.listener?.status(this.status());
  }

  /** Shows the run as it was at a moment. */
  private restart(time: number): void {
    const { show } = this.recording;
    this.time = time;
    this.told = upTo(show.panes[0]?.samples.time ?? [], time);
    const panes = show.panes.map((pane) => ({
      ...pane,
      samples: slice(pane.samples, 0, this.told),
      feed: pane.feed.filter((item) => item.time <= time).slice(-80),
      now: this.now(pane),
      totals: totalsAt(pane.samples, Math.max(0, this.told - 1)),
      finals: time >= this.last() ? pane.finals : null,
    }));
    this.listener?.show({ ...show, panes, status: this.status() });
  }

  private now(pane: PaneInfo): RoomNow[] {
    const index = Math.max(0, this.told - 1);
    return this.recording.show.rooms.map((room, place) => ({
      ...roomAt(pane, place, index, this.time),
      on_air: this.time >= room.on_air && this.time < room.off_air,
    }));
  }

  private moveTo(next: number): void {
    const { show } = this.recording;
    const before = this.time;
    this.time = Math.min(next, this.last());
    const from = this.told;
    this.told = upTo(show.panes[0]?.samples.time ?? [], this.time);
    const fresh = (time: number): boolean => time > before && time <= this.time;
    const tick: Tick = {
      id: show.id,
      time: this.time,
      panes: show.panes.map((pane) => ({
        now: this.now(pane),
        totals: totalsAt(pane.samples, Math.max(0, this.told - 1)),
        samples: slice(pane.samples, from, this.told),
        feed: pane.feed.filter((item) => fresh(item.time)),
        fell: pane.cues.filter((cue) => fresh(cue.at)).map((cue) => ({ at: cue.at, room: cue.room, act: cue.act, detail: "", seen_by: 0, false: cue.false })),
        finals: this.time >= this.last() ? pane.finals : null,
      })),
    };
    this.listener?.tick(tick);
    if (this.time >= this.last()) {
      this.pause();
      this.tellStatus();
    }
  }
}

const nothing = (): Promise<never> => Promise.reject(new Refused(0, "", null));

/** The source of the replay in the document; null where there is none. */
export function replaySource(): Source | null {
  const text = document.getElementById("replay")?.textContent;
  if (!text) return null;
  const recording = JSON.parse(text) as Recording;
  const player = new Player(recording);
  return {
    live: false,
    until: player.last(),
    hello: () => Promise.resolve(recording.hello),
    listen: (listener) => player.listen(listener),
    control: (action) => Promise.resolve(player.act(action)),
    show: nothing, class: nothing, vote: nothing, buyers: nothing, consumer: nothing, audit: nothing, examples: nothing,
  };
}
