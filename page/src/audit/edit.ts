// Changing one number in a text, and where the other numbers are afterwards.
import type { TextNumber } from "../contract";

export interface Edited { text: string; numbers: TextNumber[] }

/** Writes a value in place of the number at `index`; the numbers behind it move along. */
export function editNumber(text: string, numbers: TextNumber[], index: number, value: number): Edited {
  const edited = numbers[index];
  if (!edited || !Number.isFinite(value)) return { text, numbers };
  const written = literal(value, text.slice(edited.start, edited.end));
  const moved = written.length - (edited.end - edited.start);
  const shifted = numbers.map((one, place) => {
    if (place === index) return { ...one, value, end: one.end + moved };
    return one.start > edited.start ? { ...one, start: one.start + moved, end: one.end + moved } : one;
  });
  return { text: text.slice(0, edited.start) + written + text.slice(edited.end), numbers: shifted };
}

/** A TOML number: with a point where there was one, since some keys want one. */
function literal(value: number, before: string): string {
  const written = String(Number(value.toPrecision(12)));
  return before.includes(".") && !/[.e]/.test(written) ? `${written}.0` : written;
}

/** A sensible range for a slider around a number of which only the value is known. */
export function rangeAround(value: number): { low: number; high: number; step: number } {
  const size = Math.abs(value) || 1;
  const power = 10 ** Math.floor(Math.log10(size));
  const high = Math.ceil((2 * size) / power) * power;
  const step = Number.isInteger(value) && power >= 1 ? Math.max(1, power / 100) : power / 100;
  return { low: value < 0 ? -high : 0, high, step };
}
