// Brings the page to life: language, link, source, and what happens to the state at each event.
import { liveSource } from "../source/live";
import { replaySource } from "../source/replay";
import type { Listener, Source } from "../source/source";
import type { ClassState, Show, Status, Tick } from "../contract";
import { kindWords, openShow, useSource, waiting } from "./actions";
import { timeAxis } from "./axis";
import { parseMarketTime } from "./format";
import { useLanguage, type Language } from "./language";
import { readLink } from "./link";
import { append } from "./samples";
import { sameEvening } from "./settings";
import { get, isTeacher, set } from "./store";
import { recall, remember } from "./memory";

const FEED = 80;

function firstLanguage(): Language {
  const told = readLink(location.hash).language ?? recall("language");
  if (told === "en" || told === "zh") return told;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function speak(language: Language): void {
  useLanguage(language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  remember("language", language);
  set({ language });
}

function onShow(show: Show): void {
  const before = get().show;
  const axis = timeAxis(show.windows, show.end, parseMarketTime(show.start));
  const same = before?.scenario.name === show.scenario.name;
  set({
    show, axis, status: show.status, class: show.class, time: show.status.time, wanted: waiting() ? get().wanted : null, refusal: null,
    fell: show.panes.map(() => []),
    focus: same ? Math.min(get().focus, show.rooms.length - 1) : 0,
    follow: same ? get().follow : null,
    revision: get().revision + 1,
  });
}

function onTick(tick: Tick): void {
  const { show } = get();
  if (!show || tick.id !== show.id) return;
  tick.panes.forEach((news, index) => {
    const pane = show.panes[index];
    if (!pane) return;
    pane.now = news.now;
    pane.totals = news.totals;
    pane.finals = news.finals;
    append(pane.samples, news.samples);
    pane.feed = pane.feed.length + news.feed.length > 2 * FEED ? [...pane.feed, ...news.feed].slice(-FEED) : [...pane.feed, ...news.feed];
  });
  const fell = tick.panes.map((news, index) => (news.fell.length > 0 ? news.fell : (get().fell[index] ?? [])));
  set({ time: tick.time, fell, revision: get().revision + 1 });
}

function onStatus(status: Status): void {
  set({ status, time: status.time, ...(status.error ? { refusal: { error: status.error, diagnostics: null } } : {}) });
}

/** Students go where the teacher has led the class. */
function onClass(state: ClassState): void {
  const before = get().class;
  const again = before?.lesson !== state.lesson || before?.round !== state.round;
  const moved = again || before?.stage !== state.stage;
  const begun = again || (moved && state.stage === "answer");
  set({ class: state, ...(begun ? { behind: null } : {}) });
  if (moved && state.lesson && get().hello?.role === "class") set({ view: state.stage === "run" ? "market" : "lessons" });
}

const listener: Listener = {
  show: (show) => {
    const first = !get().show;
    onShow(show);
    if (first) {
      followLink(show);
      if (show.class.lesson && get().hello?.role === "class") set({ view: show.class.stage === "run" ? "market" : "lessons" });
    }
  },
  tick: onTick,
  status: onStatus,
  class: onClass,
  bye: (reason) => set({ connection: "gone", goodbye: reason }),
  open: () => set({ connection: "open" }),
  lost: () => {
    if (get().connection !== "gone") set({ connection: get().show ? "lost" : "connecting" });
  },
};

/** Opens what the link asks for, or offers it where the server is busy with another evening. */
function followLink(show: Show): void {
  const { settings } = readLink(location.hash);
  if (!settings || !isTeacher(get()) || sameEvening(settings, { ...show.settings, seed: settings.seed ?? null })) return;
  const untouched = show.status.state === "paused" && show.status.time === 0;
  if (untouched) void openShow(settings);
  else set({ offered: settings });
}

function readView(): void {
  const { view } = readLink(location.hash);
  if (view) set({ view });
}

export async function start(): Promise<void> {
  speak(firstLanguage());
  readView();
  window.addEventListener("hashchange", readView);
  const source = replaySource() ?? liveSource;
  useSource(source);
  set({ live: source.live, until: source.until });
  await greet(source);
}

async function greet(source: Source): Promise<void> {
  try {
    set({ hello: await source.hello(), refusal: null });
    source.listen(listener);
  } catch (error) {
    set({ refusal: { error: kindWords(error), diagnostics: null } });
    window.setTimeout(() => void greet(source), 4000);
  }
}
