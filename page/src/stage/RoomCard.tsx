// One room: its picture, price, banners of what just happened, and its counters as displayed and as they are.
import { useEffect, useRef } from "preact/hooks";
import type { PaneInfo, Room, RoomNow, Show } from "../contract";
import { Counter } from "../parts/Counter";
import { count, yuan } from "../core/format";
import { everyFrame } from "../core/frames";
import { t } from "../core/language";
import { capital, nameOf, rawName } from "../core/names";
import { get, looksBehind, set, useRevision, useStore } from "../core/store";
import { Banners } from "./Banners";
import { OrderStack } from "./OrderStack";
import { Scene, type SceneState } from "./scene";

export interface RoomProps { show: Show; pane: number; room: number; large: boolean; per: number }

export function roomNow(pane: number, room: number): RoomNow | null {
  return get().show?.panes[pane]?.now[room] ?? null;
}

const QUARREL_LASTS = 150;

function quarrels(pane: PaneInfo, room: number, time: number): boolean {
  return pane.cues.some((cue) => cue.room === room && cue.act === "staged_quarrel" && cue.at <= time && time < cue.at + QUARREL_LASTS);
}

function sceneState(pane: number, room: number, per: number): SceneState | null {
  const state = get();
  const now = roomNow(pane, room);
  const info = state.show?.panes[pane];
  if (!now || !info || !state.show) return null;
  return {
    real: now.real_viewers, passers: Math.min(now.background_viewers, now.real_viewers), bots: Math.max(0, now.displayed_viewers - now.real_viewers),
    per, behind: looksBehind(state), lively: state.status?.state === "playing", onAir: now.on_air, arousal: now.arousal,
    quarrel: quarrels(info, room, state.time), product: now.product === null ? "" : (state.show.products[now.product]?.name ?? ""),
  };
}

function useScene(pane: number, room: number, per: number) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current!;
    const scene = new Scene(element);
    const sized = new ResizeObserver(([entry]) => entry && scene.resize(entry.contentRect.width, entry.contentRect.height));
    const seen = new IntersectionObserver(([entry]) => (scene.visible = entry?.isIntersecting ?? true));
    sized.observe(element);
    seen.observe(element);
    const stop = everyFrame((now) => {
      const state = sceneState(pane, room, per);
      if (state) scene.draw(now, state);
    });
    return () => {
      stop();
      sized.disconnect();
      seen.disconnect();
    };
  }, [pane, room, per]);
  return canvas;
}

export function RoomCard({ show, pane, room, large, per }: RoomProps) {
  const info = show.rooms[room]!;
  const canvas = useScene(pane, room, per);
  const behind = useStore(looksBehind);
  return (
    <article class={`room ${large ? "room-large" : "room-small"}`} aria-label={capital(nameOf(info.name))}>
      <RoomHead info={info} pane={pane} room={room} large={large} />
      <div class="room-picture">
        <canvas ref={canvas} class="room-canvas" role="img" aria-label={t("picture_of_crowd", { room: nameOf(info.name) })} />
        <Price show={show} pane={pane} room={room} />
      </div>
      {large && <Banners show={show} pane={pane} room={room} />}
      <Viewers pane={pane} room={room} behind={behind} large={large} />
      <OrderStack pane={pane} room={room} behind={behind} />
      {large && <Shelf pane={pane} room={room} behind={behind} />}
    </article>
  );
}

function RoomHead({ info, pane, room, large }: { info: Room; pane: number; room: number; large: boolean }) {
  useRevision(400);
  const onAir = roomNow(pane, room)?.on_air ?? false;
  return (
    <header class="room-head">
      <h3>{large ? capital(nameOf(info.name)) : <button class="quiet room-focus" onClick={() => set({ focus: room })}>{capital(nameOf(info.name))}</button>}</h3>
      {rawName(info.name) && <small class="muted" lang="en">{rawName(info.name)}</small>}
      {large && <span class="muted">{t("with_anchor", { anchor: nameOf(info.anchor) })}</span>}
      <span class={`air ${onAir ? "air-on" : ""}`}>{onAir ? t("on_air") : t("off_air")}</span>
    </header>
  );
}

function Price({ show, pane, room }: { show: Show; pane: number; room: number }) {
  useRevision(120);
  const now = roomNow(pane, room);
  const product = now && now.product !== null ? show.products[now.product] : undefined;
  const claimed = now && now.price !== null && now.claimed_price !== null && now.claimed_price > now.price ? now.claimed_price : null;
  return (
    <p class="price" data-testid={`price-${pane}-${room}`} data-value={now?.price ?? ""}>
      {product && <span class="price-product">{nameOf(product.name)}</span>}
      {now?.price === null && now.claimed_price !== null && <span class="price-claim">{t("counter_price_now", { price: yuan(now.claimed_price) })}</span>}
      {claimed !== null && (
        <s class="price-was">
          <span class="hidden">{t("claimed_before")}</span>
          {yuan(claimed)}
        </s>
      )}
      {now && now.price !== null && (
        <span class="price-now" key={now.price}>
          {yuan(now.price)}
        </span>
      )}
    </p>
  );
}

interface CountProps { pane: number; room: number; behind: boolean; large?: boolean }

function Viewers({ pane, room, behind, large }: CountProps) {
  const read = (pick: (now: RoomNow) => number) => () => {
    const now = roomNow(pane, room);
    return now ? pick(now) : null;
  };
  return (
    <dl class="counts">
      <div>
        <dt><i class="mark mark-displayed" />{t("viewers_displayed")}</dt>
        <dd class="of-displayed"><Counter value={read((now) => now.displayed_viewers)} format={count} testid={`displayed-viewers-${pane}-${room}`} /></dd>
      </div>
      {behind && (
        <div>
          <dt><i class="mark mark-real" />{t("viewers_real")}</dt>
          <dd class="of-real"><Counter value={read((now) => now.real_viewers)} format={count} testid={`real-viewers-${pane}-${room}`} /></dd>
        </div>
      )}
      {behind && large && (
        <div>
          <dt><i class="mark mark-bot" />{t("viewers_bots")}</dt>
          <dd><Counter value={read((now) => Math.max(0, now.displayed_viewers - now.real_viewers))} format={count} /></dd>
        </div>
      )}
    </dl>
  );
}

function Shelf({ pane, room, behind }: CountProps) {
  const read = (pick: (now: RoomNow) => number) => () => {
    const now = roomNow(pane, room);
    return now ? pick(now) : null;
  };
  return (
    <dl class="shelf">
      <div><dt>{t("units_displayed")}</dt><dd><Counter value={read((now) => now.displayed_stock)} format={count} testid={`displayed-stock-${pane}-${room}`} /></dd></div>
      {behind && <div><dt>{t("units_left")}</dt><dd><Counter value={read((now) => now.stock)} format={count} testid={`real-stock-${pane}-${room}`} /></dd></div>}
      <div><dt>{t("units_reserved")}</dt><dd><Counter value={read((now) => now.reserved)} format={count} testid={`reserved-${pane}-${room}`} /></dd></div>
      {behind && <div><dt title={t("exposure_about")}>{t("exposure")}</dt><dd><Counter value={read((now) => now.exposure)} format={(value) => value.toFixed(2)} /></dd></div>}
      {behind && <div><dt title={t("arousal_about")}>{t("arousal")}</dt><dd><Counter value={read((now) => now.arousal)} format={(value) => value.toFixed(2)} /></dd></div>}
    </dl>
  );
}
