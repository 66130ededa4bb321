// The stages of a lesson as steps, and the teacher's way through them.
import type { ClassState, Lesson } from "../contract";
import { t } from "../core/language";
import { isTeacher, useStore } from "../core/store";
import { endLesson, goBack, goOn, nextStage, STAGES } from "./state";

export function StageBar({ lesson, state }: { lesson: Lesson; state: ClassState }) {
  const teaches = useStore(isTeacher);
  const next = nextStage(state.stage);
  const reached = STAGES.indexOf(state.stage);
  return (
    <div class="stage-steps">
      <ol>
        {STAGES.map((stage, index) => (
          <li key={stage} class={index < reached ? "step-done" : ""} aria-current={stage === state.stage ? "step" : undefined}>{t(`stage_${stage}`)}</li>
        ))}
      </ol>
      {teaches && (
        <div class="step-buttons">
          {reached > 0 && <button class="small" onClick={() => void goBack(state.stage)}>{t("stage_back")}</button>}
          <button class="primary" data-testid="lesson-next" onClick={() => void goOn(lesson, state.stage)}>{next ? t(`go_to_${next}`) : t("lesson_end")}</button>
          {next && <button class="small" onClick={() => void endLesson()}>{t("lesson_leave")}</button>}
        </div>
      )}
    </div>
  );
}
