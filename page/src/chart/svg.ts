// Writes a figure as an SVG file of its own: title, axes with units, legend, lines, seed and version.
import { roundValues, scaleOf, type Column, type Figure, type Line, type Panel } from "./figure";

const WIDTH = 960;
const HEIGHT = 480;
const TOP = 84;
const BOTTOM = 92;
const LEFT = 78;
const BETWEEN = 28;
const FONT = "Helvetica, Arial, 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";

interface Frame { left: number; top: number; width: number; height: number; low: number; high: number; length: number }

export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

const short = (value: number): string => String(Math.round(value * 100) / 100);

function text(x: number, y: number, words: string, more = ""): string {
  return `<text x="${short(x)}" y="${short(y)}" ${more}>${escape(words)}</text>`;
}

/** The path of a line, broken where there is no value; as stairs where values hold until the next. */
export function pathOf(positions: number[], values: Column, frame: Frame, step: boolean): string {
  const x = (position: number): string => short(frame.left + (position / frame.length) * frame.width);
  const y = (value: number): string => short(frame.top + frame.height - ((value - frame.low) / (frame.high - frame.low)) * frame.height);
  let path = "";
  let before: number | null = null;
  positions.forEach((position, index) => {
    const value = values[index] ?? null;
    if (value !== null) {
      if (before === null) path += `M${x(position)} ${y(value)}`;
      else path += step ? `H${x(position)}V${y(value)}` : `L${x(position)} ${y(value)}`;
    }
    before = value;
  });
  return path;
}

function line(panel: Panel, one: Line, frame: Frame): string {
  const path = pathOf(panel.positions, one.values, frame, one.step ?? false);
  if (!path) return "";
  const dash = one.dash ? ` stroke-dasharray="${one.dash.join(" ")}"` : "";
  const drawn = `<path d="${path}" fill="none" stroke="${one.color}" stroke-width="${one.width ?? 2}" stroke-linejoin="round"${dash}/>`;
  if (!one.fill) return drawn;
  const last = panel.positions.length - 1;
  const x = (position: number): string => short(frame.left + (position / frame.length) * frame.width);
  const ground = short(frame.top + frame.height - ((0 - frame.low) / (frame.high - frame.low)) * frame.height);
  return `<path d="${path}L${x(panel.positions[last]!)} ${ground}L${x(panel.positions[0]!)} ${ground}Z" fill="${one.fill}" stroke="none"/>${drawn}`;
}

function panelOf(figure: Figure, panel: Panel, frame: Frame, first: boolean): string {
  const parts: string[] = [text(frame.left, frame.top - 10, panel.title, 'font-weight="bold" font-size="14"')];
  for (const value of roundValues(frame.low, frame.high)) {
    const y = frame.top + frame.height - ((value - frame.low) / (frame.high - frame.low)) * frame.height;
    parts.push(`<path d="M${frame.left} ${short(y)}h${short(frame.width)}" stroke="${value === 0 ? "#555" : "#ddd"}"/>`);
    if (first) parts.push(text(frame.left - 8, y + 4, figure.format(value), 'text-anchor="end"'));
  }
  for (const tick of figure.axis.ticks(Math.floor(frame.width / 90))) {
    const x = frame.left + (tick.position / frame.length) * frame.width;
    parts.push(`<path d="M${short(x)} ${short(frame.top + frame.height)}v5" stroke="#555"/>`, text(x, frame.top + frame.height + 20, tick.label, 'text-anchor="middle"'));
  }
  for (const mark of panel.marks) {
    const x = frame.left + (mark / frame.length) * frame.width;
    parts.push(`<path d="M${short(x - 4)} ${frame.top}h8l-4 7z" fill="#7b2d8e"/>`);
  }
  for (const one of panel.lines) parts.push(line(panel, one, frame));
  return parts.join("");
}

function legend(figure: Figure, y: number): string {
  const seen = new Set<string>();
  let x = LEFT;
  const parts: string[] = [];
  for (const one of figure.panels.flatMap((panel) => panel.lines)) {
    if (one.silent || seen.has(one.label)) continue;
    seen.add(one.label);
    const dash = one.dash ? ` stroke-dasharray="${one.dash.join(" ")}"` : "";
    const swatch = one.fill
      ? `<rect x="${x}" y="${y - 10}" width="24" height="10" fill="${one.fill}"/>`
      : `<path d="M${x} ${y - 5}h24" stroke="${one.color}" stroke-width="${one.width ?? 2}"${dash}/>`;
    parts.push(swatch, text(x + 30, y, one.label));
    x += 48 + [...one.label].reduce((wide, letter) => wide + (letter.charCodeAt(0) > 0x2e80 ? 13 : 7), 0);
    if (x > WIDTH - 170) {
      x = LEFT;
      y += 18;
    }
  }
  return parts.join("");
}

export function svgOf(figure: Figure): string {
  const [low, high] = scaleOf(figure);
  const many = figure.panels.length;
  const width = (WIDTH - LEFT - 24 - BETWEEN * (many - 1)) / many;
  const height = HEIGHT - TOP - BOTTOM;
  const panels = figure.panels.map((panel, index) => {
    const frame = { left: LEFT + index * (width + BETWEEN), top: TOP, width, height, low, high, length: figure.axis.length };
    return panelOf(figure, panel, frame, index === 0);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="${FONT}" font-size="12" fill="#23211d">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(LEFT, 30, figure.title, 'font-size="20" font-weight="bold"'),
    text(LEFT, 50, figure.unit, 'fill="#5c5850"'),
    ...panels,
    legend(figure, HEIGHT - BOTTOM + 44),
    text(WIDTH - 24, HEIGHT - 10, figure.note, 'text-anchor="end" fill="#5c5850" font-size="11"'),
    "</svg>",
  ].join("\n");
}

export const size = { width: WIDTH, height: HEIGHT };
