// Taking the evening along: a link, a replay that plays without a server, the settings as a scenario file.
import { useState } from "preact/hooks";
import type { Show } from "../contract";
import { currentSettings } from "../core/actions";
import { t } from "../core/language";
import { writeLink } from "../core/link";
import { get, useStore } from "../core/store";

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function address(show: Show): string {
  const { language } = get();
  return `${location.origin}/${writeLink(currentSettings() ?? show.settings, show.seed, "market", language)}`;
}

export function Share({ show }: { show: Show }) {
  const live = useStore((state) => state.live);
  if (!live) return null;
  return (
    <section class="share" data-testid="share" aria-label={t("share")}>
      <h2>{t("share")}</h2>
      <p class="muted">{t("share_about")}</p>
      <div class="share-buttons">
        <LinkButton show={show} />
        <a class="button" data-testid="replay" href="/api/replay.html" download={`yellowcart-${show.scenario.name}.html`}>{t("save_replay")}</a>
        <a class="button" data-testid="scenario-file-a" href="/api/scenario.toml?pane=0" download={`${show.scenario.name}-a.toml`}>{t(show.panes.length > 1 ? "save_scenario_a" : "save_scenario")}</a>
        {show.panes.length > 1 && (
          <a class="button" data-testid="scenario-file-b" href="/api/scenario.toml?pane=1" download={`${show.scenario.name}-b.toml`}>{t("save_scenario_b")}</a>
        )}
      </div>
    </section>
  );
}

function LinkButton({ show }: { show: Show }) {
  const [shown, setShown] = useState("");
  const [copied, setCopied] = useState(false);
  const press = async (): Promise<void> => {
    const link = address(show);
    setShown(link);
    setCopied(await copy(link));
  };
  return (
    <div class="link-box">
      <button data-testid="link" data-value={shown} onClick={() => void press()}>{t("copy_link")}</button>
      {shown && <input class="link-field" readOnly value={shown} aria-label={t("link")} onFocus={(event) => event.currentTarget.select()} />}
      <span role="status">{shown && t(copied ? "copied" : "copy_by_hand")}</span>
    </div>
  );
}
