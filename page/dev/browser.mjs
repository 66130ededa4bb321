// Starts a browser for the tools in this folder: the one at CHROMIUM, else Playwright's own. The address of the page is the first argument.
import { chromium } from "playwright-core";

export const address = process.argv[2] ?? "http://127.0.0.1:8790/";
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });
}
