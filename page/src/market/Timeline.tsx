// The evening as a line: who is on air when, the cues that are going to fall, where we are; a click or a key goes there.
import { useEffect, useRef } from "preact/hooks";
import type { Cue, Show } from "../contract";
import { jump } from "../core/actions";
import type { TimeAxis } from "../core/axis";
import { clockTime, parseMarketTime, shortDate } from "../core/format";
import { everyFrame } from "../core/frames";
import { t } from "../core/language";
import { capital, nameOf } from "../core/names";
import { cueWords } from "../core/words";
import { get, isTeacher, looksBehind, useStore } from "../core/store";

const MINUTE = 60;
/** Nearer to an end than this part of the line, a label would be cut. */
const EDGE = 0.04;

function useHand(axis: TimeAxis) {
  const hand = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      everyFrame(() => {
        const left = `${((axis.position(get().time) / axis.length) * 100).toFixed(2)}%`;
        if (hand.current && hand.current.style.left !== left) hand.current.style.left = left;
      }),
    [axis],
  );
  return hand;
}

export function Timeline({ show }: { show: Show }) {
  const axis = useStore((state) => state.axis);
  const steers = useStore((state) => isTeacher(state) || !state.live);
  return axis ? (
    <div class="timeline-box">
      <Line show={show} axis={axis} steers={steers} />
      <Cues show={show} steers={steers} />
    </div>
  ) : null;
}

function Line({ show, axis, steers }: { show: Show; axis: TimeAxis; steers: boolean }) {
  const hand = useHand(axis);
  const start = parseMarketTime(show.start);
  const percent = (time: number): string => `${((axis.position(time) / axis.length) * 100).toFixed(2)}%`;
  const minute = useStore((state) => Math.floor(state.time / MINUTE));
  const go = (event: MouseEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    if (steers) jump(Math.round(axis.time(((event.clientX - box.left) / box.width) * axis.length)));
  };
  const key = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowRight: 300, ArrowLeft: -300, PageUp: 1800, PageDown: -1800, Home: -1e9, End: 1e9 };
    const step = steps[event.key];
    if (step === undefined || !steers) return;
    event.preventDefault();
    jump(Math.max(0, Math.min(show.end, get().time + step)));
  };
  return (
    <div
      class="timeline" data-testid="timeline" role="slider" tabIndex={0} aria-label={t("timeline")} aria-valuemin={0} aria-valuemax={show.end}
      aria-valuenow={minute * MINUTE} aria-valuetext={clockTime(start, minute * MINUTE, false)} aria-readonly={!steers} onClick={go} onKeyDown={key}
    >
      {show.windows.map(([from, to]) => (
        <i key={from} class="window" ref={(element) => { if (element) Object.assign(element.style, { left: percent(from), width: `${(((axis.position(to) - axis.position(from)) / axis.length) * 100).toFixed(2)}%` }); }} />
      ))}
      <Marks show={show} percent={percent} />
      {axis.ticks(8).filter((tick) => tick.position > axis.length * EDGE && tick.position < axis.length * (1 - EDGE)).map((tick) => (
        <span key={tick.position} class="timeline-tick" ref={(element) => { if (element) element.style.left = `${((tick.position / axis.length) * 100).toFixed(2)}%`; }}>{tick.label}</span>
      ))}
      <div class="hand" ref={hand} />
    </div>
  );
}

/** Cues of both worlds; what deceives has another shape. */
function allCues(show: Show): Cue[] {
  const seen = new Map<string, Cue>();
  for (const pane of show.panes) {
    for (const cue of pane.cues) seen.set(`${cue.at} ${cue.room} ${cue.act}`, cue);
  }
  return [...seen.values()].sort((one, other) => one.at - other.at);
}

function Marks({ show, percent }: { show: Show; percent: (time: number) => string }) {
  const behind = useStore(looksBehind);
  return (
    <>
      {allCues(show).map((cue) => (
        <i key={`${cue.at} ${cue.room} ${cue.act}`} class={behind && cue.false ? "cue-mark cue-false" : "cue-mark"} ref={(element) => { if (element) element.style.left = percent(cue.at); }} />
      ))}
    </>
  );
}

function Cues({ show, steers }: { show: Show; steers: boolean }) {
  const behind = useStore(looksBehind);
  const start = parseMarketTime(show.start);
  const many = show.end > 36 * 3600;
  return (
    <details class="cues" data-testid="cues">
      <summary>{t("cues", { n: allCues(show).length })}</summary>
      <ol>
        {allCues(show).map((cue) => (
          <li key={`${cue.at} ${cue.room} ${cue.act}`}>
            <button class="quiet cue" disabled={!steers} onClick={() => jump(cue.at)} title={t("jump_here")}>
              <i class={behind && cue.false ? "cue-sign cue-false" : "cue-sign"} aria-hidden="true" />
              <time>{many ? `${shortDate(start, cue.at)} ` : ""}{clockTime(start, cue.at)}</time>
              <b>{capital(nameOf(show.rooms[cue.room]?.name))}</b>
              <span>{cueWords(cue, show)}</span>
              {behind && cue.false && <em class="false-word">{t("deceives")}</em>}
            </button>
          </li>
        ))}
      </ol>
    </details>
  );
}
