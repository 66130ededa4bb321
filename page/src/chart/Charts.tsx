// All charts of the market, redrawn about twice a second at most.
import { useMemo, useState } from "preact/hooks";
import type { Show } from "../contract";
import { t } from "../core/language";
import { capital, nameOf } from "../core/names";
import { looksBehind, set, useRevision, useStore } from "../core/store";
import { Chart } from "./Chart";
import { DIFFERENCES, differenceFigure, figureOf, FIGURES, type Context, type Difference } from "./figures";

export function Charts({ show }: { show: Show }) {
  const revision = useRevision(600);
  const axis = useStore((state) => state.axis);
  const room = Math.min(useStore((state) => state.focus), show.rooms.length - 1);
  const behind = useStore(looksBehind);
  const version = useStore((state) => state.hello?.version ?? "");
  const [difference, setDifference] = useState<Difference>("orders");
  const figures = useMemo(() => {
    if (!axis) return null;
    const context: Context = { show, axis, room, behind, version };
    const names = FIGURES.filter((name) => behind || name !== "harm");
    return {
      main: names.map((name) => ({ name, figure: figureOf(name, context) })),
      difference: show.panes.length > 1 && behind ? differenceFigure(difference, context) : null,
    };
  }, [revision, show, axis, room, behind, version, difference]);
  if (!figures) return null;
  return (
    <section class="charts" aria-label={t("charts")}>
      <div class="charts-head">
        <h2>{t("charts")}</h2>
        {show.rooms.length > 1 && <RoomChoice show={show} room={room} />}
      </div>
      <div class={`charts-grid charts-${show.panes.length}`}>
        {figures.difference && (
          <Chart name="difference" figure={figures.difference}>
            <div class="segments" role="group" aria-label={t("difference_of")}>
              {DIFFERENCES.map((one) => (
                <button key={one} class="small" aria-pressed={one === difference} onClick={() => setDifference(one)}>{t(`difference_${one}`)}</button>
              ))}
            </div>
          </Chart>
        )}
        {figures.main.map(({ name, figure }) => <Chart key={name} name={name} figure={figure} />)}
      </div>
    </section>
  );
}

function RoomChoice({ show, room }: { show: Show; room: number }) {
  return (
    <label class="inline">
      {t("charts_room")}
      <select value={room} onChange={(event) => set({ focus: Number(event.currentTarget.value) })}>
        {show.rooms.map((one, index) => <option key={one.id} value={index}>{capital(nameOf(one.name))}</option>)}
      </select>
    </label>
  );
}
