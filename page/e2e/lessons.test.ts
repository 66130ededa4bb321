// A lesson with a class: the teacher leads, students vote on their own devices, the model answers.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { browse, picture, push, reopened, serve, shown, state, until, visit, type Served } from "./served";

let browser: Browser;
let served: Served;
beforeAll(async () => {
  served = await serve("misbid", "--listen", "127.0.0.1", "--set", "population.consumers=3000");
  browser = await browse();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  served?.stop();
});

const phone = { viewport: { width: 390, height: 844 } };
const next = (page: Page) => page.getByTestId("lesson-next").click();

/** What is not displayed in a live room is not in the document. */
async function seesOnlyTheDisplay(page: Page): Promise<void> {
  await page.getByTestId("displayed-viewers-0-0").waitFor();
  for (const id of ["total-buyers-0", "total-harm-0", "difference-harm", "real-viewers-0-0", "real-orders-0-0", "chart-harm"]) {
    expect(await page.getByTestId(id).count(), id).toBe(0);
  }
}

test("whoever comes without a token is told kindly what is missing", async () => {
  const { page } = await visit(browser, new URL("/", served.address).href, phone);
  await page.getByTestId("shut-out").waitFor();
  expect(await page.getByTestId("shut-out").textContent()).toContain("the whole address with its token");
  expect((await page.request.get(new URL("/api/hello", served.address).href)).status()).toBe(401);
  await page.context().close();
}, 60_000);

test("a student watches and moves nothing", async () => {
  const { page } = await visit(browser, served.class!, phone);
  await page.getByTestId("pane-a").waitFor();
  for (const id of ["play", "step", "restart", "reseed", "speed", "paste-open"]) expect(await page.getByTestId(id).count(), id).toBe(0);
  await page.getByTestId("settings-toggle").click();
  for (const id of ["scenario", "regime-a", "control-sceptics"]) expect(await page.getByTestId(id).isDisabled(), id).toBe(true);
  const refused = await page.request.post(new URL("/api/control", served.class!).href, { data: { action: "play" } });
  expect(refused.status()).toBe(403);
  await page.context().close();
}, 60_000);

test("a class predicts, watches, and sees who was right", async () => {
  const teacher = await visit(browser, served.address);
  const students = await Promise.all([1, 2, 3].map(() => visit(browser, served.class!, phone)));
  await teacher.page.getByTestId("tab-lessons").click();
  expect(await teacher.page.getByTestId("class-link").textContent()).toContain(served.class!);
  await picture(teacher.page, "lessons");
  await teacher.page.getByTestId("lesson-bought_crowd").click();
  await teacher.page.getByTestId("lesson-start").click();
  await next(teacher.page);
  await Promise.all(students.map(async ({ page }, index) => {
    await page.getByTestId(`vote-${index}`).waitFor({ timeout: 20_000 });
    await page.getByTestId(`vote-${index}`).click();
  }));
  await picture(students[0]!.page, "vote_on_a_phone");
  await until(teacher.page, "votes", (votes) => votes === 3);

  await next(teacher.page);
  await students[0]!.page.getByTestId("pane-b").waitFor();
  await state(teacher.page, "playing");
  await seesOnlyTheDisplay(students[0]!.page);
  await seesOnlyTheDisplay(teacher.page);
  expect(await teacher.page.getByTestId("behind").isChecked(), "the projector shows what the room shows").toBe(false);
  expect(await teacher.page.getByTestId("strip-behind").textContent()).toContain("switch on Look behind the counter (key B)");
  await picture(teacher.page, "lesson_runs");
  await teacher.page.getByTestId("pause").click();
  const budget = await shown(teacher.page, "control-bot_budget");
  await reopened(teacher.page, () => push(teacher.page, "bot_budget", "End"), "paused");
  await teacher.page.getByTestId("lesson-moved").waitFor();
  await reopened(teacher.page, () => teacher.page.getByTestId("lesson-put-back").click(), "paused");
  await teacher.page.getByTestId("lesson-moved").waitFor({ state: "detached" });
  expect(await shown(teacher.page, "control-bot_budget")).toBe(budget);
  await teacher.page.getByTestId("speed").selectOption("0");
  await teacher.page.getByTestId("play").click();
  await state(teacher.page, "ended");
  await picture(teacher.page, "lesson_ran");
  await seesOnlyTheDisplay(students[0]!.page);

  await next(teacher.page);
  await students[1]!.page.getByTestId("vote-2").click();
  await until(teacher.page, "votes", (votes) => votes === 1);
  await next(teacher.page);
  for (const { page } of [teacher, ...students]) {
    const answer = page.getByTestId("answer");
    await answer.waitFor({ timeout: 20_000 });
    expect(await answer.getAttribute("data-predict")).toBe("1");
    expect(await answer.getAttribute("data-check")).toBe("2");
  }
  await picture(teacher.page, "lesson_answer");
  await students[0]!.page.getByTestId("tab-market").click();
  await students[0]!.page.getByTestId("total-harm-0").waitFor();
  expect(await shown(students[0]!.page, "real-viewers-0-0")).toBeGreaterThanOrEqual(0);
  for (const { errors, elsewhere, page } of [teacher, ...students]) {
    expect(errors).toEqual([]);
    expect(elsewhere).toEqual([]);
    await page.context().close();
  }
}, 180_000);

test("a lesson begun again shows no vote of the round before", async () => {
  const teacher = await visit(browser, served.address);
  const student = await visit(browser, served.class!, phone);
  const leave = teacher.page.getByRole("button", { name: /^(Leave|Finish) the lesson$/ });
  const first = student.page.getByTestId("vote-0");
  const begin = async (): Promise<void> => {
    await teacher.page.getByTestId("lesson-bought_crowd").click();
    await teacher.page.getByTestId("lesson-start").click();
    await next(teacher.page);
    await first.waitFor({ timeout: 20_000 });
  };
  await teacher.page.getByTestId("tab-lessons").click();
  await teacher.page.locator(".lesson-open, .lesson-cards").waitFor();
  // The test before may have left its lesson open.
  if ((await leave.count()) > 0) await leave.click();
  await begin();
  await first.click();
  await until(teacher.page, "votes", (votes) => votes === 1);
  await student.page.reload();
  await first.waitFor();
  expect(await first.getAttribute("aria-pressed"), "the browser remembers its vote of this round").toBe("true");
  await leave.click();
  await first.waitFor({ state: "detached" });
  await begin();
  expect(await first.getAttribute("aria-pressed")).toBe("false");
  expect(await shown(student.page, "votes")).toBe(0);
  await leave.click();
  for (const { errors, page } of [teacher, student]) {
    expect(errors).toEqual([]);
    await page.context().close();
  }
}, 90_000);
