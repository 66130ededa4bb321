// A lesson with a class: the teacher leads, students vote on their own devices, the model answers.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser, Page } from "playwright-core";
import { browse, picture, serve, state, visit, type Served } from "./served";

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

const next = (page: Page) => page.getByTestId("lesson-next").click();

test("a class predicts, watches, and sees who was right", async () => {
  const teacher = await visit(browser, served.address);
  const students = await Promise.all([1, 2, 3].map(() => visit(browser, served.class!, { viewport: { width: 390, height: 844 } })));
  await teacher.page.getByTestId("tab-lessons").click();
  await picture(teacher.page, "lessons");
  await teacher.page.getByTestId("lesson-bought_crowd").click();
  await teacher.page.getByTestId("lesson-start").click();
  await next(teacher.page);
  await Promise.all(students.map(async ({ page }, index) => {
    await page.getByTestId(`vote-${index}`).waitFor({ timeout: 20_000 });
    await page.getByTestId(`vote-${index}`).click();
  }));
  await picture(students[0]!.page, "vote_on_a_phone");
  await expect.poll(async () => Number(await teacher.page.getByTestId("votes").getAttribute("data-value"))).toBe(3);
  await next(teacher.page);
  await students[0]!.page.getByTestId("pane-b").waitFor();
  await teacher.page.getByTestId("speed").selectOption("0");
  await state(teacher.page, "ended");
  await picture(teacher.page, "lesson_ran");
  await next(teacher.page);
  await students[1]!.page.getByTestId("vote-2").click();
  await next(teacher.page);
  for (const { page } of [teacher, ...students]) {
    const answer = page.getByTestId("answer").first();
    await answer.waitFor({ timeout: 20_000 });
    expect(await answer.getAttribute("data-predict")).toBe("1");
    expect(await answer.getAttribute("data-check")).toBe("2");
  }
  await picture(teacher.page, "lesson_answer");
  for (const { errors, elsewhere } of [teacher, ...students]) {
    expect(errors).toEqual([]);
    expect(elsewhere).toEqual([]);
  }
}, 180_000);

test("a student watches and moves nothing", async () => {
  const { page } = await visit(browser, served.class!);
  await page.getByTestId("pane-a").waitFor();
  expect(await page.getByTestId("play").count() ? await page.getByTestId("play").isDisabled() : true).toBe(true);
  const refused = await page.request.post(new URL("/api/control", served.class!).href, { data: { action: "play" } });
  expect(refused.status()).toBe(403);
  await page.context().close();
}, 60_000);
