// What the tests in a browser share: the real program serving a small market, and a browser that may reach nothing else.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

/** Where pictures of what was seen go; nothing is compared with them, they are for people to look at. */
const pictures = process.env.PICTURES ?? "pictures";

/** A folder with a page newer than the one that the program embeds, for trying a change without compiling. */
const newer = process.env.PAGE;

export interface Served { address: string; class: string | undefined; stop(): void }

/** Starts `yellowcart serve` and waits for its links. */
export function serve(...options: string[]): Promise<Served> {
  const program = process.env.YELLOWCART;
  if (!program) throw new Error("YELLOWCART names the program");
  const child: ChildProcess = spawn(program, ["serve", "--port", "0", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const wanted = options.includes("--listen") ? 2 : 1;
  return new Promise((done, failed) => {
    let said = "";
    child.once("exit", (code) => failed(new Error(`the program ended with ${code}`)));
    child.stdout?.on("data", (data: Buffer) => {
      said += data.toString();
      const links = said.match(/http:\S+/g) ?? [];
      if (links.length >= wanted) done({ address: links[0]!, class: links[1], stop: () => child.kill() });
    });
  });
}

export function browse(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });
}

export interface Visit { page: Page; errors: string[]; elsewhere: string[] }

/** Opens the page, and notes every error and every request that goes anywhere but to the program. */
export async function visit(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", ...options });
  if (newer) {
    for (const file of ["app.js", "app.css"]) await context.route(`**/${file}`, (route) => route.fulfill({ path: `${newer}/${file}` }));
  }
  const page = await context.newPage();
  const errors: string[] = [];
  const elsewhere: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
  const own = new URL(address).origin;
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(own) && !/^(data|blob):/.test(url)) elsewhere.push(url);
  });
  await page.goto(address);
  return { page, errors, elsewhere };
}

/** The number that something shows. */
export async function shown(page: Page, id: string): Promise<number> {
  return Number(await page.getByTestId(id).first().getAttribute("data-value"));
}

/** Waits until something shows a number that passes. */
export async function until(page: Page, id: string, passes: (value: number) => boolean, patience = 30_000): Promise<number> {
  const end = Date.now() + patience;
  for (;;) {
    const value = await shown(page, id);
    if (passes(value)) return value;
    if (Date.now() > end) throw new Error(`${id} shows ${value}`);
    await page.waitForTimeout(50);
  }
}

/** Waits for what the evening does. */
export async function state(page: Page, wanted: string, patience = 60_000): Promise<void> {
  await page.locator(`[data-testid=status][data-value=${wanted}]`).waitFor({ state: "attached", timeout: patience });
  await drawn(page);
}

/** Waits until every counter has had its turn to show what the page knows. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise<void>((done) => {
    let left = 10;
    const step = (): void => void (left-- > 0 ? requestAnimationFrame(step) : done());
    step();
  }));
}

/** Plays the evening to its end, as fast as it goes. */
export async function toTheEnd(page: Page): Promise<void> {
  await page.getByTestId("speed").selectOption("0");
  await page.getByTestId("play").click();
  await state(page, "ended");
}

/** Does something that opens a new show, and waits until it has run to where the last one was. */
export async function reopened(page: Page, act: () => Promise<unknown>, wanted: string): Promise<void> {
  const number = async (): Promise<number> => Number(await page.locator("[data-show]").getAttribute("data-show"));
  const before = await number();
  await act();
  const end = Date.now() + 30_000;
  while ((await number()) <= before) {
    if (Date.now() > end) throw new Error("no new show came");
    await page.waitForTimeout(50);
  }
  await state(page, wanted);
}

/** Sends what only a teacher may. */
export async function post(page: Page, address: string, path: string, data: unknown): Promise<void> {
  const answer = await page.request.post(new URL(path, address).href, { data });
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
}

/** Goes to a moment. */
export async function jump(page: Page, address: string, to: number): Promise<void> {
  await post(page, address, "/api/control", { action: "jump", to });
  await until(page, "clock", (second) => second === to);
  await state(page, "paused");
}

/** Moves a slider as far as it goes. */
export async function push(page: Page, key: string, to: "Home" | "End"): Promise<void> {
  await page.getByTestId(`control-${key}`).focus();
  await page.keyboard.press(to);
}

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}
