// Editing numbers in a campaign's text, and the sum behind an order.
import { describe, expect, it } from "vitest";
import type { Decision, TextNumber } from "../src/contract";
import { editNumber, rangeAround } from "../src/audit/edit";
import { sumOf } from "../src/follow/sum";

const text = "price = 899.0\namount = 1000\n";
const numbers: TextNumber[] = [
  { path: "price", value: 899, line: 1, start: 8, end: 13, label: "price" },
  { path: "amount", value: 1000, line: 2, start: 23, end: 27, label: "amount" },
];

describe("numbers in a text", () => {
  it("are replaced in their place, and the others move along", () => {
    const once = editNumber(text, numbers, 0, 12345);
    expect(once.text).toBe("price = 12345.0\namount = 1000\n");
    const twice = editNumber(once.text, once.numbers, 1, 5);
    expect(twice.text).toBe("price = 12345.0\namount = 5\n");
    expect(editNumber(twice.text, twice.numbers, 0, 1.5).text).toBe("price = 1.5\namount = 5\n");
  });

  it("do not change for what is no number", () => {
    expect(editNumber(text, numbers, 0, Number.NaN).text).toBe(text);
  });

  it("have a range that holds them", () => {
    for (const value of [0, 0.37, 5, 899, -20]) {
      const { low, high, step } = rangeAround(value);
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThanOrEqual(high);
      expect(step).toBeGreaterThan(0);
    }
  });
});

describe("the sum behind an order", () => {
  it("goes from private value to what was displayed", () => {
    const decision = { private_value: 91, honest_utility: 30, utility: 286, threshold: 184 } as Decision;
    const sum = sumOf({ price: 98, decision });
    expect(sum.terms.map(({ from, to }) => [from, to])).toEqual([[0, 91], [91, -7], [-7, 30], [30, 286]]);
    expect([sum.low, sum.high]).toEqual([-7, 286]);
  });
});
