// The lesson above the market while the class watches it run.
import { say, t } from "../core/language";
import { looksBehind, useStore } from "../core/store";
import { Hints } from "./LessonsView";
import { StageBar } from "./StageBar";
import { Moved } from "./Moved";
import { lessonOf } from "./state";

export function LessonStrip() {
  const hello = useStore((state) => state.hello);
  const state = useStore((one) => (one.live ? one.class : null));
  const behind = useStore(looksBehind);
  const lesson = lessonOf(hello, state?.lesson);
  if (!lesson || !state) return null;
  return (
    <section class="lesson-strip" aria-label={t("lesson")}>
      <StageBar lesson={lesson} state={state} />
      <p class="strip-question"><b>{say(lesson.title)}</b> <span>{say(lesson.predict.question)}</span></p>
      {state.stage === "run" && !behind && <p data-testid="strip-behind">{t("strip_behind")}</p>}
      <Moved lesson={lesson} state={state} />
      <details>
        <summary>{t("strip_hints")}</summary>
        <Hints lesson={lesson} />
      </details>
    </section>
  );
}
