// Changes of the settings of a show, as pure functions.
import type { Absence, Control, PaneSettings, Settings } from "../contract";

export type Target = "both" | "a" | "b";
export type Quick = "bots" | "script" | "regime" | "own";
export type PaneKey = "a" | "b";

const bare = (): PaneSettings => ({ regime: null, without: [], controls: {} });

export function freshSettings(scenario: string, text: string | null = null): Settings {
  return { scenario, text, seed: null, changes: [], a: bare(), b: null, lesson: null };
}

export function panesOf(settings: Settings, target: Target): PaneKey[] {
  if (!settings.b) return ["a"];
  return target === "both" ? ["a", "b"] : [target];
}

/** The pane whose values the sliders show. */
export function shownPane(settings: Settings, target: Target): PaneSettings {
  return target === "b" && settings.b ? settings.b : settings.a;
}

export function controlValue(pane: PaneSettings, control: Control): number | string {
  return pane.controls[control.key] ?? control.value;
}

export function withControl(settings: Settings, target: Target, control: Control, value: number | string): Settings {
  let next = settings;
  for (const key of panesOf(settings, target)) {
    const pane = next[key] ?? bare();
    const controls = { ...pane.controls };
    if (value === control.value) delete controls[control.key];
    else controls[control.key] = value;
    next = { ...next, [key]: { ...pane, controls } };
  }
  return next;
}

export function withRegime(settings: Settings, key: PaneKey, regime: string | null): Settings {
  return { ...settings, [key]: { ...(settings[key] ?? bare()), label: null, regime } };
}

export function withSeed(settings: Settings, seed: number | null): Settings {
  return { ...settings, seed };
}

/** The second pane, made from the first in one of the quick ways; null closes it. */
export function withSecondPane(settings: Settings, quick: Quick | null, regime: string | null = null): Settings {
  if (!quick) return { ...settings, b: null };
  const { a } = settings;
  const copy: PaneSettings = { label: null, regime: a.regime ?? null, without: [...a.without], controls: { ...a.controls } };
  if (quick === "regime") copy.regime = regime ?? "disclosure";
  if (quick === "bots" || quick === "script") copy.without = both(a.without, quick);
  return { ...settings, b: copy };
}

function both(there: Absence[], added: Absence): Absence[] {
  return there.includes(added) ? there : [...there, added];
}

/** Which quick choice the second pane is, seen from the first. */
export function quickOf(settings: Settings): Quick | null {
  const { a, b } = settings;
  if (!b) return null;
  const sameControls = JSON.stringify(sorted(a.controls)) === JSON.stringify(sorted(b.controls));
  if (!sameControls) return "own";
  const added = b.without.filter((one) => !a.without.includes(one));
  const sameRegime = (a.regime ?? null) === (b.regime ?? null);
  if (sameRegime && added.length === 1) return added[0]!;
  return !sameRegime && added.length === 0 ? "regime" : "own";
}

function sorted(controls: PaneSettings["controls"]): [string, number | string][] {
  return Object.entries(controls).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** True where a link would open what is on already. */
export function sameEvening(one: Settings, other: Settings): boolean {
  const told = (settings: Settings): string =>
    JSON.stringify([settings.scenario, settings.text ?? null, settings.seed ?? null, settings.changes, paneTold(settings.a), settings.b ? paneTold(settings.b) : null]);
  return told(one) === told(other);
}

/** True where nothing at all was moved, names of panes and the lesson's included: only then does the model answer a lesson's questions. */
export function sameSettings(one: Settings, other: Settings): boolean {
  const told = (settings: Settings): unknown => [settings.lesson ?? null, settings.a.label ?? null, settings.b?.label ?? null, settings.a.without, settings.b?.without ?? null];
  return sameEvening(one, other) && JSON.stringify(told(one)) === JSON.stringify(told(other));
}

function paneTold(pane: PaneSettings): unknown {
  return [pane.regime ?? null, [...pane.without].sort(), sorted(pane.controls)];
}
