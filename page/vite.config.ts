// Builds one classic script and one style sheet under fixed names, so that the server can embed them and a replay can inline them.
import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const libraries = ["preact", "uplot"];

/** The libraries' licences go with what is made of them. */
function licences(): string {
  const texts = libraries.map((name) => `${name}: ${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}`);
  return `/*!\n${texts.join("\n\n")}\n*/`;
}

export default defineConfig({
  define: { "process.env.NODE_ENV": '"production"' },
  publicDir: "public",
  build: {
    outDir: "../src/serve/page",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    sourcemap: false,
    lib: { entry: "src/main.tsx", formats: ["iife"], name: "yellowcart", fileName: () => "app.js", cssFileName: "app" },
    rolldownOptions: { output: { postBanner: licences() } },
  },
  test: { include: ["test/**/*.test.ts", "e2e/**/*.test.ts"], fileParallelism: false },
});
