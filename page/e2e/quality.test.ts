// What holds everywhere: readable by everybody, on a phone and on a projector, in both languages, quick, and smooth while 100,000 people are simulated.
import { afterAll, beforeAll, expect, test } from "vitest";
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { browse, jump, picture, post, serve, until, visit, type Served } from "./served";

let browser: Browser;
let served: Served;
beforeAll(async () => {
  served = await serve("bought_views", "--set", "population.consumers=100000");
  browser = await browse();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  served?.stop();
});

/** By what a view shows that it is there. */
const there = { market: "[data-testid=pane-b] canvas", lessons: ".lesson-card", audit: "[data-verdict]", about: ".keys" };
const sizes = { phone: { width: 390, height: 844 }, laptop: { width: 1280, height: 800 }, projector: { width: 1920, height: 1080 } };

test("no view has a fault of accessibility or runs out of its screen, in either language", async () => {
  const teacher = await visit(browser, served.address);
  const bare = { without: [], controls: {} };
  await post(teacher.page, served.address, "/api/show", { scenario: "diamond_necklace", changes: ["population.consumers=20000"], a: bare, b: { ...bare, without: ["script"] } });
  await jump(teacher.page, served.address, 5_900);
  await teacher.page.context().close();
  const axe = await readFile("node_modules/axe-core/axe.min.js", "utf8");
  for (const [name, viewport] of Object.entries(sizes)) {
    for (const language of ["en", "zh"]) {
      const { page, errors } = await visit(browser, `${served.address}#view=market&lang=${language}`, { viewport, bypassCSP: true });
      await page.evaluate(axe);
      for (const view of ["market", "lessons", "audit", "about"] as const) {
        await page.evaluate((to) => (location.hash = `view=${to}`), view);
        await page.locator(there[view]).first().waitFor();
        expect(await page.evaluate(() => document.documentElement.lang)).toMatch(language === "zh" ? /^zh/ : /^en/);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wide, `${name} ${language} ${view} is too wide`).toBeLessThanOrEqual(0);
        const found = await page.evaluate(async () => {
          const { violations } = await (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run();
          return violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`);
        });
        expect(found, `${name} ${language} ${view}`).toEqual([]);
        await picture(page, `${view}_${name}_${language}`);
      }
      expect(errors).toEqual([]);
      await page.context().close();
    }
  }
}, 240_000);

test("the first picture is there within a second", async () => {
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const { page } = await visit(browser, served.address);
    await page.getByTestId("pane-a").waitFor();
    times.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity));
    await page.context().close();
  }
  console.log(`first picture: ${times.map((time) => `${time.toFixed(0)} ms`).join(", ")}`);
  expect(Math.min(...times)).toBeLessThan(1_000);
}, 60_000);

/** Milliseconds between frames over some seconds, in order of size. */
function frames(page: Page): Promise<number[]> {
  return page.evaluate(() => new Promise<number[]>((done) => {
    const found: number[] = [];
    let last = performance.now();
    const began = last;
    const step = (now: number): void => {
      found.push(now - last);
      last = now;
      if (now - began < 4_000) requestAnimationFrame(step);
      else done(found.slice(1).sort((one, other) => one - other));
    };
    requestAnimationFrame(step);
  }));
}

test("it stays smooth while 100,000 people are simulated", async () => {
  const { page } = await visit(browser, served.address);
  await post(page, served.address, "/api/show", { scenario: "bought_views", changes: ["population.consumers=100000"], a: { without: [], controls: {} } });
  await page.getByTestId("speed").selectOption("60");
  await jump(page, served.address, 5_000);
  await page.getByTestId("play").click();
  await until(page, "clock", (second) => second > 5_000);
  // Machines that test share their cores and draw without a graphics card: the best of three stretches counts.
  let best = { median: Infinity, most: Infinity };
  for (let turn = 0; turn < 3 && !(best.median < 18 && best.most < 70); turn += 1) {
    const times = await frames(page);
    const at = (share: number): number => times[Math.floor(share * (times.length - 1))]!;
    console.log(`frames: median ${at(0.5).toFixed(1)} ms, 95th percentile ${at(0.95).toFixed(1)} ms, largest ${at(1).toFixed(1)} ms`);
    if (at(0.95) < best.most) best = { median: at(0.5), most: at(0.95) };
  }
  // A frame of 60 a second is 16.7 ms.
  expect(best.median).toBeLessThan(18);
  expect(best.most).toBeLessThan(70);
  await page.context().close();
}, 90_000);

test("when the program ends, the page says so", async () => {
  const own = await serve("misbid", "--set", "population.consumers=3000");
  const { page } = await visit(browser, own.address);
  await page.getByTestId("pane-a").waitFor();
  expect(await page.locator(".notice-bad").count()).toBe(0);
  own.stop();
  await expect.poll(() => page.locator(".notice-bad").allTextContents().then((all) => all.join()), { timeout: 20_000 }).toMatch(/connection to the server is lost|said goodbye/);
  await page.context().close();
}, 60_000);
