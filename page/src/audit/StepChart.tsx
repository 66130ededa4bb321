// Posted and effective price over time as stairs, against what was promised.
import type { Moment } from "../contract";
import { parseMarketTime, shortDate, yuan } from "../core/format";
import { t } from "../core/language";
import { useWidth } from "../parts/width";

const WIDEST = 640;
const HEIGHT = 190;
const BOX = { left: 64, right: 12, top: 14, bottom: 30 };

export function StepChart({ moments, promised }: { moments: Moment[]; promised: number }) {
  const { box, width: room } = useWidth<HTMLElement>(WIDEST);
  const width = Math.max(260, Math.min(WIDEST, room));
  const times = moments.map((moment) => parseMarketTime(moment.from));
  const first = times[0] ?? 0;
  const last = Math.max(times.at(-1) ?? 0, first + 1);
  const end = last + (last - first) * 0.06;
  const high = Math.max(promised, ...moments.flatMap((moment) => [moment.posted ?? 0, moment.effective ?? 0])) * 1.1 || 1;
  const x = (time: number): number => BOX.left + ((time - first) / (end - first)) * (width - BOX.left - BOX.right);
  const y = (value: number): number => BOX.top + (1 - value / high) * (HEIGHT - BOX.top - BOX.bottom);
  const path = (pick: (moment: Moment) => number | null): string => stairs(moments.map(pick), times, end, x, y);
  return (
    <figure class="steps-chart" ref={box}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={t("step_chart", { promised: yuan(promised) })}>
        <line x1={BOX.left} x2={width - BOX.right} y1={y(0)} y2={y(0)} class="axis" />
        <text x={BOX.left - 6} y={y(0) + 4} text-anchor="end">¥0</text>
        <line x1={BOX.left} x2={width - BOX.right} y1={y(promised)} y2={y(promised)} class="promised-line" />
        <text x={BOX.left - 6} y={y(promised) + 4} text-anchor="end">{yuan(promised)}</text>
        <path d={path((moment) => moment.posted)} class="posted-line" />
        <path d={path((moment) => moment.effective)} class="effective-line" />
        <text x={x(first)} y={HEIGHT - 8}>{shortDate(first, 0)}</text>
        <text x={x(last)} y={HEIGHT - 8} text-anchor="end">{shortDate(last, 0)}</text>
      </svg>
      <figcaption class="step-legend">
        <span><svg viewBox="0 0 26 8" aria-hidden="true"><line x2="26" y1="4" y2="4" class="promised-line" /></svg>{t("line_promised")}</span>
        <span><svg viewBox="0 0 26 8" aria-hidden="true"><line x2="26" y1="4" y2="4" class="posted-line" /></svg>{t("line_posted")}</span>
        <span><svg viewBox="0 0 26 8" aria-hidden="true"><line x2="26" y1="4" y2="4" class="effective-line" /></svg>{t("line_effective")}</span>
      </figcaption>
    </figure>
  );
}

function stairs(values: (number | null)[], times: number[], end: number, x: (time: number) => number, y: (value: number) => number): string {
  let path = "";
  values.forEach((value, index) => {
    if (value === null) return;
    const until = times[index + 1] ?? end;
    const joined = index > 0 && values[index - 1] !== null;
    path += `${joined ? "L" : "M"}${x(times[index]!).toFixed(1)} ${y(value).toFixed(1)}H${x(until).toFixed(1)}`;
  });
  return path;
}
