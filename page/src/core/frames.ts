// One loop of animation frames for the whole page; it rests while nobody asks for it.
type Step = (now: number) => void;

const steps = new Set<Step>();
let handle = 0;

function turn(now: number): void {
  handle = steps.size > 0 ? requestAnimationFrame(turn) : 0;
  for (const step of steps) step(now);
}

export function everyFrame(step: Step): () => void {
  steps.add(step);
  if (!handle) handle = requestAnimationFrame(turn);
  return () => {
    steps.delete(step);
  };
}

const quiet = matchMedia("(prefers-reduced-motion: reduce)");

export function calm(): boolean {
  return quiet.matches;
}
