// Taking the evening along: a link, a replay that plays without a server, the settings as a scenario file.
import type { Show } from "../contract";
import { currentSettings } from "../core/actions";
import { t } from "../core/language";
import { writeLink } from "../core/link";
import { get, useStore } from "../core/store";
import { CopyLink } from "../parts/CopyLink";

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
        <CopyLink link={() => address(show)} testid="link" />
        <a class="button" data-testid="replay" href="/api/replay.html" download={`yellowcart-${show.scenario.name}.html`}>{t("save_replay")}</a>
        <a class="button" data-testid="scenario-file-a" href="/api/scenario.toml?pane=0" download={`${show.scenario.name}-a.toml`}>{t(show.panes.length > 1 ? "save_scenario_a" : "save_scenario")}</a>
        {show.panes.length > 1 && (
          <a class="button" data-testid="scenario-file-b" href="/api/scenario.toml?pane=1" download={`${show.scenario.name}-b.toml`}>{t("save_scenario_b")}</a>
        )}
      </div>
    </section>
  );
}
