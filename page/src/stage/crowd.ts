// The crowd as places in staggered rows: figures come to the nearest free place and leave from the back, so that nobody changes seats.
import type { FigureKind } from "./figures";

export interface Place { x: number; y: number; kind: FigureKind | null; leaving: FigureKind | null; shown: number; phase: number }
const NICE = [1, 2, 5];

/** How many viewers one figure stands for, so that the largest crowd still fits: 1, 2, 5, 10, 20 and so on. */
export function perFigure(peak: number, most: number): number {
  for (let power = 1; ; power *= 10) {
    for (const nice of NICE) {
      if (peak / (nice * power) <= most) return nice * power;
    }
  }
}

function noise(index: number): number {
  const mixed = Math.imul(index + 1, 2654435761) >>> 0;
  return ((mixed ^ (mixed >>> 15)) % 1000) / 1000;
}

export class Crowd {
  places: Place[] = [];
  private filled: Record<FigureKind, number> = { real: 0, passer: 0, bot: 0, anyone: 0 };

  /** Lays the places out again; whoever is there finds a new one at once. */
  layOut(left: number, top: number, width: number, height: number, spacing: number): void {
    const counts = { ...this.filled };
    const rows = Math.max(1, Math.floor(height / (spacing * 1.02)));
    const columns = Math.max(1, Math.floor(width / spacing));
    const laid: (Place & { order: number })[] = [];
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const index = row * columns + column;
        const x = left + (column + 0.5 + (row % 2 ? 0.25 : -0.25)) * spacing + (noise(index) - 0.5) * spacing * 0.3;
        const y = top + (row + 0.5) * (height / rows) + (noise(index + 999) - 0.5) * spacing * 0.25;
        const distance = Math.hypot((x - left) / width, ((y - top) / height - 0.55) * 0.7);
        laid.push({ x, y, kind: null, leaving: null, shown: 0, phase: noise(index + 77) * 6.3, order: distance + noise(index + 31) * 0.22 });
      }
    }
    this.places = laid.sort((one, other) => one.order - other.order);
    this.filled = { real: 0, passer: 0, bot: 0, anyone: 0 };
    for (const kind of Object.keys(counts) as FigureKind[]) this.want(kind, counts[kind], true);
  }

  want(kind: FigureKind, wanted: number, atOnce = false): void {
    const missing = wanted - this.filled[kind];
    if (missing > 0) this.add(kind, missing, atOnce);
    else if (missing < 0) this.remove(kind, -missing);
  }

  private add(kind: FigureKind, many: number, atOnce: boolean): void {
    let left = many;
    for (const place of this.places) {
      if (left === 0) break;
      if (place.kind) continue;
      place.kind = kind;
      place.leaving = null;
      if (atOnce) place.shown = 1;
      left -= 1;
    }
    this.filled[kind] += many - left;
  }

  private remove(kind: FigureKind, many: number): void {
    let left = many;
    for (let index = this.places.length - 1; index >= 0 && left > 0; index -= 1) {
      const place = this.places[index]!;
      if (place.kind !== kind) continue;
      place.kind = null;
      place.leaving = kind;
      left -= 1;
    }
    this.filled[kind] -= many - left;
  }
}
