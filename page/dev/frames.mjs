// Measures the time between frames while the market plays at full rate: `node dev/frames.mjs`, with `npm run mock` running.
import { address, launch } from "./browser.mjs";

const SECONDS = 10;
const browser = await launch();
for (const [width, height] of [[1920, 1080], [1280, 800], [390, 844]]) {
  const page = await browser.newPage({ viewport: { width, height } });
  await page.goto(address);
  await page.getByTestId("restart").click();
  await page.getByTestId("speed").selectOption("300");
  await page.getByTestId("play").click();
  await page.waitForTimeout(15000);
  const times = await page.evaluate((seconds) => new Promise((done) => {
    const found = [];
    let last = performance.now();
    const began = last;
    const step = (now) => {
      found.push(now - last);
      last = now;
      if (now - began < seconds * 1000) requestAnimationFrame(step);
      else done(found);
    };
    requestAnimationFrame(step);
  }), SECONDS);
  times.sort((one, other) => one - other);
  const at = (share) => times[Math.floor(share * (times.length - 1))].toFixed(1);
  process.stdout.write(`${width}x${height}: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, largest ${at(1)} ms, ${times.length} frames\n`);
  await page.getByTestId("pause").click();
  await page.close();
}
await browser.close();
