// Settings: sliders act on the panes they are meant for, and links bring everything back.
import { describe, expect, it } from "vitest";
import type { Control } from "../src/contract";
import { readLink, writeLink } from "../src/core/link";
import { controlValue, freshSettings, quickOf, sameEvening, sameSettings, shownPane, withControl, withRegime, withSecondPane } from "../src/core/settings";
import { fromPlace, nudge, STEPS, toPlace } from "../src/settings/scale";

const none = { en: "", zh: "" };
const control: Control = {
  key: "price", kind: "number", group: "script", label: none, meaning: none, unit: none, low: 1, high: 1000, step: 1, scale: "log", value: 30, source: "",
  evidence: "", range: "", path: "",
};

describe("settings", () => {
  it("keeps only what differs from the scenario", () => {
    const moved = withControl(freshSettings("evening"), "both", control, 50);
    expect(moved.a.controls).toEqual({ price: 50 });
    expect(withControl(moved, "both", control, 30).a.controls).toEqual({});
  });

  it("moves one pane or both", () => {
    const two = withSecondPane(freshSettings("evening"), "own");
    const only = withControl(two, "b", control, 70);
    expect(only.a.controls).toEqual({});
    expect(controlValue(shownPane(only, "b"), control)).toBe(70);
    expect(withControl(two, "both", control, 70).a.controls).toEqual({ price: 70 });
  });

  it("makes and recognises the quick second panes", () => {
    const one = freshSettings("evening");
    for (const quick of ["bots", "script", "regime"] as const) expect(quickOf(withSecondPane(one, quick))).toBe(quick);
    expect(quickOf(withSecondPane(one, "own"))).toBe("own");
    expect(quickOf(withSecondPane(one, null))).toBeNull();
  });

  it("goes through a link and back", () => {
    const settings = withRegime(withControl(withSecondPane(freshSettings("evening"), "bots"), "b", control, 5), "a", "eu");
    const link = readLink(writeLink(settings, 7, "market", "zh"));
    expect(link.settings && sameEvening(link.settings, { ...settings, seed: 7 })).toBe(true);
    expect(link).toMatchObject({ view: "market", language: "zh" });
  });

  it("keeps a lesson's changes, in links too, until another evening is chosen", () => {
    const lesson = { ...freshSettings("evening"), changes: ["population.consumers=100000", "behaviour.scepticism=0.5"], lesson: "crowd" };
    const moved = withControl(withRegime(withSecondPane(lesson, "bots"), "b", "eu"), "a", control, 50);
    expect(moved.changes).toEqual(lesson.changes);
    expect(readLink(writeLink(moved, 7, "market", "en")).settings?.changes).toEqual(lesson.changes);
    expect(sameEvening(lesson, { ...lesson, changes: [] })).toBe(false);
    expect(freshSettings("other").changes).toEqual([]);
  });

  it("knows a lesson's own evening, whatever way it was come back to", () => {
    const own = { ...freshSettings("evening"), a: { label: { en: "as it was", zh: "" }, regime: null, without: [], controls: {} }, lesson: "crowd" };
    const moved = withControl(own, "both", control, 50);
    expect(sameSettings(own, moved)).toBe(false);
    expect(sameSettings(own, withControl(moved, "both", control, 30))).toBe(true);
    expect(sameSettings(own, { ...own, seed: 7 })).toBe(false);
    expect(sameSettings(own, { ...own, lesson: null })).toBe(false);
    expect(sameSettings(own, withRegime(own, "a", null)), "a world's name goes with its rules").toBe(false);
  });

  it("survives a spoilt link", () => {
    expect(readLink("#scenario=x&seed=abc&a={&b=[1]&view=nowhere&lang=fr")).toMatchObject({ view: null, language: null, settings: { seed: null, a: { controls: {} } } });
  });
});

describe("sliders", () => {
  it("spread a logarithmic range evenly", () => {
    expect(fromPlace(control, 0)).toBe(1);
    expect(fromPlace(control, STEPS)).toBe(1000);
    expect(fromPlace(control, STEPS / 3)).toBe(10);
    expect(toPlace(control, 10)).toBe(Math.round(STEPS / 3));
  });

  it("always move by a key, and stay within their range", () => {
    for (const value of [1, 2, 30, 500]) expect(nudge(control, value, 1, false)).toBeGreaterThan(value);
    expect(nudge(control, 1000, 1, true)).toBe(1000);
    expect(nudge(control, 1, -1, false)).toBe(1);
  });
});
