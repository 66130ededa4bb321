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

test("a promise is found broken, with its arithmetic, and kept once the coupon excepts what it was meant to", async () => {
  const { page, errors } = await visit(browser, served.address);
  await page.getByTestId("tab-audit").click();
  const first = page.getByTestId("audit-example").locator("option").first();
  await first.waitFor({ state: "attached" });
  expect(await first.textContent()).toBe("A small campaign to begin with");
  await page.getByTestId("audit-example").selectOption("guess_coat");
  const result = page.getByTestId("audit-result");
  await expect.poll(() => result.textContent(), { timeout: 20_000 }).toContain("515.96");
  expect(await result.locator("[data-verdict=broken]").count()).toBeGreaterThan(0);
  await picture(page, "audit");
  for (const width of [390, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const hidden = await result.locator(".witness b").evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().right > one.closest(".promise")!.getBoundingClientRect().right).length);
    expect(hidden, `amounts out of sight at ${width} px`).toBe(0);
  }
  expect(await result.locator(".witness li", { hasText: "to pay" }).first().locator("b").textContent()).toBe("1,347.00");
  await page.getByLabel(/^coupons president amount off off/).last().fill("100");
  await expect.poll(() => result.textContent(), { timeout: 20_000 }).toContain("860.70");
  const text = await page.getByTestId("audit-text").inputValue();
  expect(text).toMatch(/threshold = 2000, off = 100\b/);
  await page.getByTestId("audit-text").fill(text.replace("meant_to_except", "except"));
  await expect.poll(() => result.locator("[data-verdict]").first().getAttribute("data-verdict"), { timeout: 20_000 }).toBe("kept");
  expect(await result.locator("[data-verdict=broken]").count()).toBe(0);
  expect(errors).toEqual([]);
  await page.context().close();
}, 90_000);

test("what is wrong with a text is told as on the command line", async () => {
  const { page } = await visit(browser, served.address);
  await page.getByTestId("tab-audit").click();
  await page.locator("[data-verdict]").first().waitFor();
  await page.getByTestId("audit-text").fill("[products.coat]\nlist_prise = 1\n");
  const diagnostics = page.getByTestId("diagnostics").first();
  await expect.poll(() => diagnostics.textContent(), { timeout: 20_000 }).toContain("did you mean `list_price`?");
  await page.context().close();
}, 60_000);
