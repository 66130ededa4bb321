// Links: the settings of an evening, the view and the language in the part of the address after #.
import type { Lesson, PaneSettings, Settings } from "../contract";
import type { Language } from "./language";

export const VIEWS = ["market", "lessons", "audit", "about"] as const;
export type View = (typeof VIEWS)[number];
export interface Link { settings: Settings | null; lesson: string | null; view: View | null; language: Language | null }

export function readLink(hash: string): Link {
  const read = new URLSearchParams(hash.replace(/^#/, ""));
  const scenario = read.get("scenario");
  const view = read.get("view");
  const spoken = read.get("lang");
  return {
    settings: scenario ? settingsFrom(read, scenario) : null,
    lesson: read.get("lesson"),
    view: VIEWS.find((one) => one === view) ?? null,
    language: spoken === "en" || spoken === "zh" ? spoken : null,
  };
}

function settingsFrom(read: URLSearchParams, scenario: string): Settings {
  const seed = Number(read.get("seed"));
  return {
    scenario,
    text: read.get("text"),
    seed: read.get("seed") && Number.isSafeInteger(seed) ? seed : null,
    changes: read.getAll("change").filter((one) => one.includes("=")),
    a: pane(read.get("a")) ?? { regime: null, without: [], controls: {} },
    b: pane(read.get("b")),
    lesson: read.get("lesson"),
  };
}

function pane(text: string | null): PaneSettings | null {
  if (!text) return null;
  try {
    const read = JSON.parse(text) as Partial<PaneSettings>;
    const without = Array.isArray(read.without) ? read.without.filter((one) => one === "bots" || one === "script") : [];
    const controls = read.controls && typeof read.controls === "object" ? read.controls : {};
    return { label: read.label ?? null, regime: read.regime ?? null, without, controls };
  } catch {
    return null;
  }
}

/** The part of the address that opens these settings again. */
export function writeLink(settings: Settings, seed: number, view: View, language: Language): string {
  const write = new URLSearchParams();
  write.set("view", view);
  write.set("scenario", settings.scenario);
  if (settings.text) write.set("text", settings.text);
  write.set("seed", String(settings.seed ?? seed));
  for (const change of settings.changes) write.append("change", change);
  write.set("a", JSON.stringify(settings.a));
  if (settings.b) write.set("b", JSON.stringify(settings.b));
  if (settings.lesson) write.set("lesson", settings.lesson);
  write.set("lang", language);
  return `#${write.toString()}`;
}

/** What a lesson is when it starts: its preset, marked with its name. */
export function lessonSettings(lesson: Lesson): Settings {
  return { ...lesson.settings, lesson: lesson.name };
}
