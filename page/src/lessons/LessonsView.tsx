// Lessons: cards to choose from, and the stages of the one that the class is in.
import { useState } from "preact/hooks";
import type { ClassState, Lesson } from "../contract";
import { say, t } from "../core/language";
import { isTeacher, set, useStore } from "../core/store";
import { AnswerView } from "./AnswerView";
import { ClassLink } from "./ClassLink";
import { StageBar } from "./StageBar";
import { lessonOf, startLesson } from "./state";
import { Voting } from "./Voting";

export function LessonsView() {
  const hello = useStore((state) => state.hello);
  const state = useStore((one) => one.class);
  const lesson = lessonOf(hello, state?.lesson);
  return (
    <main id="main" class="lessons" tabIndex={-1}>
      {lesson && state ? <Open lesson={lesson} state={state} /> : <Cards lessons={hello?.lessons ?? []} />}
    </main>
  );
}

function Cards({ lessons }: { lessons: Lesson[] }) {
  const teaches = useStore(isTeacher);
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <>
      <h1>{t("lessons_title")}</h1>
      <p class="lead">{t(teaches ? "lessons_lead" : "lessons_wait")}</p>
      {teaches && <ClassLink />}
      <div class="lesson-cards">
        {lessons.map((lesson, index) => (
          <article key={lesson.name} class={`lesson-card ${chosen === lesson.name ? "lesson-chosen" : ""}`}>
            <p class="eyebrow">{t("lesson_number", { number: index + 1 })} · {t("about_minutes", { n: lesson.minutes })}</p>
            <h2><button class="quiet" data-testid={`lesson-${lesson.name}`} aria-expanded={chosen === lesson.name} onClick={() => setChosen(chosen === lesson.name ? null : lesson.name)}>{say(lesson.title)}</button></h2>
            <p class="lesson-question">{say(lesson.question)}</p>
            {chosen === lesson.name && <Details lesson={lesson} teaches={teaches} />}
          </article>
        ))}
      </div>
    </>
  );
}

function Details({ lesson, teaches }: { lesson: Lesson; teaches: boolean }) {
  return (
    <div class="lesson-details">
      <p>{say(lesson.story)}</p>
      <Hints lesson={lesson} />
      {teaches && <button class="primary" data-testid="lesson-start" onClick={() => void startLesson(lesson)}>{t("lesson_start")}</button>}
    </div>
  );
}

export function Hints({ lesson }: { lesson: Lesson }) {
  return (
    <div class="hints">
      <div><h3>{t("lesson_try")}</h3><ul>{lesson.try.map((one, index) => <li key={index}>{say(one)}</li>)}</ul></div>
      <div><h3>{t("lesson_look_for")}</h3><ul>{lesson.look_for.map((one, index) => <li key={index}>{say(one)}</li>)}</ul></div>
    </div>
  );
}

function Open({ lesson, state }: { lesson: Lesson; state: ClassState }) {
  return (
    <div class="lesson-open">
      <StageBar lesson={lesson} state={state} />
      <h1>{say(lesson.title)}</h1>
      {state.stage === "story" && (
        <>
          <p class="lead">{say(lesson.story)}</p>
          <p class="big-question">{say(lesson.question)}</p>
          <Hints lesson={lesson} />
          <ClassLink />
        </>
      )}
      {state.stage === "predict" && <Voting key={`predict ${state.round}`} asked={lesson.predict} question="predict" state={state} />}
      {state.stage === "run" && (
        <>
          <p class="lead">{t("lesson_runs")}</p>
          <button class="primary" onClick={() => set({ view: "market" })}>{t("see_market")}</button>
          <Hints lesson={lesson} />
        </>
      )}
      {state.stage === "check" && <Voting key={`check ${state.round}`} asked={lesson.check} question="check" state={state} />}
      {state.stage === "answer" && <AnswerView lesson={lesson} state={state} />}
    </div>
  );
}
