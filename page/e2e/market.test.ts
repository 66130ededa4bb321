// The market view, as a teacher uses it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { browse, picture, push, serve, shown, state, toTheEnd, until, visit, type Served } from "./served";

let browser: Browser;
let served: Served;
beforeAll(async () => {
  served = await serve("diamond_necklace", "--set", "population.consumers=20000");
  browser = await browse();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  served?.stop();
});

test("the evening comes alive: play, pause, step, jump, end", async () => {
  const { page, errors, elsewhere } = await visit(browser, served.address);
  await page.getByTestId("pane-a").waitFor();
  await state(page, "paused");
  await page.getByTestId("step").click();
  expect(await until(page, "clock", (second) => second > 0)).toBe(5);
  await page.getByTestId("speed").selectOption("1800");
  await page.getByTestId("play").click();
  await until(page, "clock", (second) => second > 6_000);
  await page.getByTestId("pause").click();
  await state(page, "paused");
  expect(await until(page, "real-viewers-0-0", (viewers) => viewers > 100)).toBeGreaterThan(100);
  await picture(page, "market");
  await toTheEnd(page);
  expect(await shown(page, "total-paid_sales-0")).toBeGreaterThan(1000);
  expect(await shown(page, "total-harm-0")).toBeGreaterThan(0);
  expect(await page.getByTestId("finals").count()).toBe(1);
  await picture(page, "market_ended");
  expect(errors).toEqual([]);
  expect(elsewhere).toEqual([]);
  await page.close();
}, 120_000);

test("the page shows what the command line says of the same seed", async () => {
  const { page } = await visit(browser, served.address);
  await page.getByTestId("restart").click();
  await toTheEnd(page);
  const file = await page.request.get(`${served.address}api/scenario.toml?pane=0`);
  expect(await file.text()).toContain("consumers = 20000");
  const { spawnSync } = await import("node:child_process");
  const { mkdtempSync, writeFileSync } = await import("node:fs");
  const { tmpdir } = await import("node:os");
  const folder = mkdtempSync(`${tmpdir()}/yellowcart-page-`);
  writeFileSync(`${folder}/saved.toml`, await file.text());
  const ran = spawnSync(process.env.YELLOWCART!, ["run", "saved.toml", "--no-figures", "--format", "json"], { cwd: folder });
  const summary = JSON.parse(ran.stdout.toString());
  expect(await shown(page, "total-buyers-0")).toBe(summary.market.distinct_buyers);
  expect(Math.round(await shown(page, "total-paid_sales-0") * 100)).toBe(summary.market.paid_sales);
  expect(await shown(page, "total-harm-0")).toBeCloseTo(summary.market.harm_paid.total, 6);
  await page.close();
}, 120_000);

test("two panes: without the script, the difference is counted", async () => {
  const { page, errors } = await visit(browser, served.address);
  await page.getByTestId("two-panes").check({ force: true });
  await page.getByTestId("pane-b").waitFor();
  await page.getByTestId("quick-b").selectOption("script");
  await page.getByTestId("restart").click();
  await toTheEnd(page);
  expect(await shown(page, "total-harm-1")).toBe(0);
  const [a, b] = [await shown(page, "total-harm-0"), await shown(page, "total-harm-1")];
  expect(await shown(page, "difference-harm")).toBeCloseTo(b - a, 6);
  await picture(page, "two_panes");
  await page.getByTestId("two-panes").uncheck({ force: true });
  await page.getByTestId("pane-b").waitFor({ state: "detached" });
  expect(errors).toEqual([]);
  await page.close();
}, 120_000);

test("sliders of every group move what is counted, and say what they are", async () => {
  const { page } = await visit(browser, served.address);
  for (const [key, end] of [["script.counter_price", "Home"], ["bot_budget", "End"], ["sceptics", "End"], ["ranking.heat_exponent", "End"]] as const) {
    await page.getByTestId("restart").click();
    await toTheEnd(page);
    const before = await shown(page, "total-harm-0");
    await push(page, key, end);
    await until(page, "total-harm-0", (harm) => harm !== before);
    await state(page, "ended");
    expect(await shown(page, "total-harm-0"), key).not.toBe(before);
    await page.getByTestId(`control-about-${key}`).click();
    const about = await page.locator(`[data-control="${key}"], :has(> [data-testid="control-${key}"])`).first().textContent();
    expect(about).toBeTruthy();
    await push(page, key, end === "End" ? "Home" : "End");
    await state(page, "ended");
  }
  await picture(page, "sliders");
  await page.close();
}, 240_000);

