// Draws one panel of a figure with uPlot and keeps it up to date.
import uPlot from "uplot";
import { scaleOf, type Figure, type Panel } from "./figure";

const SYNC = "market-time";
const INK = "#57534a";
const GRID = "#e7e2d6";

function shape(panel: Panel): string {
  return panel.lines.map((line) => `${line.label}${line.color}${line.dash ?? ""}`).join("|");
}

export class Plot {
  private plot: uPlot | null = null;
  private shaped = "";
  private figure: Figure;

  constructor(
    private readonly host: HTMLElement,
    figure: Figure,
    private readonly index: number,
    private readonly pointed: (sample: number | null) => void,
  ) {
    this.figure = figure;
    this.update(figure);
  }

  private panel(): Panel {
    return this.figure.panels[this.index]!;
  }

  private data(): uPlot.AlignedData {
    const panel = this.panel();
    return [panel.positions, ...panel.lines.map((line) => line.values)];
  }

  update(figure: Figure): void {
    this.figure = figure;
    const look = `${shape(this.panel())} ${figure.axis.length}`;
    if (!this.plot || look !== this.shaped) {
      this.plot?.destroy();
      this.shaped = look;
      this.plot = new uPlot(this.options(), this.data(), this.host);
    } else this.plot.setData(this.data());
  }

  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (this.plot && width > 0 && (this.plot.width !== width || this.plot.height !== height)) this.plot.setSize({ width, height });
  }

  destroy(): void {
    this.plot?.destroy();
  }

  private options(): uPlot.Options {
    const font = `${Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.78)}px system-ui, sans-serif`;
    const common = { stroke: INK, font, ticks: { stroke: GRID, size: 4 } };
    return {
      width: Math.max(120, this.host.clientWidth),
      height: Math.max(120, this.host.clientHeight),
      legend: { show: false },
      padding: [10, 24, 0, 0],
      cursor: { sync: { key: SYNC, setSeries: false }, drag: { x: false, y: false }, points: { size: 7 }, y: false },
      scales: { x: { time: false, range: () => [0, this.figure.axis.length] }, y: { range: () => scaleOf(this.figure) } },
      axes: [
        {
          ...common, grid: { show: false }, size: 30,
          splits: (plot) => this.figure.axis.ticks(Math.max(2, Math.floor(plot.width / 95))).map((tick) => tick.position),
          values: (plot, splits) => {
            const labels = new Map(this.figure.axis.ticks(Math.max(2, Math.floor(plot.width / 95))).map((tick) => [tick.position, tick.label]));
            return splits.map((split) => labels.get(split) ?? "");
          },
        },
        { ...common, grid: { stroke: GRID, width: 1 }, size: 62, values: (_, splits) => splits.map((split) => this.figure.format(split)) },
      ],
      series: [{}, ...this.panel().lines.map((line) => this.series(line))],
      hooks: {
        drawClear: [(plot) => this.background(plot)],
        draw: [(plot) => this.marks(plot)],
        setCursor: [(plot) => this.pointed(plot.cursor.left !== undefined && plot.cursor.left >= 0 ? (plot.cursor.idx ?? null) : null)],
      },
    };
  }

  private series(line: Panel["lines"][number]): uPlot.Series {
    return {
      label: line.label, stroke: line.color, width: line.width ?? 2, points: { show: false }, spanGaps: false,
      ...(line.dash ? { dash: line.dash } : {}),
      ...(line.fill ? { fill: line.fill } : {}),
      ...(line.step ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
    };
  }

  /** Long gaps without anybody on air are shaded, since they are squeezed. */
  private background(plot: uPlot): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.fillStyle = "#f0ede5";
    for (const gap of this.figure.axis.gaps()) {
      const left = plot.valToPos(gap.from, "x", true);
      ctx.fillRect(left, bbox.top, plot.valToPos(gap.to, "x", true) - left, bbox.height);
    }
    ctx.restore();
  }

  private marks(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const size = 4 * (window.devicePixelRatio || 1);
    ctx.save();
    ctx.fillStyle = "#7b2d8e";
    for (const mark of this.panel().marks) {
      const x = plot.valToPos(mark, "x", true);
      ctx.beginPath();
      ctx.moveTo(x - size, bbox.top);
      ctx.lineTo(x + size, bbox.top);
      ctx.lineTo(x, bbox.top + size * 1.6);
      ctx.fill();
    }
    ctx.restore();
  }
}
