// The axis of market time: gaps of more than an hour in which nobody is on air are squeezed, so that an evening fills the picture.
import { clockTime, shortDate } from "./format";

const LONGEST_GAP = 3600;
const SQUEEZED = 0.03;

interface Stretch { from: number; to: number; start: number; length: number; gap: boolean }
export interface AxisTick { position: number; label: string }
export interface TimeAxis {
  length: number;
  position(time: number): number;
  time(position: number): number;
  gaps(): { from: number; to: number }[];
  isGap(time: number): number | null;
  ticks(most: number): AxisTick[];
}

/** The times between 0 and `end`, cut into stretches on air and long gaps. */
export function stretches(windows: [number, number][], end: number): { from: number; to: number; gap: boolean }[] {
  const cut: { from: number; to: number; gap: boolean }[] = [];
  let reached = 0;
  for (const [from, to] of [...windows].sort((one, other) => one[0] - other[0])) {
    if (from - reached > LONGEST_GAP) cut.push({ from: reached, to: from, gap: true });
    const begin = from - reached > LONGEST_GAP ? from : reached;
    if (to > reached) {
      cut.push({ from: begin, to: Math.max(to, begin), gap: false });
      reached = Math.max(reached, to);
    }
  }
  if (end > reached) cut.push({ from: reached, to: end, gap: end - reached > LONGEST_GAP && cut.length > 0 });
  return joined(cut);
}

function joined(cut: { from: number; to: number; gap: boolean }[]): { from: number; to: number; gap: boolean }[] {
  const result: { from: number; to: number; gap: boolean }[] = [];
  for (const piece of cut) {
    const last = result[result.length - 1];
    if (last && !last.gap && !piece.gap) last.to = piece.to;
    else result.push({ ...piece });
  }
  return result;
}

const STEPS = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

export function timeAxis(windows: [number, number][], end: number, start: number): TimeAxis {
  const cut = stretches(windows, end);
  const lively = cut.reduce((sum, piece) => sum + (piece.gap ? 0 : piece.to - piece.from), 0) || 1;
  const laid: Stretch[] = [];
  let place = 0;
  for (const piece of cut) {
    const length = piece.gap ? lively * SQUEEZED : piece.to - piece.from;
    laid.push({ ...piece, start: place, length });
    place += length;
  }
  const total = place || 1;

  function position(time: number): number {
    for (const piece of laid) {
      if (time <= piece.to) return piece.start + (Math.max(0, time - piece.from) / (piece.to - piece.from || 1)) * piece.length;
    }
    return total;
  }
  function time(at: number): number {
    for (const piece of laid) {
      if (at <= piece.start + piece.length) return piece.from + (Math.max(0, at - piece.start) / (piece.length || 1)) * (piece.to - piece.from);
    }
    return end;
  }
  function ticks(most: number): AxisTick[] {
    const many = end > 36 * 3600;
    const step = STEPS.find((one) => lively / one <= most) ?? 604800;
    const found: AxisTick[] = [];
    for (const piece of laid) {
      if (piece.gap) continue;
      const first = many ? piece.from : Math.ceil((start + piece.from) / step) * step - start;
      for (let at = first; at <= piece.to; at += step) {
        const last = found[found.length - 1];
        if (last && position(at) - last.position < total / (most * 1.6)) continue;
        found.push({ position: position(at), label: many ? shortDate(start, at) : clockTime(start, at, false) });
      }
    }
    return found;
  }
  return {
    length: total,
    position,
    time,
    ticks,
    gaps: () => laid.filter((piece) => piece.gap).map((piece) => ({ from: piece.start, to: piece.start + piece.length })),
    isGap: (at) => laid.find((piece) => piece.gap && at > piece.from && at < piece.to)?.to ?? null,
  };
}
