// All measures of the evening once it has ended, as the simulator names them.
import type { Show } from "../contract";
import { plain } from "../core/format";
import { t } from "../core/language";
import { looksBehind, useRevision, useStore } from "../core/store";

const STEP = 0.001;

export function Finals({ show }: { show: Show }) {
  useRevision(1000);
  const behind = useStore(looksBehind);
  if (!behind || show.metrics.length === 0 || !show.panes.some((pane) => pane.finals)) return null;
  return (
    <details class="finals" data-testid="finals">
      <summary>{t("finals", { n: show.metrics.length })}</summary>
      <div class="table-box" tabIndex={0} role="region" aria-label={t("finals", { n: show.metrics.length })}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("measure")}</th>
              {show.panes.map((_, pane) => <th key={pane} scope="col">{show.panes.length > 1 ? "AB"[pane] : t("value")}</th>)}
              <th scope="col">{t("unit")}</th>
            </tr>
          </thead>
          <tbody lang="en">
            {show.metrics.map((metric, index) => (
              <tr key={metric.key}>
                <th scope="row">{metric.label}</th>
                {show.panes.map((pane, place) => <td key={place}>{told(pane.finals?.[index])}</td>)}
                <td>{metric.unit}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function told(value: number | null | undefined): string {
  return typeof value === "number" ? plain(value, STEP) : "–";
}
