// Checks every view with axe-core in both languages: `node dev/access.mjs`, with `npm run mock` running. Ends with 1 if anything is found.
import { readFile } from "node:fs/promises";
import { address, launch } from "./browser.mjs";

const axe = await readFile(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const browser = await launch();
let found = 0;
for (const [width, height] of [[1280, 800], [390, 844]]) {
  for (const language of ["en", "zh"]) {
    for (const view of ["market", "lessons", "audit", "about"]) {
      const page = await browser.newPage({ viewport: { width, height }, bypassCSP: true });
      await page.goto(`${address}#view=${view}&lang=${language}`);
      await page.waitForTimeout(1500);
      if (view === "market") {
        await page.getByTestId("follow-input").fill("9553");
        await page.getByTestId("follow-go").click();
        await page.waitForTimeout(700);
      }
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run());
      for (const one of violations) {
        found += 1;
        process.stdout.write(`${width} ${language} ${view}: ${one.id} (${one.impact}), ${one.nodes.length} times, e.g. ${one.nodes[0].html.slice(0, 160)}\n  ${one.nodes[0].failureSummary}\n`);
      }
      await page.close();
    }
  }
}
await browser.close();
process.stdout.write(`${found} findings\n`);
process.exit(found > 0 ? 1 : 0);
