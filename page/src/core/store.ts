// What the page knows, and who wants to hear of changes. Ticks change the panes of the show in place and raise `revision`.
import { useEffect, useReducer, useRef } from "preact/hooks";
import type { ClassState, Fallen, Hello, Refusal, Settings, Show, Status } from "../contract";
import type { Language } from "./language";
import type { View } from "./link";
import type { Target } from "./settings";
import type { TimeAxis } from "./axis";

export interface State {
  language: Language;
  view: View;
  live: boolean;
  /** Where a recording ends. */
  until: number | null;
  hello: Hello | null;
  show: Show | null;
  axis: TimeAxis | null;
  status: Status | null;
  class: ClassState | null;
  time: number;
  connection: "connecting" | "open" | "lost" | "gone";
  goodbye: string;
  refusal: Refusal | null;
  wanted: Settings | null;
  offered: Settings | null;
  target: Target;
  focus: number;
  behind: boolean | null;
  follow: number | null;
  fell: Fallen[][];
  revision: number;
}

let state: State = {
  language: "en", view: "market", live: true, until: null, hello: null, show: null, axis: null, status: null, class: null, time: 0, connection: "connecting",
  goodbye: "", refusal: null, wanted: null, offered: null, target: "both", focus: 0, behind: null, follow: null, fell: [], revision: 0,
};
const listeners = new Set<() => void>();

export function get(): State {
  return state;
}

export function set(change: Partial<State>): void {
  state = { ...state, ...change };
  for (const listener of [...listeners]) listener();
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** A part of the state; the component draws itself again when it changes. */
export function useStore<Part>(select: (state: State) => Part): Part {
  const [, again] = useReducer((turn: number) => turn + 1, 0);
  const shown = useRef<Part | undefined>(undefined);
  const chosen = useRef(select);
  chosen.current = select;
  shown.current = select(state);
  useEffect(() => {
    const look = (): void => {
      if (!Object.is(chosen.current(state), shown.current)) again(0);
    };
    look(); // The state may have changed between the first drawing and now.
    return subscribe(look);
  }, []);
  return shown.current as Part;
}

/** Draws the component again after ticks, but at most once in so many milliseconds. */
export function useRevision(atMostEvery: number): number {
  const [, again] = useReducer((turn: number) => turn + 1, 0);
  const drawn = useRef(state.revision);
  drawn.current = state.revision;
  useEffect(() => {
    let seen = drawn.current;
    let due = 0;
    const look = (): void => {
      due = 0;
      seen = state.revision;
      again(0);
    };
    const notice = (): void => {
      if (state.revision !== seen && !due) due = window.setTimeout(look, atMostEvery);
    };
    notice();
    const stop = subscribe(notice);
    return () => {
      stop();
      window.clearTimeout(due);
    };
  }, [atMostEvery]);
  return state.revision;
}

export function isTeacher(one: State): boolean {
  return one.live && one.hello?.role === "teacher";
}

/** True while a class is to guess, on its own screens and on the teacher's, which hangs on the wall. */
function guessing(one: State): boolean {
  return Boolean(one.class?.lesson) && one.class?.stage !== "answer" && (one.live || one.hello?.role === "class");
}

/** Whether real figures are shown beside displayed ones: until a lesson comes to its answer only where somebody wanted it. */
export function looksBehind(one: State): boolean {
  return one.behind ?? !guessing(one);
}
