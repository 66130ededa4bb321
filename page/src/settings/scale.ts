// Places on a slider for values on a linear or a logarithmic scale.
import type { Control } from "../contract";

export const STEPS = 1000;

function logarithmic(control: Control): boolean {
  return control.scale === "log" && (control.low ?? 0) > 0;
}

export function toPlace(control: Control, value: number): number {
  const low = control.low ?? 0;
  const high = control.high ?? 1;
  const share = logarithmic(control) ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low || 1);
  return Math.round(Math.max(0, Math.min(1, share)) * STEPS);
}

/** The value at a place, on the control's own steps and within its range. */
export function fromPlace(control: Control, place: number): number {
  const low = control.low ?? 0;
  const high = control.high ?? 1;
  const share = place / STEPS;
  const rough = logarithmic(control) ? low * (high / low) ** share : low + share * (high - low);
  return toStep(control, rough);
}

export function toStep(control: Control, value: number): number {
  const low = control.low ?? -Infinity;
  const high = control.high ?? Infinity;
  const step = control.step ?? 0;
  const stepped = step > 0 ? Math.round((value - (control.low ?? 0)) / step) * step + (control.low ?? 0) : value;
  return Number(Math.max(low, Math.min(high, stepped)).toPrecision(10));
}

/** The next value for a key: one step, or a hundredth of the way where steps are finer. */
export function nudge(control: Control, value: number, direction: 1 | -1, far: boolean): number {
  const place = fromPlace(control, toPlace(control, value) + direction * (far ? STEPS / 10 : STEPS / 100));
  const next = toStep(control, value + direction * (control.step ?? 0));
  return Math.abs(place - value) > Math.abs(next - value) ? place : next;
}
