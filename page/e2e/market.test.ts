// The market view, as a teacher uses it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { Browser, Page } from "playwright-core";
import type { Show } from "../src/contract";
import { browse, jump, picture, push, reopened, serve, shown, state, toTheEnd, until, visit, type Served } from "./served";

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
  // The first room goes on air five minutes after the beginning; nothing happens before, so the first step goes there.
  await page.getByTestId("step").click();
  expect(await until(page, "clock", (second) => second > 0)).toBe(300);
  await page.getByTestId("step").click();
  expect(await until(page, "clock", (second) => second > 300)).toBe(305);
  await page.getByTestId("speed").selectOption("1800");
  await page.getByTestId("play").click();
  await until(page, "clock", (second) => second > 6_000);
  await page.getByTestId("pause").click();
  await state(page, "paused");
  await until(page, "real-viewers-0-0", (viewers) => viewers > 100);
  await picture(page, "market");
  await toTheEnd(page);
  expect(await shown(page, "total-paid_sales-0")).toBeGreaterThan(1000);
  expect(await shown(page, "total-harm-0")).toBeGreaterThan(0);
  await page.getByTestId("finals").waitFor();
  await picture(page, "market_ended");
  expect(errors).toEqual([]);
  expect(elsewhere).toEqual([]);
  await page.context().close();
}, 120_000);

test("a jump to a cue: the board shows the product, the claimed price and the price, and everything is told in both languages", async () => {
  const { page, errors } = await visit(browser, served.address);
  await page.getByTestId("cues").locator("summary").click();
  await page.locator("button.cue", { hasText: "Staff shout" }).first().click();
  await until(page, "clock", (second) => second === 5_860);
  await state(page, "paused");
  await jump(page, served.address, 5_900);
  const board = page.getByTestId("price-0-0");
  expect(await board.getAttribute("data-value")).toBe("98");
  expect(await board.locator(".price-product").textContent()).toBe("diamond necklace");
  expect(await board.locator("s").textContent()).toContain("¥1,599");
  expect(await board.locator(".price-now").textContent()).toBe("¥98");
  expect(await board.isVisible()).toBe(true);
  await expect.poll(() => page.getByTestId("feed-0").textContent()).toContain("Staff shout: “1,500 … 3,500 orders!”");
  expect(await shown(page, "shouted-orders-0-0")).toBeGreaterThan(100);
  await page.getByTestId("language").click();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("zh-CN");
  await expect.poll(() => page.getByTestId("feed-0").textContent()).toContain("员工高喊：“1,500……3,500 单！”");
  expect(await page.getByTestId("price-0-0").locator(".price-product").textContent()).toBe("钻石项链");
  await page.reload();
  await page.getByTestId("pane-a").waitFor();
  expect(await page.evaluate(() => document.documentElement.lang), "the browser remembers the language").toBe("zh-CN");
  expect(errors).toEqual([]);
  await page.context().close();
}, 60_000);

test("the page shows what the command line says of the same seed", async () => {
  const { page } = await visit(browser, served.address);
  await reopened(page, () => page.getByTestId("restart").click(), "paused");
  await toTheEnd(page);
  const file = await page.request.get(`${served.address}api/scenario.toml?pane=0`);
  expect(await file.text()).toContain("consumers = 20000");
  const folder = mkdtempSync(`${tmpdir()}/yellowcart-page-`);
  writeFileSync(`${folder}/saved.toml`, await file.text());
  const ran = spawnSync(process.env.YELLOWCART!, ["run", "saved.toml", "--no-figures", "--format", "json"], { cwd: folder });
  const summary = JSON.parse(ran.stdout.toString());
  expect(await shown(page, "total-buyers-0")).toBe(summary.market.distinct_buyers);
  expect(Math.round(await shown(page, "total-paid_sales-0") * 100)).toBe(summary.market.paid_sales);
  expect(await shown(page, "total-harm-0")).toBeCloseTo(summary.market.harm_paid.total, 6);
  await page.context().close();
}, 120_000);

