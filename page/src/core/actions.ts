// Everything a person can set off: the page's side of each request, and what comes back of it.
import type { ClassChange, ControlAction, Settings } from "../contract";
import { Refused, type Source } from "../source/source";
import { t } from "./language";
import { get, set } from "./store";

let source: Source | null = null;

export function useSource(next: Source): void {
  source = next;
}

export function theSource(): Source {
  if (!source) throw new Error("the page has no source yet");
  return source;
}

/** What went wrong, in kind words. */
export function kindWords(error: unknown): string {
  if (!(error instanceof Refused)) return t("error_network");
  const known: Record<number, string> = { 401: t("error_401"), 403: t("error_403"), 429: t("error_429"), 503: t("error_503") };
  const words = known[error.status];
  return words ?? (error.message || t("error_other"));
}

export function refuse(error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  set({ refusal: { error: kindWords(error), diagnostics: error instanceof Refused ? error.diagnostics : null } });
}

/** Does it and shows a refusal; tells whether it went well. */
export async function attempt(what: () => Promise<unknown>): Promise<boolean> {
  try {
    await what();
    if (get().refusal) set({ refusal: null });
    return true;
  } catch (error) {
    refuse(error);
    return false;
  }
}

export function control(action: ControlAction): void {
  void attempt(() => theSource().control(action));
}

export function playOrPause(): void {
  const state = get().status?.state;
  control({ action: state === "playing" || state === "running" ? "pause" : "play" });
}

export function jump(to: number): void {
  control({ action: "jump", to });
}

let pending = 0;

/** Takes over changed settings at once on the page, and sends them when the hand has rested. */
export function changeSettings(next: Settings, wait = 250): void {
  set({ wanted: next });
  window.clearTimeout(pending);
  pending = window.setTimeout(() => void send(next), wait);
}

/** True while a change waits to be sent: then what the server says is not the newest. */
export function waiting(): boolean {
  return pending !== 0;
}

async function send(settings: Settings): Promise<void> {
  pending = 0;
  const went = await attempt(() => theSource().show(settings));
  if (!went && get().wanted === settings) set({ wanted: null });
}

/** Opens an evening at once. */
export function openShow(settings: Settings): Promise<boolean> {
  window.clearTimeout(pending);
  pending = 0;
  set({ wanted: null, offered: null });
  return attempt(() => theSource().show(settings));
}

export function changeClass(change: ClassChange): Promise<boolean> {
  return attempt(() => theSource().class(change));
}

/** The settings as they are being changed. */
export function currentSettings(): Settings | null {
  return get().wanted ?? get().show?.settings ?? null;
}
