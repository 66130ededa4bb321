// What bots, staff and consumers do, as it happens; it stands still while somebody reads.
import { useLayoutEffect, useRef } from "preact/hooks";
import type { FeedItem, FeedKind, Show } from "../contract";
import { clockTime, parseMarketTime } from "../core/format";
import { t } from "../core/language";
import { capital, nameOf } from "../core/names";
import { feedWords } from "../core/words";
import { looksBehind, set, useRevision, useStore } from "../core/store";
import { Icon, type IconName } from "../parts/Icon";

const icons: Record<FeedKind, IconName> = {
  order: "cart", brushed: "bot", shouted: "shout", lapsed: "back", entered: "door", bots_entered: "bot", likes: "heart", bot_likes: "bot",
  comments: "speech", bot_comments: "bot", sold_out: "empty", cue: "mask", sanction: "shield", complaint: "speech", redress: "scales", news: "news",
};
const SHOWN = 40;
const numbers = new WeakMap<FeedItem, number>();
let numbered = 0;

/** A number of its own for each item, so that the list moves up and is not drawn anew. */
function keyOf(item: FeedItem): number {
  const known = numbers.get(item);
  if (known !== undefined) return known;
  numbered += 1;
  numbers.set(item, numbered);
  return numbered;
}

/** What students may not know before they look behind the counter looks like everybody's doing. */
function look(item: FeedItem, behind: boolean): { icon: IconName; kind: string } {
  if (behind) return { icon: icons[item.kind], kind: item.induced ? "induced" : item.kind };
  const seen: Partial<Record<FeedKind, FeedKind>> = { brushed: "order", shouted: "order", bots_entered: "entered", bot_likes: "likes", bot_comments: "comments" };
  const kind = seen[item.kind] ?? item.kind;
  return { icon: icons[kind], kind };
}

export function Feed({ show, pane }: { show: Show; pane: number }) {
  useRevision(250);
  const behind = useStore(looksBehind);
  const list = useRef<HTMLOListElement>(null);
  const held = useRef(false);
  const items = useRef<FeedItem[]>([]);
  if (!held.current) items.current = show.panes[pane]!.feed.slice(-SHOWN);
  useLayoutEffect(() => {
    if (list.current && !held.current) list.current.scrollTop = list.current.scrollHeight;
  });
  const hold = (on: boolean) => () => (held.current = on);
  const start = parseMarketTime(show.start);
  return (
    <section class="feed" aria-label={show.panes.length > 1 ? t("feed_of", { letter: pane === 0 ? "A" : "B" }) : t("feed")}>
      <h3>{t("feed")}</h3>
      <ol
        ref={list} data-testid={`feed-${pane}`} tabIndex={0} aria-label={t("feed")}
        onMouseEnter={hold(true)} onMouseLeave={hold(false)} onFocusCapture={hold(true)} onBlurCapture={hold(false)}
      >
        {items.current.length === 0 && <li class="muted">{t("feed_empty")}</li>}
        {items.current.map((item) => <Item key={keyOf(item)} item={item} show={show} pane={pane} behind={behind} start={start} />)}
      </ol>
    </section>
  );
}

function Item({ item, show, pane, behind, start }: { item: FeedItem; show: Show; pane: number; behind: boolean; start: number }) {
  const { icon, kind } = look(item, behind);
  const words = feedWords(item, show, pane, behind);
  const room = item.room === null ? undefined : show.rooms[item.room];
  const { consumer } = item;
  return (
    <li class={`said said-${kind}`}>
      <Icon name={icon} />
      <span>
        {consumer !== undefined && item.kind === "order" ? (
          <button class="quiet link" onClick={() => set({ follow: consumer })} title={t("follow_this")}>{words}</button>
        ) : (
          words
        )}{" "}
        <small class="muted">{clockTime(start, item.time)}{show.rooms.length > 1 && room ? ` · ${capital(nameOf(room.name))}` : ""}</small>
      </span>
    </li>
  );
}
