// The audit view: promotions and a promise, changed by hand and by slider, audited at once.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { browse, picture, serve, visit, type Served } from "./served";

let browser: Browser;
let served: Served;
beforeAll(async () => {
  served = await serve("misbid", "--set", "population.consumers=3000");
  browser = await browse();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  served?.stop();
});

test("a promise is found broken, with its arithmetic, and kept once the coupon is gone", async () => {
  const { page, errors } = await visit(browser, served.address);
  await page.getByTestId("tab-audit").click();
  await page.getByTestId("audit-example").selectOption("guess_coat");
  const result = page.getByTestId("audit-result");
  await expect.poll(() => result.textContent(), { timeout: 20_000 }).toContain("515.96");
  expect(await result.locator("[data-verdict=broken]").count()).toBeGreaterThan(0);
  await picture(page, "audit");
  const text = await page.getByTestId("audit-text").inputValue();
  await page.getByTestId("audit-text").fill(text.replace("899", "1499"));
  await expect.poll(() => result.textContent(), { timeout: 20_000 }).toContain("1,499");
  expect(errors).toEqual([]);
}, 90_000);

test("what is wrong with a text is told as on the command line", async () => {
  const { page } = await visit(browser, served.address);
  await page.getByTestId("tab-audit").click();
  await page.getByTestId("audit-text").fill("[products.coat]\nlist_prise = 1\n");
  const diagnostics = page.getByTestId("diagnostics").first();
  await expect.poll(() => diagnostics.textContent(), { timeout: 20_000 }).toContain("did you mean `list_price`?");
}, 60_000);