test("two panes: without the script, the difference is counted", async () => {
  const { page, errors } = await visit(browser, served.address);
  await reopened(page, () => page.getByTestId("restart").click(), "paused");
  await reopened(page, () => page.getByTestId("two-panes").check({ force: true }), "paused");
  await page.getByTestId("pane-b").waitFor();
  await reopened(page, () => page.getByTestId("quick-b").selectOption("script"), "paused");
  await toTheEnd(page);
  expect(await shown(page, "total-harm-1")).toBe(0);
  const [a, b] = [await shown(page, "total-harm-0"), await shown(page, "total-harm-1")];
  expect(await shown(page, "difference-harm")).toBeCloseTo(b - a, 6);
  await page.getByRole("group", { name: "Difference of" }).getByText("harm").click();
  // Figures run up to what they show: the two are the same once they have.
  const legendOfDifference = page.getByTestId("chart-difference").locator(".chart-legend");
  const said = async () => (await legendOfDifference.textContent())!.includes((await page.getByTestId("difference-harm").textContent())!);
  await expect.poll(said, { timeout: 10_000 }).toBe(true);
  await picture(page, "two_panes");
  await page.getByTestId("two-panes").uncheck({ force: true });
  await page.getByTestId("pane-b").waitFor({ state: "detached" });
  expect(errors).toEqual([]);
  await page.context().close();
}, 120_000);

test("sliders of every group move what is counted, say what they are, leave their curve behind, and go back", async () => {
  const { page } = await visit(browser, served.address);
  await reopened(page, () => page.getByTestId("reseed").click(), "paused");
  await toTheEnd(page);
  const legend = page.getByTestId("chart-harm").locator(".chart-legend").first();
  expect(await legend.textContent()).not.toContain("before the change");
  for (const [key, end] of [["script.counter_price", "Home"], ["sceptics", "End"], ["ranking.heat_exponent", "Home"]] as const) {
    const before = await shown(page, "total-harm-0");
    await reopened(page, () => push(page, key, end), "ended");
    await until(page, "total-harm-0", (harm) => harm !== before);
    await expect.poll(() => legend.textContent(), { message: key }).toContain("before the change");
    await page.getByTestId(`control-about-${key}`).click();
    const about = page.locator(`[data-control="${key}"] .about-box`);
    for (const word of ["Source", "Evidence", "In the file"]) expect(await about.textContent(), key).toContain(word);
    expect(await about.locator("code").textContent(), key).not.toBe("");
    if (key === "script.counter_price") await picture(page, "sliders");
    await reopened(page, () => page.getByTestId(`control-reset-${key}`).click(), "ended");
    await until(page, "total-harm-0", (harm) => harm === before);
  }
  await page.context().close();
}, 240_000);

test("every slider may be moved to both its ends, and every choice be chosen", async () => {
  const { page } = await visit(browser, served.address);
  await page.getByTestId("pane-a").waitFor();
  const told = await page.evaluate(() => new Promise<string>((done) => {
    const events = new EventSource("/api/events");
    events.addEventListener("show", (event) => {
      events.close();
      done((event as MessageEvent<string>).data);
    });
  }));
  const { settings, controls } = JSON.parse(told) as Show;
  const refused: string[] = [];
  for (const { key, kind, low, high, choices } of controls) {
    for (const value of kind === "number" ? [low, high] : (choices ?? []).map((choice) => choice.value)) {
      const data = { ...settings, a: { without: [], controls: { [key]: value } }, b: null };
      const answer = await page.request.post(new URL("/api/show", served.address).href, { data });
      if (!answer.ok()) refused.push(`${key} ${value}: ${await answer.text()}`);
    }
  }
  expect(refused).toEqual([]);
  await reopened(page, () => page.getByTestId("reseed").click(), "paused");
  await page.context().close();
}, 60_000);

test("a room that buys no viewers begins to when it is given money for them", async () => {
  const { page } = await visit(browser, served.address);
  await page.getByTestId("pane-a").waitFor();
  await reopened(page, () => page.getByTestId("restart").click(), "paused");
  await reopened(page, () => push(page, "bot_budget", "End"), "paused");
  await jump(page, served.address, 5_900);
  const [displayed, real] = [await shown(page, "displayed-viewers-0-0"), await shown(page, "real-viewers-0-0")];
  expect(displayed).toBeGreaterThan(real);
  await reopened(page, () => page.getByTestId("control-reset-bot_budget").click(), "paused");
  await page.context().close();
}, 60_000);

