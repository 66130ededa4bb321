// A scenario of one's own, pasted as text; what is wrong with it is shown exactly as the checker says it.
import { useState } from "preact/hooks";
import { openShow } from "../core/actions";
import { t } from "../core/language";
import { freshSettings } from "../core/settings";
import { get, useStore } from "../core/store";

export function Paste() {
  const [text, setText] = useState(() => get().show?.settings.text ?? "");
  const refusal = useStore((state) => state.refusal);
  return (
    <details class="setting-block paste">
      <summary data-testid="paste-box">{t("paste_title")}</summary>
      <label class="field">
        <span>{t("paste_about")}</span>
        <textarea data-testid="paste" rows={8} spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <button data-testid="paste-open" disabled={!text.trim()} onClick={() => void openShow(freshSettings("pasted", text))}>{t("paste_open")}</button>
      {refusal?.diagnostics && <pre class="diagnostics" data-testid="diagnostics" tabIndex={0}>{refusal.diagnostics}</pre>}
    </details>
  );
}
