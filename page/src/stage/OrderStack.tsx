// The counter of orders as displayed, and behind it the stack of what it is made of.
import { useEffect, useRef } from "preact/hooks";
import type { RoomNow } from "../contract";
import { Counter } from "../parts/Counter";
import { count } from "../core/format";
import { everyFrame } from "../core/frames";
import { t } from "../core/language";
import { roomNow } from "./RoomCard";

interface Props { pane: number; room: number; behind: boolean }

export function shouted(now: RoomNow): number {
  return Math.max(0, now.displayed_orders - now.real_orders - now.brushed_orders);
}

const parts = [
  { name: "real", pick: (now: RoomNow) => now.real_orders, label: "orders_real" },
  { name: "brushed", pick: (now: RoomNow) => now.brushed_orders, label: "orders_brushed" },
  { name: "shouted", pick: shouted, label: "orders_shouted" },
] as const;

function Bar({ pane, room }: Omit<Props, "behind">) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      everyFrame(() => {
        const now = roomNow(pane, room);
        const element = bar.current;
        if (!now || !element) return;
        const all = parts.reduce((sum, part) => sum + part.pick(now), 0) || 1;
        parts.forEach((part, index) => {
          const width = `${((part.pick(now) / all) * 100).toFixed(1)}%`;
          const child = element.children[index] as HTMLElement;
          if (child.style.width !== width) child.style.width = width;
        });
      }),
    [pane, room],
  );
  return (
    <div class="stack-bar" ref={bar} aria-hidden="true">
      {parts.map((part) => <i key={part.name} class={`stack-${part.name}`} />)}
    </div>
  );
}

export function OrderStack({ pane, room, behind }: Props) {
  const read = (pick: (now: RoomNow) => number) => () => {
    const now = roomNow(pane, room);
    return now ? pick(now) : null;
  };
  return (
    <div class="orders">
      <p class="orders-shown">
        <span><i class="mark mark-displayed" />{t("orders_displayed")}</span>
        <strong class="of-displayed"><Counter value={read((now) => now.displayed_orders)} format={count} testid={`displayed-orders-${pane}-${room}`} /></strong>
      </p>
      {behind && <Bar pane={pane} room={room} />}
      {behind && (
        <ul class="stack-parts">
          {parts.map((part) => (
            <li key={part.name}>
              <i class={`swatch stack-${part.name}`} />
              {t(part.label)}{" "}
              <Counter value={read(part.pick)} format={count} testid={part.name === "real" ? `real-orders-${pane}-${room}` : `${part.name}-orders-${pane}-${room}`} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
