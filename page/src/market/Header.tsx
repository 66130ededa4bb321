// Above the market: what is on, the market's clock, and how fast it runs.
import type { Show } from "../contract";
import { control, currentSettings, openShow, playOrPause } from "../core/actions";
import { clockTime, marketDate, parseMarketTime } from "../core/format";
import { t } from "../core/language";
import { titleOf } from "../core/names";
import { withSeed } from "../core/settings";
import { get, isTeacher, useStore } from "../core/store";
import { Counter } from "../parts/Counter";
import { Icon } from "../parts/Icon";
import { Timeline } from "./Timeline";

export const SPEEDS = [1, 10, 60, 300, 1800, 0];

export function Header({ show }: { show: Show }) {
  const steers = useStore((state) => isTeacher(state) || !state.live);
  return (
    <header class="market-head">
      <div class="market-title">
        <h1>{titleOf("scenario", show.scenario.name, show.scenario.title)}</h1>
        <p class="muted">
          {t("people_of_market", { n: show.consumers.toLocaleString("en-US") })}{" · "}
          {t("seed")} <span data-testid="seed" data-value={show.seed}>{show.seed}</span>
        </p>
      </div>
      <div class="transport">
        <Clock show={show} />
        {steers && <Buttons />}
        <StatusWords />
      </div>
      <Timeline show={show} />
    </header>
  );
}

function Clock({ show }: { show: Show }) {
  const start = parseMarketTime(show.start);
  return (
    <p class="clock">
      <Counter value={() => get().time} format={(time) => clockTime(start, time)} testid="clock" class="clock-time" />
      <Counter value={() => get().time} format={(time) => marketDate(start, time)} class="clock-date" />
    </p>
  );
}

function reseed(): void {
  const settings = currentSettings();
  if (settings) void openShow(withSeed(settings, 1 + Math.floor(Math.random() * 999_999)));
}

function Buttons() {
  const status = useStore((state) => state.status);
  const live = useStore((state) => state.live);
  const busy = status?.state === "playing" || status?.state === "running";
  return (
    <div class="buttons" role="group" aria-label={t("steering")}>
      <button
        class="play" data-testid={busy ? "pause" : "play"} onClick={playOrPause} disabled={status?.state === "ended" && live} title={t("space_key")}
      >
        <Icon name={busy ? "pause" : "play"} />
        {busy ? t("pause") : t("play")}
      </button>
      <button data-testid="step" onClick={() => control({ action: "step" })} disabled={busy} title={t("step_key")} aria-label={t("step")}><Icon name="step" /></button>
      <button data-testid="restart" onClick={() => control({ action: "restart" })} aria-label={t("restart")} title={t("restart")}><Icon name="restart" /></button>
      {live && <button data-testid="reseed" onClick={reseed} aria-label={t("reseed")} title={t("reseed")}><Icon name="dice" /></button>}
      <label class="inline">
        {t("speed")}
        <select data-testid="speed" value={String(status?.speed ?? 60)} onChange={(event) => control({ action: "speed", speed: Number(event.currentTarget.value) })}>
          {[...new Set([...SPEEDS, status?.speed ?? 60])].map((speed) => (
            <option key={speed} value={String(speed)}>{speed === 0 ? t("speed_most") : `${speed}×`}</option>
          ))}
        </select>
      </label>
    </div>
  );
}

function StatusWords() {
  const state = useStore((one) => one.status?.state ?? "loading");
  const watching = useStore((one) => one.status?.watching ?? 0);
  const live = useStore((one) => one.live);
  const cut = useStore((one) => one.until !== null && one.status?.state === "paused" && one.status.time >= one.until);
  return (
    <p class={`status status-${state}`} role="status">
      <span data-testid="status" data-value={state}>{t(cut ? "recording_ends" : `state_${state}`)}</span>
      {live && watching > 1 && <span class="muted"> · {t("watching", { n: watching })}</span>}
    </p>
  );
}
