// What was last done on the stage, in plain words; behind the counter also what is not true about it.
import type { Cue, Show } from "../contract";
import { clockTime, parseMarketTime } from "../core/format";
import { t } from "../core/language";
import { cueTruth, cueWords } from "../core/words";
import { get, looksBehind, useRevision, useStore } from "../core/store";

const MOST = 2;
const LASTS = 120;
const SEEN_FOR = 6;
const AS_FAST = 1800;

/** Since when a cue is news: two minutes of the market, but never less than some seconds of the people who watch. */
function newsSince(): number {
  const { time, status } = get();
  const speed = status?.speed === 0 ? AS_FAST : (status?.speed ?? 1);
  return time - Math.max(LASTS, speed * SEEN_FOR);
}

export function Banners({ show, pane, room }: { show: Show; pane: number; room: number }) {
  useRevision(150);
  const behind = useStore(looksBehind);
  const { time } = get();
  const fallen = show.panes[pane]!.cues.filter((cue) => cue.room === room && cue.at <= time).slice(-MOST);
  const since = newsSince();
  return (
    <ol class={behind ? "banners banners-behind" : "banners"}>
      {fallen.length === 0 && <li class="banner-none">{t("stage_quiet")}</li>}
      {fallen.map((cue) => <Banner key={`${cue.at} ${cue.act}`} cue={cue} show={show} behind={behind} news={cue.at > since} />)}
    </ol>
  );
}

function Banner({ cue, show, behind, news }: { cue: Cue; show: Show; behind: boolean; news: boolean }) {
  const truth = behind ? cueTruth(cue, show) : null;
  return (
    <li class={`banner ${news ? "banner-now" : ""} ${truth ? "banner-false" : ""}`}>
      <time>{clockTime(parseMarketTime(show.start), cue.at, false)}</time> {cueWords(cue, show)}
      {truth && <em>{truth}</em>}
    </li>
  );
}
