// Strings in both languages, and the sentences made of them.
import { afterEach, describe, expect, it } from "vitest";
import type { Show } from "../src/contract";
import { fill, t, useLanguage } from "../src/core/language";
import { compact, count, percent, signed, yuan } from "../src/core/format";
import { cueTruth, cueWords, feedWords } from "../src/core/words";
import { strings } from "../src/strings";

const show = { products: [{ name: "diamond_necklace", market_price: 120, honest_prior_price: 128 }], rooms: [], panes: [] } as unknown as Show;
const places = (template: string): string[] => [...new Set(template.match(/\{\w+\}/g) ?? [])].sort();
/** In English the simulator's own sentences stand for these. */
const chineseOnly = /^(act|name|scenario|story)_/;

afterEach(() => useLanguage("en"));

describe("strings", () => {
  it("are there in Chinese, with the same places to fill", () => {
    for (const [key, [english, chinese]] of Object.entries(strings)) {
      expect(chinese, key).not.toBe("");
      if (!chineseOnly.test(key)) expect(places(chinese), key).toEqual(places(english));
    }
  });

  it("choose the form for one and for many", () => {
    expect(fill("{n} order|{n} orders", { n: 1 })).toBe("1 order");
    expect(fill("{n} order|{n} orders", { n: "1,200" })).toBe("1,200 orders");
  });
});

describe("words", () => {
  const claim = { act: "claim_price", args: { price: 1599 }, false: true, product: 0 };
  it("tell a cue and what is not true about it", () => {
    expect(cueWords(claim, show)).toBe("“At the counter this costs ¥1,599!”");
    expect(cueTruth(claim, show)).toContain("¥128");
    useLanguage("zh");
    expect(cueWords(claim, show)).toBe("“专柜卖 ¥1,599！”");
  });

  it("have something to say about acts that they do not know", () => {
    expect(cueWords({ act: "new_act", args: {}, false: false, product: null }, show)).toBe("new act");
  });

  it("do not tell what only those behind the counter see", () => {
    const brushed = { time: 0, room: 0, kind: "brushed" as const, count: 3 };
    expect(feedWords(brushed, show, 0, true)).toBe("Bots place 3 fake orders");
    expect(feedWords(brushed, show, 0, false)).toBe("3 orders on the counter");
  });
});

describe("numbers", () => {
  it("read well", () => {
    expect([count(1234.4), yuan(98), yuan(98.5), percent(0.0158), signed("5", -5)]).toEqual(["1,234", "¥98", "¥98.50", "1.58 %", "−5"]);
    useLanguage("zh");
    expect(compact(12000)).toBe("1.2万");
    expect(t("tab_market")).toBe("市场");
  });
});
