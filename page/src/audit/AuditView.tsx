// The audit: a campaign as text, its numbers as sliders, and whether its promises hold.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Audited, Example, TextNumber } from "../contract";
import { kindWords, theSource } from "../core/actions";
import { say, t } from "../core/language";
import { titleOf } from "../core/names";
import { Refused } from "../source/source";
import { editNumber } from "./edit";
import { Editor } from "./Editor";
import { Numbers } from "./Numbers";
import { Promises } from "./Promises";

const WAIT = 300;
interface Wrong { words: string; diagnostics: string | null }

/** Audits a text when the hand has rested; a newer text puts an older one aside. */
function useAudit(text: string, found: (audited: Audited) => void): Wrong | null {
  const [wrong, setWrong] = useState<Wrong | null>(null);
  useEffect(() => {
    if (!text.trim()) return;
    const stop = new AbortController();
    const wait = window.setTimeout(() => {
      theSource().audit(text, stop.signal).then(
        (audited) => {
          if (stop.signal.aborted) return;
          setWrong(null);
          found(audited);
        },
        (reason: unknown) => {
          if (!stop.signal.aborted) setWrong({ words: kindWords(reason), diagnostics: reason instanceof Refused ? reason.diagnostics : null });
        },
      );
    }, WAIT);
    return () => {
      stop.abort();
      window.clearTimeout(wait);
    };
  }, [text]);
  return wrong;
}

export function AuditView() {
  const [examples, setExamples] = useState<Example[]>([]);
  const [example, setExample] = useState("");
  const [text, setText] = useState("");
  const [audited, setAudited] = useState<Audited | null>(null);
  const [numbers, setNumbers] = useState<TextNumber[]>([]);
  const first = useRef<TextNumber[]>([]);
  const typed = useRef(false);
  const wrong = useAudit(text, (found) => {
    setAudited(found);
    setNumbers(found.numbers);
    if (first.current.length !== found.numbers.length) first.current = found.numbers;
  });
  const open = (name: string, from: Example[]): void => {
    first.current = [];
    setExample(name);
    setText(from.find((one) => one.name === name)?.text ?? "");
  };
  useEffect(() => {
    theSource().examples().then(
      (found) => {
        setExamples(found);
        if (found[0] && !typed.current) open(found[0].name, found);
      },
      () => setExamples([]),
    );
  }, []);
  const edit = (index: number, value: number): void => {
    const edited = editNumber(text, numbers, index, value);
    setNumbers(edited.numbers);
    setText(edited.text);
  };
  return (
    <main id="main" class="audit" tabIndex={-1}>
      <h1>{t("audit_title")}</h1>
      <p class="lead">{t("audit_lead")}</p>
      <div class="audit-body">
        <div class="audit-left">
          <label class="field">
            <span>{t("audit_example")}</span>
            <select data-testid="audit-example" value={example} onChange={(event) => open(event.currentTarget.value, examples)}>
              {examples.map((one) => <option key={one.name} value={one.name}>{titleOf("scenario", one.name, say(one.title))}</option>)}
            </select>
          </label>
          <Numbers numbers={numbers} first={first.current} edit={edit} />
          <Editor text={text} change={(next) => { typed.current = true; setText(next); }} />
        </div>
        <div class="audit-right" data-testid="audit-result" aria-live="polite">
          {wrong && <p class="warning">{wrong.words}</p>}
          {wrong?.diagnostics && <pre class="diagnostics" data-testid="diagnostics" tabIndex={0}>{wrong.diagnostics}</pre>}
          {audited && <Promises audited={audited} stale={Boolean(wrong)} />}
        </div>
      </div>
    </main>
  );
}
