// A number that runs to its next value between ticks, and carries the exact value for those who read by machine.
import { useEffect, useRef } from "preact/hooks";
import { calm, everyFrame } from "../core/frames";

interface Props {
  value: () => number | null;
  format: (value: number) => string;
  testid?: string;
  class?: string;
}

const EASE = 0.4;
/** Figures that change more often than this, in milliseconds, cannot be read and cost a layout each time. */
const PACE = 60;

export function Counter({ value, format, testid, class: name }: Props) {
  const element = useRef<HTMLSpanElement>(null);
  const latest = useRef({ value, format });
  latest.current = { value, format };
  useEffect(() => {
    let shown = Number.NaN;
    let target: number | null = Number.NaN;
    let words = "";
    let due = 0;
    return everyFrame((now) => {
      if (now < due) return;
      due = now + PACE;
      const span = element.current;
      if (!span) return;
      const next = latest.current.value();
      if (next !== target) {
        target = next;
        span.dataset["value"] = next === null ? "" : String(next);
      }
      const goal = next ?? 0;
      const near = Math.abs(goal - shown) <= Math.max(Math.abs(goal) * 1e-4, 1e-9);
      shown = near || calm() || Number.isNaN(shown) ? goal : shown + (goal - shown) * EASE;
      const text = next === null ? "–" : latest.current.format(shown);
      if (text === words) return;
      words = text;
      span.textContent = text;
    });
  }, []);
  return <span ref={element} class={`number ${name ?? ""}`} data-testid={testid} />;
}
