// Where a lesson stands, and the steps through it.
import type { ClassState, Hello, Lesson, Question, Stage } from "../contract";
import { changeClass, control, openShow } from "../core/actions";
import { lessonSettings } from "../core/link";
import { recall, remember } from "../core/memory";
import { get, set } from "../core/store";

export const STAGES: Stage[] = ["story", "predict", "run", "check", "answer"];

export function lessonOf(hello: Hello | null, name: string | null | undefined): Lesson | null {
  return hello?.lessons.find((one) => one.name === name) ?? null;
}

export function nextStage(stage: Stage): Stage | null {
  return STAGES[STAGES.indexOf(stage) + 1] ?? null;
}

export function votesFor(state: ClassState, question: Question): number {
  return state.votes[question].reduce((sum, votes) => sum + votes, 0);
}

export async function startLesson(lesson: Lesson): Promise<void> {
  if (!(await openShow(lessonSettings(lesson)))) return;
  if (await changeClass({ lesson: lesson.name })) await changeClass({ stage: "story" });
}

/** Goes on to the next stage; the run begins to play by itself, at the lesson's speed. */
export async function goOn(lesson: Lesson, stage: Stage): Promise<void> {
  const next = nextStage(stage);
  if (!next) return endLesson();
  if (!(await changeClass({ stage: next }))) return;
  set({ view: next === "run" ? "market" : "lessons" });
  if (next === "run") {
    if ((get().status?.time ?? 0) > 0) control({ action: "restart" });
    control({ action: "speed", speed: lesson.speed });
    control({ action: "play" });
  }
}

export async function goBack(stage: Stage): Promise<void> {
  const before = STAGES[STAGES.indexOf(stage) - 1];
  if (before && (await changeClass({ stage: before }))) set({ view: before === "run" ? "market" : "lessons" });
}

export async function endLesson(): Promise<void> {
  if (await changeClass({ lesson: null })) set({ view: "lessons" });
}

/** Each round of a lesson has a place of its own, so that one begun again shows no vote of the last. */
function slot(question: Question): string | null {
  const now = get().class;
  return now?.lesson ? `vote.${now.round}.${now.lesson}.${question}` : null;
}

export function ownVote(question: Question): number | null {
  const place = slot(question);
  const told = place ? recall(place) : null;
  return told === null ? null : Number(told);
}

export function keepVote(question: Question, option: number): void {
  const place = slot(question);
  if (place) remember(place, String(option));
}
