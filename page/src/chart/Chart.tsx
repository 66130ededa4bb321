// A chart with its title, unit, legend with values, and buttons that save it.
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../core/language";
import { savePng, saveSvg } from "./download";
import type { Figure, Line } from "./figure";
import { Plot } from "./plot";

interface Props { name: string; figure: Figure; children?: preact.ComponentChildren }

export function Chart({ name, figure, children }: Props) {
  return (
    <figure class="chart" data-testid={`chart-${name}`} data-points={figure.panels[0]?.positions.length ?? 0}>
      <figcaption class="chart-head">
        <h3>{figure.title}</h3>
        <span class="muted">{figure.unit}</span>
        <span class="chart-buttons">
          <button class="small" data-testid={`png-${name}`} aria-label={t("save_png", { chart: figure.title })} onClick={() => void savePng(figure)}>PNG</button>
          <button class="small" data-testid={`svg-${name}`} aria-label={t("save_svg", { chart: figure.title })} onClick={() => saveSvg(figure)}>SVG</button>
        </span>
      </figcaption>
      {children}
      <div class={`panels panels-${figure.panels.length}`}>
        {figure.panels.map((panel, index) => <PanelView key={index} figure={figure} index={index} title={figure.panels.length > 1 ? panel.title : ""} />)}
      </div>
      <p class="chart-note">{figure.note}</p>
    </figure>
  );
}

function PanelView({ figure, index, title }: { figure: Figure; index: number; title: string }) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const visible = useRef(true);
  const latest = useRef(figure);
  const [pointed, setPointed] = useState<number | null>(null);
  latest.current = figure;
  useEffect(() => {
    const element = host.current!;
    plot.current = new Plot(element, latest.current, index, setPointed);
    const sized = new ResizeObserver(() => plot.current?.resize());
    const seen = new IntersectionObserver(([entry]) => {
      visible.current = entry?.isIntersecting ?? true;
      if (visible.current) plot.current?.update(latest.current);
    });
    sized.observe(element);
    seen.observe(element);
    return () => {
      sized.disconnect();
      seen.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [index]);
  useEffect(() => {
    if (visible.current) plot.current?.update(figure);
  }, [figure]);
  const panel = figure.panels[index]!;
  return (
    <div class="panel">
      {title && <h4>{title}</h4>}
      <div class="plot" ref={host} role="img" aria-label={spoken(figure, index)} />
      <ul class="chart-legend">
        {panel.lines.filter((line) => !line.silent).map((line) => <LegendItem key={line.label} line={line} figure={figure} at={pointed} />)}
      </ul>
    </div>
  );
}

/** The value at the sample that is pointed at, else the latest. */
function valueAt(line: Line, at: number | null): number | null {
  const told = line.told ?? line.values;
  return at === null ? (line.now ?? told.at(-1) ?? null) : (told[at] ?? null);
}

function LegendItem({ line, figure, at }: { line: Line; figure: Figure; at: number | null }) {
  const value = valueAt(line, at);
  return (
    <li>
      <svg class="legend-line" viewBox="0 0 26 10" aria-hidden="true">
        {line.fill ? (
          <rect width="26" height="10" fill={line.fill} />
        ) : (
          <line x1="0" x2="26" y1="5" y2="5" stroke={line.color} stroke-width={line.width ?? 2} stroke-dasharray={line.dash?.join(" ")} />
        )}
      </svg>
      {line.label} <b>{value === null ? "–" : figure.tell(value)}</b>
    </li>
  );
}

/** The chart in words: its title and the latest values. */
function spoken(figure: Figure, index: number): string {
  const panel = figure.panels[index]!;
  const values = panel.lines.map((line) => {
    const value = valueAt(line, null);
    return t("spoken_value", { line: line.label, value: value === null ? "–" : figure.tell(value) });
  });
  return t("spoken_chart", { title: figure.title, values: values.join(t("list_comma")) });
}
