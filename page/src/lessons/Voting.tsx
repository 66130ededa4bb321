// The voting of a class: big buttons on every device, how many have voted, and the bars once they are revealed.
import { useState } from "preact/hooks";
import type { Asked, ClassState, Question } from "../contract";
import { attempt, theSource } from "../core/actions";
import { say, t } from "../core/language";
import { voter } from "../core/memory";
import { isTeacher, useStore } from "../core/store";
import { keepVote, ownVote, votesFor } from "./state";

interface Props { asked: Asked; question: Question; state: ClassState }

export function Voting({ asked, question, state }: Props) {
  const teaches = useStore(isTeacher);
  const [revealed, setRevealed] = useState(false);
  const [mine, setMine] = useState(() => ownVote(question));
  const vote = async (option: number): Promise<void> => {
    if (!(await attempt(() => theSource().vote({ question, option, voter: voter() })))) return;
    keepVote(question, option);
    setMine(option);
  };
  return (
    <section class="voting">
      <h2>{say(asked.question)}</h2>
      <div class="vote-options">
        {asked.options.map((option, index) => (
          <button key={index} class="vote" data-testid={`vote-${index}`} aria-pressed={mine === index} onClick={() => void vote(index)}>
            <span class="vote-letter" aria-hidden="true">{String.fromCharCode(65 + index)}</span>{say(option)}
          </button>
        ))}
      </div>
      <p class="votes" role="status">
        <strong data-testid="votes" data-value={votesFor(state, question)}>{t("votes", { n: votesFor(state, question) })}</strong>
        {mine !== null && !teaches && <span> {t("voted")}</span>}
      </p>
      {teaches && <button onClick={() => setRevealed(!revealed)} aria-expanded={revealed}>{t(revealed ? "hide_votes" : "reveal_votes")}</button>}
      {teaches && revealed && <VoteBars asked={asked} votes={state.votes[question]} right={null} />}
    </section>
  );
}

export function VoteBars({ asked, votes, right }: { asked: Asked; votes: number[]; right: number | null }) {
  const most = Math.max(1, ...votes);
  const wide = (index: number) => (element: HTMLElement | null): void => {
    if (element) element.style.width = `${((votes[index] ?? 0) / most) * 100}%`;
  };
  return (
    <ol class="vote-bars">
      {asked.options.map((option, index) => (
        <li key={index} class={index === right ? "vote-right" : ""}>
          <span class="vote-name">{String.fromCharCode(65 + index)} · {say(option)}{index === right && <b> ✓ {t("model_says")}</b>}</span>
          <span class="vote-track"><i ref={wide(index)} /></span>
          <span class="vote-count">{votes[index] ?? 0}</span>
        </li>
      ))}
    </ol>
  );
}
