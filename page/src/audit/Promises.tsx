// What the audit found: a card for each promise, with the arithmetic of whoever pays less.
import type { Audited, PromiseFound, Verdict } from "../contract";
import { count, yuan } from "../core/format";
import { t, type StringKey } from "../core/language";
import { capital, nameOf } from "../core/names";
import { StepChart } from "./StepChart";

const verdicts: Record<Verdict, { words: StringKey; look: string; sign: string }> = {
  broken: { words: "verdict_broken", look: "broken", sign: "✗" },
  kept: { words: "verdict_kept", look: "kept", sign: "✓" },
  "not broken as far as searched": { words: "verdict_searched", look: "open", sign: "?" },
  "nothing sold": { words: "verdict_nothing", look: "open", sign: "–" },
};

export function Promises({ audited, stale }: { audited: Audited; stale: boolean }) {
  return (
    <div class={stale ? "stale" : ""}>
      <h2>{audited.title}</h2>
      {audited.promises.length === 0 && <p class="muted">{t("no_promises")}</p>}
      {audited.promises.map((promise, index) => <Card key={index} promise={promise} />)}
      <details class="audit-table">
        <summary>{t("audit_table")}</summary>
        <pre tabIndex={0}>{audited.table}</pre>
      </details>
    </div>
  );
}

function Card({ promise }: { promise: PromiseFound }) {
  const verdict = verdicts[promise.verdict];
  return (
    <article class={`promise promise-${verdict.look}`} data-verdict={promise.verdict}>
      <header>
        <span class="verdict"><i aria-hidden="true">{verdict.sign}</i>{t(verdict.words)}</span>
        <h3>{t("promise_of", { by: capital(nameOf(promise.by)), product: nameOf(promise.product) })}</h3>
      </header>
      <dl class="promise-prices">
        <div><dt>{t("promised")}</dt><dd data-value={promise.promised}>{yuan(promise.promised)}</dd></div>
        <div><dt>{t("cheapest")}</dt><dd data-value={promise.cheapest ?? ""}>{promise.cheapest === null ? "–" : yuan(promise.cheapest)}</dd></div>
        {promise.buyers !== null && <div><dt>{t("for_buyers")}</dt><dd>{count(promise.buyers)}</dd></div>}
      </dl>
      {promise.moments.length > 0 && <StepChart moments={promise.moments} promised={promise.promised} />}
      {promise.witness && (
        <details open={promise.verdict === "broken"}>
          <summary>{t("witness")}</summary>
          <Witness text={promise.witness} />
        </details>
      )}
    </article>
  );
}

const SUM = /^(.*?\S) {2,}(-?[\d,]+\.\d\d)$/;

/** The arithmetic as rows, since lines as wide as the command line's would hide their amounts. */
function Witness({ text }: { text: string }) {
  return (
    <ul class="witness" lang="en">
      {text.split("\n").filter((line) => line.trim()).map((line, index) => {
        const [, words = line, amount] = SUM.exec(line) ?? [];
        return (
          <li key={index} style={{ paddingInlineStart: `${words.search(/\S/) / 2}em` }}>
            <span>{words.trim()}</span> {amount && <b>{amount.replace("-", "−")}</b>}
          </li>
        );
      })}
    </ul>
  );
}
