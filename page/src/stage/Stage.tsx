// The stage: one world or two side by side, each with its rooms and what is said and done in them.
import type { Show } from "../contract";
import { Switch } from "../parts/Switch";
import { count } from "../core/format";
import { t } from "../core/language";
import { paneTitle } from "../core/names";
import { looksBehind, set, useRevision, useStore } from "../core/store";
import { perFigure } from "./crowd";
import { Feed } from "./Feed";
import { RoomCard } from "./RoomCard";

/** As many figures as fit into the small card of a room. */
const MOST_FIGURES = 140;

let largest = { id: "", peak: 0 };

/** The largest crowd so far, in any pane: figures stand for the same number everywhere, and never for fewer again. */
function peakOf(show: Show): number {
  const id = `${show.scenario.name} ${show.seed}`;
  if (largest.id !== id) largest = { id, peak: 400 };
  for (const pane of show.panes) {
    for (const now of pane.now) largest.peak = Math.max(largest.peak, now.displayed_viewers, now.real_viewers);
    for (const room of pane.samples.rooms) largest.peak = Math.max(largest.peak, room.displayed_viewers.at(-1) ?? 0);
  }
  return largest.peak;
}

export function Stage({ show }: { show: Show }) {
  useRevision(1000);
  const behind = useStore(looksBehind);
  const per = perFigure(peakOf(show), MOST_FIGURES);
  return (
    <section class="stage" aria-label={t("stage")}>
      <div class="stage-bar">
        <Legend per={per} behind={behind} />
        <Switch on={behind} change={(on) => set({ behind: on })} testid="behind">{t("look_behind")}</Switch>
      </div>
      <div class={`panes panes-${show.panes.length}`}>
        {show.panes.map((_, index) => <Pane key={index} show={show} index={index} per={per} />)}
      </div>
    </section>
  );
}

function Legend({ per, behind }: { per: number; behind: boolean }) {
  return (
    <p class="legend">
      <span>{t("one_figure", { n: per === 1 ? 1 : count(per) })}</span>
      {behind ? (
        <>
          <span><i class="mark mark-real" />{t("legend_real")}</span>
          <span><i class="mark mark-passer" />{t("legend_passer")}</span>
          <span><i class="mark mark-bot" />{t("legend_bot")}</span>
        </>
      ) : (
        <span><i class="mark mark-displayed" />{t("legend_anyone")}</span>
      )}
    </p>
  );
}

function Pane({ show, index, per }: { show: Show; index: number; per: number }) {
  const focus = Math.min(useStore((state) => state.focus), show.rooms.length - 1);
  const letter = index === 0 ? "A" : "B";
  const others = show.rooms.map((_, room) => room).filter((room) => room !== focus);
  return (
    <section class="pane" data-testid={index === 0 ? "pane-a" : "pane-b"} aria-label={t("world", { letter })}>
      <h2 class="pane-title">
        {show.panes.length > 1 && <span class={`letter letter-${letter.toLowerCase()}`}>{letter}</span>}
        {paneTitle(show, index)}
      </h2>
      <div class="pane-body">
        {show.rooms.length > 0 && <RoomCard key={`large ${focus}`} show={show} pane={index} room={focus} large per={per} />}
        <Feed show={show} pane={index} />
        {others.length > 0 && (
          <div class="other-rooms">
            {others.map((room) => <RoomCard key={room} show={show} pane={index} room={room} large={false} per={per} />)}
          </div>
        )}
      </div>
    </section>
  );
}
