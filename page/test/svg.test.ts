// The SVG writer: everything that a figure needs to stand alone, well formed, with strangers' words made harmless.
import { describe, expect, it } from "vitest";
import { timeAxis } from "../src/core/axis";
import { roundValues, scaleOf, type Figure } from "../src/chart/figure";
import { onGrid } from "../src/core/samples";
import { pathOf, svgOf } from "../src/chart/svg";
import type { Samples } from "../src/contract";

const figure: Figure = {
  name: "viewers", title: "Viewers of <the> room", unit: "people", axis: timeAxis([[0, 7200]], 7200, 0), format: String, tell: String, note: "evening · seed 7 · Yellowcart 0.1.0",
  panels: [{
    title: "A", positions: [0, 3600, 7200], marks: [3600],
    lines: [{ label: "displayed", color: "#d55e00", dash: [7, 3], values: [0, 100, 200] }, { label: "real", color: "#0072b2", values: [0, null, 50] }],
  }],
};

describe("svg", () => {
  it("has title, unit, axes, legend, seed and version", () => {
    const svg = svgOf(figure);
    for (const part of ["Viewers of &lt;the&gt; room", "people", "displayed", "real", "seed 7", "Yellowcart 0.1.0", "01:00", 'stroke-dasharray="7 3"']) expect(svg).toContain(part);
    expect(svg).not.toContain("<the>");
    expect(svg).not.toMatch(/NaN|undefined|style=/);
  });

  it("closes every element that it opens", () => {
    const open = svgOf(figure).match(/<(text|svg)[ >]/g)?.length;
    const closed = svgOf(figure).match(/<\/(text|svg)>/g)?.length;
    expect(open).toBe(closed);
  });

  it("breaks lines where values are missing, and draws stairs", () => {
    const frame = { left: 0, top: 0, width: 100, height: 100, low: 0, high: 10, length: 4 };
    expect(pathOf([0, 1, 2, 3], [0, null, 5, 10], frame, false)).toBe("M0 100M50 50L75 0");
    expect(pathOf([0, 2], [0, 10], frame, true)).toBe("M0 100H50V0");
  });

  it("chooses round values and one scale for all panels", () => {
    expect(roundValues(0, 10800)).toEqual([0, 2500, 5000, 7500, 10000]);
    expect(scaleOf(figure)[1]).toBeGreaterThan(200);
  });

  it("brings the curve before a change onto the new grid", () => {
    const before = { time: [0, 30, 60] } as Samples;
    expect(onGrid(before, [1, 2, 3], [0, 20, 40, 60, 80])).toEqual([1, 1, 2, 3, null]);
  });
});
