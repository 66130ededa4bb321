// What a chart is, whoever draws it: panels side by side that share their scale, made of lines over market time.
import type { TimeAxis } from "../core/axis";

export type Column = (number | null)[];
export interface Line {
  label: string;
  color: string;
  values: Column;
  width?: number;
  dash?: number[];
  fill?: string;
  step?: boolean;
  /** What the legend says where the drawn value is not the one to tell, as in stacks. */
  told?: Column;
  /** What the legend says at the end: the present, which may be later than the last sample. */
  now?: number;
  /** Drawn, but not in the legend. */
  silent?: boolean;
}
export interface Panel { title: string; positions: number[]; lines: Line[]; marks: number[] }
export interface Figure {
  name: string;
  title: string;
  unit: string;
  panels: Panel[];
  axis: TimeAxis;
  /** Short, for the axis. */
  format: (value: number) => string;
  /** To the last digit that matters, for the legend. */
  tell: (value: number) => string;
  note: string;
}

/** The common scale of all panels. */
export function scaleOf(figure: Figure): [number, number] {
  let low = 0;
  let high = 0;
  for (const panel of figure.panels) {
    for (const line of panel.lines) {
      for (const value of line.values) {
        if (value === null || !Number.isFinite(value)) continue;
        if (value > high) high = value;
        if (value < low) low = value;
      }
    }
  }
  return high === low ? [0, 1] : [low * 1.08, high * 1.08];
}

/** Round values that divide a scale into a few parts. */
export function roundValues(low: number, high: number, most = 5): number[] {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((nice) => nice * power).find((nice) => nice >= rough) ?? rough;
  const values: number[] = [];
  for (let index = Math.ceil(low / step); index * step <= high; index += 1) values.push(Number((index * step).toPrecision(12)));
  return values;
}
