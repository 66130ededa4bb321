// The axis squeezes long gaps and finds its way back.
import { describe, expect, it } from "vitest";
import { stretches, timeAxis } from "../src/core/axis";

describe("time axis", () => {
  it("keeps short gaps and squeezes long ones", () => {
    expect(stretches([[0, 3600], [5400, 9000]], 9000)).toEqual([{ from: 0, to: 9000, gap: false }]);
    const cut = stretches([[300, 3600], [90000, 93600]], 93600);
    expect(cut.map((piece) => piece.gap)).toEqual([false, true, false]);
  });

  it("goes there and back", () => {
    const axis = timeAxis([[300, 7200], [90000, 97200]], 97200, 0);
    for (const time of [0, 300, 5000, 7200, 90000, 95000, 97200]) expect(axis.time(axis.position(time))).toBeCloseTo(time, 3);
    expect(axis.position(90000) - axis.position(7200)).toBeLessThan(1000);
    expect(axis.isGap(50000)).toBe(90000);
    expect(axis.isGap(5000)).toBeNull();
  });

  it("labels round times, in order", () => {
    const ticks = timeAxis([[300, 16500]], 18300, Date.UTC(2020, 10, 11, 18, 55) / 1000).ticks(6);
    expect(ticks.map((tick) => tick.label)).toEqual(["19:00", "20:00", "21:00", "22:00", "23:00", "00:00"]);
  });
});
