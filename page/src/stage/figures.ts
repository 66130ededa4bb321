// The little figures of the crowd, drawn once and stamped: a person, a passer-by, a bot (another shape, not only another colour).
export type FigureKind = "real" | "passer" | "bot" | "anyone";

export const palette = {
  real: "#0072b2", passer: "#8fb8d4", bot: "#3f3f46", displayed: "#d55e00", ink: "#23211d", skin: "#f0c9a4", cart: "#f2b600", harm: "#7b2d8e", line: "#d8d3c8",
};

export interface Stamp { image: HTMLCanvasElement; width: number; height: number }
const made = new Map<string, Stamp>();

export function stamp(kind: FigureKind, size: number, density: number): Stamp {
  const key = `${kind} ${size} ${density}`;
  const known = made.get(key);
  if (known) return known;
  const image = document.createElement("canvas");
  image.width = Math.ceil(size * density);
  image.height = Math.ceil(size * 1.25 * density);
  const pen = image.getContext("2d")!;
  pen.scale(density, density);
  if (kind === "bot") drawBot(pen, size);
  else drawPerson(pen, size, kind === "real" ? palette.real : kind === "passer" ? palette.passer : palette.displayed);
  const result = { image, width: size, height: size * 1.25 };
  made.set(key, result);
  return result;
}

function drawPerson(pen: CanvasRenderingContext2D, size: number, color: string): void {
  const middle = size / 2;
  pen.fillStyle = color;
  pen.beginPath();
  pen.arc(middle, size * 0.3, size * 0.23, 0, Math.PI * 2);
  pen.fill();
  pen.beginPath();
  pen.moveTo(size * 0.12, size * 1.2);
  pen.bezierCurveTo(size * 0.12, size * 0.45, size * 0.88, size * 0.45, size * 0.88, size * 1.2);
  pen.closePath();
  pen.fill();
}

function drawBot(pen: CanvasRenderingContext2D, size: number): void {
  pen.strokeStyle = palette.bot;
  pen.fillStyle = "#fff";
  pen.lineWidth = Math.max(1.3, size * 0.13);
  pen.beginPath();
  pen.rect(size * 0.16, size * 0.42, size * 0.68, size * 0.68);
  pen.fill();
  pen.stroke();
  pen.beginPath();
  pen.moveTo(size * 0.5, size * 0.42);
  pen.lineTo(size * 0.5, size * 0.14);
  pen.stroke();
}
