// Hands a figure to the person as a file: SVG as it is written, PNG from the same picture at twice the size.
import type { Figure } from "./figure";
import { size, svgOf } from "./svg";

export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function saveSvg(figure: Figure): void {
  saveBlob(new Blob([svgOf(figure)], { type: "image/svg+xml" }), `yellowcart-${figure.name}.svg`);
}

export async function savePng(figure: Figure): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgOf(figure))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = size.width * 2;
  canvas.height = size.height * 2;
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob) saveBlob(blob, `yellowcart-${figure.name}.png`);
}