test("rules and scripts are called by title and by name", async () => {
  const { page } = await visit(browser, served.address);
  const words = (id: string, value: string) => page.getByTestId(id).locator(`option[value="${value}"]`).textContent();
  expect(await words("regime-a", "none")).toBe("No rules: the baseline (none)");
  expect(await words("regime-a", "retention-60")).toContain("(retention-60)");
  expect(await words("control-script", "honest_pitch")).toContain("(honest_pitch)");
  await page.getByTestId("language").click();
  expect(await words("regime-a", "substantiation")).toBe("宣称的价格必须属实（substantiation）");
  await page.context().close();
}, 60_000);

test("one buyer is followed: what it saw, believed, paid, and would have done", async () => {
  const { page, errors } = await visit(browser, served.address);
  await reopened(page, () => page.getByTestId("restart").click(), "paused");
  await toTheEnd(page);
  const { harmed } = await (await page.request.get(`${served.address}api/buyers?pane=0`)).json();
  await page.getByTestId("follow-input").fill(String(harmed[0].consumer));
  await page.getByTestId("follow-go").click();
  const story = page.getByTestId("follow-story");
  await until(page, "follow-story", (consumer) => consumer === harmed[0].consumer);
  const told = (await story.textContent())!;
  for (const words of ["Saw ", "Believed the claim by", `Paid ¥${harmed[0].price}`, `Harm ¥${harmed[0].harm.toFixed(2)}`, "would this person have bought? No", "steps of the evening"]) {
    expect(told).toContain(words);
  }
  expect(await story.locator("svg.sum").count()).toBeGreaterThan(0);
  await picture(page, "follow");
  expect(errors).toEqual([]);
  await page.context().close();
}, 120_000);

test("charts are saved as PNG and as SVG, with what they show", async () => {
  const { page } = await visit(browser, served.address);
  await page.getByTestId("chart-viewers").waitFor();
  const seed = await shown(page, "seed");
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
    expect(svg, name).toContain(`seed ${seed}`);
    expect(svg, name).toMatch(/<path|<polyline/);
  }
  await page.context().close();
}, 60_000);

/** Saves the replay and opens its file in a browser without a network. */
async function replayOf(page: Page): Promise<{ replayed: Page; errors: string[] }> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("replay").click()]);
  const path = `${mkdtempSync(`${tmpdir()}/yellowcart-page-`)}/replay.html`;
  await download.saveAs(path);
  const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 800 } });
  const replayed = await context.newPage();
  const errors: string[] = [];
  replayed.on("pageerror", (error) => errors.push(error.message));
  await replayed.goto(`file://${path}`);
  await replayed.getByTestId("pane-a").waitFor();
  return { replayed, errors };
}

const STOCK = ["displayed-stock-0-0", "real-stock-0-0", "reserved-0-0"];
const stock = (page: Page) => Promise.all(STOCK.map((id) => shown(page, id)));

test("the replay plays from its file, without a server and without a network, to the numbers of the live evening", async () => {
  const { page } = await visit(browser, served.address);
  await reopened(page, () => page.getByTestId("restart").click(), "paused");
  await toTheEnd(page);
  const live = await stock(page);
  const { replayed, errors } = await replayOf(page);
  await page.context().close();
  await replayed.getByTestId("speed").selectOption("1800");
  await replayed.getByTestId("play").click();
  await until(replayed, "clock", (second) => second > 5_000);
  await until(replayed, "real-viewers-0-0", (viewers) => viewers > 50);
  await picture(replayed, "replay");
  await replayed.getByTestId("speed").selectOption("0");
  await state(replayed, "ended");
  expect(await stock(replayed)).toEqual(live);
  expect(errors).toEqual([]);
  await replayed.context().close();
}, 120_000);

test("a replay saved midway ends without saying that the evening is over", async () => {
  const { page } = await visit(browser, served.address);
  await jump(page, served.address, 5_900);
  const { replayed, errors } = await replayOf(page);
  await page.context().close();
  await replayed.getByTestId("speed").selectOption("0");
  await replayed.getByTestId("play").click();
  const words = replayed.getByTestId("status");
  await expect.poll(() => words.textContent(), { timeout: 20_000 }).toBe("The recording ends here");
  expect(await words.getAttribute("data-value")).toBe("paused");
  expect(await replayed.getByTestId("finals").count()).toBe(0);
  expect(errors).toEqual([]);
  await replayed.context().close();
}, 90_000);

