// The sum a person does before an order, from what the thing is worth to it to what moves it.
import type { OrderTold } from "../contract";

export interface Term { name: "worth" | "price" | "honest" | "false"; from: number; to: number }
export interface Sum { terms: Term[]; honest: number; displayed: number; threshold: number; low: number; high: number }

/** Private value, less the price, more what honest displays add, more what false ones add. */
export function sumOf(order: Pick<OrderTold, "price" | "decision">): Sum {
  const { private_value: worth, honest_utility: honest, utility: displayed, threshold } = order.decision;
  const rest = worth - order.price;
  const terms: Term[] = [
    { name: "worth", from: 0, to: worth },
    { name: "price", from: worth, to: rest },
    { name: "honest", from: rest, to: honest },
    { name: "false", from: honest, to: displayed },
  ];
  const reached = [0, threshold, ...terms.map((term) => term.to)];
  return { terms, honest, displayed, threshold, low: Math.min(...reached), high: Math.max(...reached) };
}
