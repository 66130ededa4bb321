// What stands on the stage: the anchor, the brand's woman of a quarrel, and the product as a simple picture.
import { palette } from "./figures";

type Pen = CanvasRenderingContext2D;

export function drawAnchor(pen: Pen, x: number, ground: number, size: number, jacket: string, arm: number): void {
  pen.lineCap = "round";
  pen.strokeStyle = jacket;
  pen.lineWidth = size * 0.14;
  pen.beginPath();
  pen.moveTo(x + size * 0.2, ground - size * 0.72);
  pen.lineTo(x + size * 0.52, ground - size * (0.72 + arm * 0.35));
  pen.stroke();
  pen.fillStyle = jacket;
  pen.beginPath();
  pen.moveTo(x - size * 0.34, ground);
  pen.bezierCurveTo(x - size * 0.36, ground - size * 1.1, x + size * 0.36, ground - size * 1.1, x + size * 0.34, ground);
  pen.closePath();
  pen.fill();
  pen.fillStyle = palette.skin;
  pen.beginPath();
  pen.arc(x, ground - size * 1.12, size * 0.25, 0, Math.PI * 2);
  pen.fill();
  pen.fillStyle = palette.ink;
  pen.beginPath();
  pen.arc(x, ground - size * 1.17, size * 0.26, Math.PI, 0);
  pen.fill();
}

/** Somebody who protests, with a jagged speech mark: the planted quarrel. */
export function drawProtest(pen: Pen, x: number, ground: number, size: number, shake: number): void {
  drawAnchor(pen, x + shake, ground, size, palette.harm, 1);
  pen.strokeStyle = palette.harm;
  pen.lineWidth = Math.max(1.5, size * 0.06);
  pen.beginPath();
  for (let ray = 0; ray < 3; ray += 1) {
    const angle = -2.4 + ray * 0.42;
    pen.moveTo(x + Math.cos(angle) * size * 0.42, ground - size * 1.15 + Math.sin(angle) * size * 0.42);
    pen.lineTo(x + Math.cos(angle) * size * 0.64, ground - size * 1.15 + Math.sin(angle) * size * 0.64);
  }
  pen.stroke();
}

const shapes: [RegExp, (pen: Pen, size: number) => void][] = [
  [/necklace|ring|jewel|diamond/, necklace],
  [/pan|wok|pot/, pan],
  [/coat|jacket|dress|sweater|fleece|style/, garment],
  [/scarf|sheet|towel|bed|duvet/, cloth],
  [/cream|mask|serum|soap|honey|tonic|lotion/, jar],
];

export function drawProduct(pen: Pen, name: string, x: number, y: number, size: number): void {
  const draw = shapes.find(([pattern]) => pattern.test(name))?.[1] ?? box;
  pen.save();
  pen.translate(x, y);
  pen.lineWidth = Math.max(1.6, size * 0.07);
  pen.strokeStyle = palette.ink;
  pen.fillStyle = palette.cart;
  pen.lineJoin = "round";
  draw(pen, size);
  pen.restore();
}

function necklace(pen: Pen, size: number): void {
  pen.beginPath();
  pen.arc(0, -size * 0.12, size * 0.34, 0.35, Math.PI - 0.35, false);
  pen.stroke();
  pen.beginPath();
  pen.moveTo(-size * 0.17, size * 0.24);
  pen.lineTo(size * 0.17, size * 0.24);
  pen.lineTo(size * 0.26, size * 0.34);
  pen.lineTo(0, size * 0.6);
  pen.lineTo(-size * 0.26, size * 0.34);
  pen.closePath();
  pen.fillStyle = "#bfe4f7";
  pen.fill();
  pen.stroke();
}

function pan(pen: Pen, size: number): void {
  pen.beginPath();
  pen.ellipse(-size * 0.1, size * 0.15, size * 0.4, size * 0.3, 0, 0, Math.PI * 2);
  pen.fill();
  pen.stroke();
  pen.beginPath();
  pen.moveTo(size * 0.28, size * 0.08);
  pen.lineTo(size * 0.66, -size * 0.12);
  pen.stroke();
}

function garment(pen: Pen, size: number): void {
  pen.beginPath();
  for (const [x, y] of [[-0.16, -0.35], [0.16, -0.35], [0.5, -0.1], [0.36, 0.1], [0.26, 0.02], [0.3, 0.55], [-0.3, 0.55], [-0.26, 0.02], [-0.36, 0.1], [-0.5, -0.1]] as const) {
    pen.lineTo(x * size, y * size);
  }
  pen.closePath();
  pen.fill();
  pen.stroke();
}

function cloth(pen: Pen, size: number): void {
  pen.beginPath();
  pen.rect(-size * 0.42, -size * 0.2, size * 0.84, size * 0.26);
  pen.rect(-size * 0.42, size * 0.06, size * 0.84, size * 0.26);
  pen.fill();
  pen.stroke();
}

function jar(pen: Pen, size: number): void {
  pen.beginPath();
  pen.rect(-size * 0.3, -size * 0.08, size * 0.6, size * 0.55);
  pen.fill();
  pen.stroke();
  pen.fillStyle = palette.ink;
  pen.fillRect(-size * 0.35, -size * 0.28, size * 0.7, size * 0.18);
}

function box(pen: Pen, size: number): void {
  pen.beginPath();
  pen.rect(-size * 0.4, -size * 0.2, size * 0.8, size * 0.65);
  pen.fill();
  pen.moveTo(0, -size * 0.2);
  pen.lineTo(0, size * 0.45);
  pen.stroke();
}
