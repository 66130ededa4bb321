// A field for the campaign's text, with line numbers that move along.
import { useRef } from "preact/hooks";
import { t } from "../core/language";

export function Editor({ text, change }: { text: string; change: (text: string) => void }) {
  const gutter = useRef<HTMLPreElement>(null);
  const lines = text.split("\n").length;
  return (
    <div class="editor-box">
      <h2 id="audit-text-label">{t("audit_text")}</h2>
      <div class="editor">
        <pre class="gutter" ref={gutter} aria-hidden="true">{Array.from({ length: lines }, (_, line) => line + 1).join("\n")}</pre>
        <textarea
          data-testid="audit-text" aria-labelledby="audit-text-label" spellcheck={false} wrap="off" value={text}
          onInput={(event) => change(event.currentTarget.value)}
          onScroll={(event) => { if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop; }}
        />
      </div>
    </div>
  );
}
