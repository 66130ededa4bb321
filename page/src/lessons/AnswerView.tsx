// The answer: what the model says, what the class said, and who was right.
import type { Answer, Asked, ClassState, Lesson, Question } from "../contract";
import { say, t } from "../core/language";
import { isTeacher, useStore } from "../core/store";
import { Moved } from "./Moved";
import { ownVote } from "./state";
import { VoteBars } from "./Voting";

export function AnswerView({ lesson, state }: { lesson: Lesson; state: ClassState }) {
  const { predict, check } = state.answers;
  return (
    <div class="answers" data-testid="answer" data-predict={predict?.option ?? ""} data-check={check?.option ?? ""}>
      <Moved lesson={lesson} state={state} />
      <OneAnswer title={t("answer_predict")} asked={lesson.predict} question="predict" answer={predict} votes={state.votes.predict} />
      <OneAnswer title={t("answer_check")} asked={lesson.check} question="check" answer={check} votes={state.votes.check} />
    </div>
  );
}

interface Props { title: string; asked: Asked; question: Question; answer: Answer | null; votes: number[] }

function OneAnswer({ title, asked, question, answer, votes }: Props) {
  const teaches = useStore(isTeacher);
  const mine = ownVote(question);
  const right = answer ? (votes[answer.option] ?? 0) : 0;
  const all = votes.reduce((sum, some) => sum + some, 0);
  return (
    <section class="answer">
      <p class="eyebrow">{title}</p>
      <h2>{say(asked.question)}</h2>
      {answer ? <p class="answer-words">{say(answer.in_words)}</p> : <p class="muted">{t("answer_waits")}</p>}
      <VoteBars asked={asked} votes={votes} right={answer?.option ?? null} />
      {answer && all > 0 && <p><strong>{t("were_right", { right, all })}</strong></p>}
      {answer && mine !== null && !teaches && <p class={mine === answer.option ? "you-right" : "you-wrong"}>{t(mine === answer.option ? "you_were_right" : "you_were_wrong")}</p>}
    </section>
  );
}