test("a scenario of one's own is pasted, and told what is wrong with it", async () => {
  const { page } = await visit(browser, served.address);
  await page.getByTestId("paste-box").click();
  expect(await page.getByTestId("paste-open").isDisabled()).toBe(true);
  await page.getByTestId("paste").fill('title = "mine"\n[population]\nconsumer = 5\n');
  await page.getByTestId("paste-open").click();
  await page.getByTestId("diagnostics").waitFor();
  expect(await page.getByTestId("diagnostics").textContent()).toContain("did you mean `consumers`?");
  const over = await page.locator("aside.settings").evaluate((panel) => panel.scrollWidth - panel.clientWidth);
  expect(over, "nothing of the panel is cut off").toBeLessThanOrEqual(0);
  const file = await page.request.get(new URL("/api/scenario.toml?pane=0", served.address).href);
  await page.getByTestId("paste").fill((await file.text()).replace(/^title = .*$/m, 'title = "An evening of my own"'));
  await reopened(page, () => page.getByTestId("paste-open").click(), "paused");
  expect(await page.locator("h1").textContent()).toBe("An evening of my own");
  expect(await page.getByTestId("diagnostics").count()).toBe(0);
  await page.context().close();
}, 60_000);

test("a link carries scenario, settings and seed; it is copied on plain http too", async () => {
  const own = await serve("misbid", "--set", "population.consumers=3000");
  try {
    const a = encodeURIComponent(JSON.stringify({ without: [], controls: {}, regime: "disclosure" }));
    const change = encodeURIComponent("population.consumers=4000");
    const { page } = await visit(browser, `${own.address}#scenario=bought_views&seed=7&change=${change}&a=${a}`);
    // As in a classroom's network, where a browser keeps its clipboard from pages.
    await page.evaluate(() => Object.defineProperty(window, "isSecureContext", { value: false }));
    await expect.poll(() => shown(page, "seed"), { timeout: 20_000 }).toBe(7);
    expect(await page.getByTestId("scenario").inputValue()).toBe("bought_views");
    expect(await page.getByTestId("regime-a").inputValue()).toBe("disclosure");
    expect(await page.locator(".market-title").textContent()).toContain("4,000 consumers");
    await page.getByTestId("link").click();
    await expect.poll(() => page.getByTestId("link-said").textContent()).toBe("Copied.");
    const link = await page.getByTestId("link").getAttribute("data-value");
    const read = new URLSearchParams(new URL(link!).hash.slice(1));
    expect([read.get("scenario"), read.get("seed"), read.getAll("change")]).toEqual(["bought_views", "7", ["population.consumers=4000"]]);
    await page.getByTestId("paste-box").click();
    await page.getByTestId("paste").focus();
    await page.keyboard.press("Control+V");
    expect(await page.getByTestId("paste").inputValue()).toBe(link);
    await reopened(page, () => page.getByTestId("scenario").selectOption("honest_evening"), "paused");
    await page.getByTestId("link").click();
    await expect.poll(() => page.getByTestId("link").getAttribute("data-value")).toContain("scenario=honest_evening");
    expect(await page.getByTestId("link").getAttribute("data-value")).not.toContain("change=");
    await page.context().close();
  } finally {
    own.stop();
  }
}, 60_000);

test("everything is done by keyboard", async () => {
  const { page } = await visit(browser, served.address);
  await page.getByTestId("pane-a").waitFor();
  await reopened(page, () => page.getByTestId("scenario").selectOption("misbid"), "paused");
  await reopened(page, () => page.getByTestId("restart").click(), "paused");
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press("3");
  await page.locator("[data-testid=speed]").and(page.locator(":has(option:checked[value='60'])")).waitFor();
  await page.keyboard.press(".");
  const first = await until(page, "clock", (second) => second > 0);
  await page.keyboard.press(" ");
  await until(page, "clock", (second) => second > first);
  await page.keyboard.press(" ");
  await state(page, "paused");
  expect(await page.getByTestId("behind").isChecked()).toBe(true);
  await page.keyboard.press("b");
  await page.getByTestId("total-harm-0").waitFor({ state: "detached" });
  await page.keyboard.press("Shift+B");
  await page.getByTestId("total-harm-0").waitFor();
  await page.getByTestId("timeline").focus();
  const before = await shown(page, "clock");
  await page.keyboard.press("PageUp");
  await until(page, "clock", (second) => second >= before + 1_800);
  await page.context().close();
}, 60_000);
