// Columns of samples: adding the newest, cutting at a moment, reading single figures.
import type { RoomSamples, Samples, TotalKey, Totals } from "../contract";

/** Adds what is newer than what there is. */
export function append(samples: Samples, more: Samples): void {
  const last = samples.time[samples.time.length - 1] ?? -1;
  const from = more.time.findIndex((time) => time > last);
  if (from < 0) return;
  extend(samples.time, more.time, from);
  for (const key of Object.keys(samples.market) as TotalKey[]) extend(samples.market[key], more.market[key] ?? [], from);
  samples.harm_by_channel.forEach((column, index) => extend(column, more.harm_by_channel[index] ?? [], from));
  samples.rooms.forEach((room, index) => {
    const other = more.rooms[index];
    if (!other) return;
    for (const key of Object.keys(room) as (keyof RoomSamples)[]) extend(room[key] as unknown[], other[key] as unknown[], from);
  });
}

function extend<Item>(column: Item[], more: Item[], from: number): void {
  for (let index = from; index < more.length; index += 1) column.push(more[index]!);
}

/** The samples from index `from` up to, not including, `to`. */
export function slice(samples: Samples, from: number, to: number): Samples {
  const cut = <Item>(column: Item[]): Item[] => column.slice(from, to);
  const market = {} as Samples["market"];
  for (const key of Object.keys(samples.market) as TotalKey[]) market[key] = cut(samples.market[key]);
  return {
    time: cut(samples.time),
    market,
    harm_by_channel: samples.harm_by_channel.map(cut),
    rooms: samples.rooms.map((room) => ({
      displayed_viewers: cut(room.displayed_viewers),
      real_viewers: cut(room.real_viewers),
      displayed_orders: cut(room.displayed_orders),
      real_orders: cut(room.real_orders),
      brushed_orders: cut(room.brushed_orders),
      price: cut(room.price),
      stock: cut(room.stock),
      displayed_stock: cut(room.displayed_stock),
      reserved: cut(room.reserved),
      exposure: cut(room.exposure),
      arousal: cut(room.arousal),
    })),
  };
}

/** How many samples there are up to a moment, this included. */
export function upTo(times: number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The totals at a sample. */
export function totalsAt(samples: Samples, index: number): Totals {
  const totals = { harm_by_channel: samples.harm_by_channel.map((column) => column[index] ?? 0) } as Totals;
  for (const key of Object.keys(samples.market) as TotalKey[]) totals[key] = samples.market[key][index] ?? 0;
  return totals;
}

/** The curve before the change, brought onto the grid of the curve after it. */
export function onGrid(before: Samples, column: (number | null)[], times: number[]): (number | null)[] {
  let index = 0;
  const last = before.time.at(-1) ?? -1;
  return times.map((time) => {
    if (time > last) return null;
    while (index + 1 < before.time.length && before.time[index + 1]! <= time) index += 1;
    return column[index] ?? null;
  });
}

export function ratio(above: number, below: number): number {
  return below > 0 ? above / below : 0;
}

export const displayedConversion = (totals: Pick<Totals, "displayed_orders" | "displayed_views">): number =>
  ratio(totals.displayed_orders, totals.displayed_views);
export const trueConversion = (totals: Pick<Totals, "buyers" | "real_views">): number => ratio(totals.buyers, totals.real_views);