test("one buyer is followed: what it saw, believed, paid, and would have done", async () => {
  const { page, errors } = await visit(browser, served.address);
  await page.getByTestId("restart").click();
  await toTheEnd(page);
  const { harmed } = await (await page.request.get(`${served.address}api/buyers?pane=0`)).json();
  await page.getByTestId("follow-input").fill(String(harmed[0].consumer));
  await page.getByTestId("follow-go").click();
  const story = page.getByTestId("follow-story");
  await story.waitFor({ timeout: 30_000 });
  await expect.poll(async () => (await story.textContent())?.length ?? 0, { timeout: 20_000 }).toBeGreaterThan(400);
  await picture(page, "follow");
  expect(errors).toEqual([]);
  await page.close();
}, 120_000);

test("charts are saved as PNG and as SVG, with what they show", async () => {
  const { page } = await visit(browser, served.address);
  for (const name of ["viewers", "orders", "price", "harm", "conversion"]) {
    const saved = async (kind: "png" | "svg") => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(`${kind}-${name}`).click()]);
      return readFile(await download.path());
    };
    const png = await saved("png");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.length).toBeGreaterThan(5_000);
    const svg = (await saved("svg")).toString();
    expect(svg).toContain("<svg");
    expect(svg, name).toContain("20201111");
    expect(svg, name).toMatch(/<path|<polyline/);
  }
  await page.close();
}, 60_000);

test("the replay plays from its file, without a server and without a network", async () => {
  const { page } = await visit(browser, served.address);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("replay").click()]);
  const path = await download.path();
  await page.close();
  const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 800 } });
  const replayed = await context.newPage();
  const errors: string[] = [];
  replayed.on("pageerror", (error) => errors.push(error.message));
  const { copyFileSync } = await import("node:fs");
  copyFileSync(path, `${path}.html`);
  await replayed.goto(`file://${path}.html`);
  await replayed.getByTestId("pane-a").waitFor();
  await replayed.getByTestId("speed").selectOption("1800");
  await replayed.getByTestId("play").click();
  await until(replayed, "clock", (second) => second > 5_000);
  await until(replayed, "real-viewers-0-0", (viewers) => viewers > 50);
  await picture(replayed, "replay");
  expect(errors).toEqual([]);
  await context.close();
}, 90_000);

test("a scenario of one's own is pasted, and told what is wrong with it", async () => {
  const { page } = await visit(browser, served.address);
  await page.getByTestId("paste-open").click();
  await page.getByTestId("paste").fill("title = \"mine\"\n[population]\nconsumer = 5\n");
  await page.keyboard.press("Tab");
  await page.getByTestId("paste").press("Control+Enter").catch(() => undefined);
  const own = page.getByRole("button", { name: /open|show|use/i }).last();
  if (!(await page.getByTestId("diagnostics").count())) await own.click();
  const diagnostics = page.getByTestId("diagnostics").first();
  await diagnostics.waitFor();
  expect(await diagnostics.textContent()).toContain("did you mean `consumers`?");
  await page.close();
}, 60_000);

test("a link carries scenario, settings and seed", async () => {
  const own = await serve("misbid", "--set", "population.consumers=3000");
  try {
    const a = encodeURIComponent(JSON.stringify({ without: [], controls: {}, regime: "disclosure" }));
    const { page } = await visit(browser, `${own.address}#scenario=bought_views&seed=7&a=${a}`);
    await expect.poll(() => shown(page, "seed"), { timeout: 20_000 }).toBe(7);
    expect(await page.getByTestId("scenario").inputValue()).toBe("bought_views");
    expect(await page.getByTestId("regime-a").inputValue()).toBe("disclosure");
    await page.close();
  } finally {
    own.stop();
  }
}, 60_000);

test("everything is done by keyboard", async () => {
  const { page } = await visit(browser, served.address);
  await page.getByTestId("restart").click();
  await page.locator("body").press("Escape");
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press(".");
  await until(page, "clock", (second) => second === 5);
  await page.keyboard.press(" ");
  await until(page, "clock", (second) => second > 5);
  await page.keyboard.press(" ");
  await state(page, "paused");
  await page.close();
}, 60_000);
