// One room's picture: the anchor with the product at the left, the crowd before the stage. Draws only what has changed, and only while seen.
import { calm } from "../core/frames";
import { Crowd } from "./crowd";
import { palette, stamp, type FigureKind } from "./figures";
import { drawAnchor, drawProduct, drawProtest } from "./props";

export interface SceneState {
  real: number;
  passers: number;
  bots: number;
  per: number;
  behind: boolean;
  lively: boolean;
  onAir: boolean;
  arousal: number;
  quarrel: boolean;
  product: string;
}

/** A swaying crowd needs no more pictures than this, in milliseconds. */
const SWAY = 32;
const SMALL = 130;
const KINDS: FigureKind[] = ["real", "passer", "bot", "anyone"];

export class Scene {
  private readonly pen: CanvasRenderingContext2D;
  private readonly crowd = new Crowd();
  private width = 0;
  private height = 0;
  private density = 1;
  private drawn = "";
  private drawnAt = 0;
  private last: SceneState | null = null;
  visible = true;

  constructor(private readonly canvas: HTMLCanvasElement) {
    this.pen = canvas.getContext("2d", { alpha: false })!;
  }

  resize(width: number, height: number): void {
    const density = Math.min(2, window.devicePixelRatio || 1);
    if (width === this.width && height === this.height && density === this.density) return;
    Object.assign(this, { width, height, density });
    this.canvas.width = Math.round(width * density);
    this.canvas.height = Math.round(height * density);
    const left = this.stageWidth();
    this.crowd.layOut(left + 8, 10, width - left - 18, height - 22, this.size() * 1.06);
    this.drawn = "";
    this.paint(this.drawnAt);
  }

  private stageWidth(): number {
    return Math.min(250, Math.max(70, this.width * 0.34));
  }

  private size(): number {
    return this.height < 110 ? 8 : Math.max(11, Math.min(24, Math.sqrt((this.width * 0.66 * this.height) / 250)));
  }

  draw(now: number, state: SceneState): void {
    if (!this.visible || this.width === 0) return;
    const changed = this.people(state);
    const moving = state.lively && state.onAir && this.height > SMALL && !calm();
    const look = `${state.behind} ${state.onAir} ${state.quarrel} ${state.product} ${this.width} ${moving}`;
    const due = moving && now - this.drawnAt > SWAY;
    if (!changed && !due && look === this.drawn) return;
    this.drawn = look;
    this.drawnAt = now;
    this.last = state;
    this.paint(now, moving);
  }

  /** Paints the last state; at once where the canvas has a new size, since it is black until then. */
  private paint(now: number, moving = false): void {
    const { pen, last: state } = this;
    pen.setTransform(this.density, 0, 0, this.density, 0, 0);
    pen.fillStyle = state && !state.onAir ? "#f1efea" : "#fffdf7";
    pen.fillRect(0, 0, this.width, this.height);
    if (!state) return;
    this.stage(now, state, moving);
    this.figures(now, state, moving);
  }

  private people(state: SceneState): boolean {
    const figures = (viewers: number): number => Math.round(viewers / state.per);
    const real = figures(state.real - state.passers);
    const passers = figures(state.passers);
    const bots = figures(state.bots);
    this.crowd.want("real", state.behind ? real : 0);
    this.crowd.want("passer", state.behind ? passers : 0);
    this.crowd.want("bot", state.behind ? bots : 0);
    this.crowd.want("anyone", state.behind ? 0 : real + passers + bots);
    let changed = false;
    for (const place of this.crowd.places) {
      const goal = place.kind ? 1 : 0;
      if (place.shown === goal) continue;
      place.shown = calm() || Math.abs(goal - place.shown) < 0.04 ? goal : place.shown + (goal - place.shown) * 0.2;
      changed = true;
    }
    return changed;
  }

  private stage(now: number, state: SceneState, moving: boolean): void {
    const { pen } = this;
    const wide = this.stageWidth();
    const ground = this.height - 12;
    pen.fillStyle = state.onAir ? "#fdf0c4" : "#e6e3dc";
    pen.beginPath();
    pen.roundRect(8, 8, wide - 8, this.height - 16, 10);
    pen.fill();
    if (!state.onAir) return;
    const size = Math.min(this.height * 0.44, wide * 0.4);
    const excited = Math.min(1, state.arousal);
    const bounce = moving ? Math.abs(Math.sin(now / 180)) * size * 0.12 * excited : 0;
    drawAnchor(pen, wide * (state.quarrel ? 0.3 : 0.34), ground - bounce, size, palette.ink, 0.3 + excited * 0.7);
    if (state.quarrel) drawProtest(pen, wide * 0.76, ground, size * 0.86, moving ? Math.sin(now / 60) * 2 : 0);
    if (state.product) drawProduct(pen, state.product, wide * (state.quarrel ? 0.54 : 0.7), ground - size * 0.82, size * 0.62);
  }

  private figures(now: number, state: SceneState, moving: boolean): void {
    const { pen } = this;
    const size = this.size();
    const sway = moving ? 0.6 + Math.min(1, state.arousal) * 2.6 : 0;
    for (const kind of KINDS) {
      const { image, width, height } = stamp(kind, size, this.density);
      for (const place of this.crowd.places) {
        if (place.shown === 0 || (place.kind ?? place.leaving) !== kind) continue;
        const lift = kind === "bot" ? 0 : sway * Math.sin(now / 260 + place.phase);
        pen.globalAlpha = place.shown;
        pen.drawImage(image, place.x - width / 2, place.y - height / 2 + lift + (1 - place.shown) * 6, width, height);
      }
    }
    pen.globalAlpha = 1;
  }
}
