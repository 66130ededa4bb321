// Shortcuts of the whole page; they rest while somebody types or a control has its own use for the key.
import { control, playOrPause } from "./actions";
import { get, isTeacher, looksBehind, set } from "./store";

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function pressing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a, summary") !== null;
}

const SPEED_KEYS: Record<string, number> = { "1": 1, "2": 10, "3": 60, "4": 300, "5": 1800, "6": 0 };

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === " " && pressing(event.target)) return;
  const state = get();
  // Caps Lock and Shift make it a capital.
  if (event.key.toLowerCase() === "b") set({ behind: !looksBehind(state) });
  if (state.view !== "market" || (!isTeacher(state) && state.live)) return;
  const speed = SPEED_KEYS[event.key];
  if (event.key === " ") playOrPause();
  else if (event.key === "." && state.status?.state === "paused") control({ action: "step" });
  else if (speed !== undefined) control({ action: "speed", speed });
  else return;
  event.preventDefault();
}

export function listenToKeys(): () => void {
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}
