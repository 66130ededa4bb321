// The market: stage, totals, charts, one consumer, sharing, and the settings beside them.
import { useState } from "preact/hooks";
import { Charts } from "../chart/Charts";
import { t } from "../core/language";
import { useStore } from "../core/store";
import { Follow } from "../follow/Follow";
import { LessonStrip } from "../lessons/LessonStrip";
import { SettingsPanel } from "../settings/Panel";
import { Stage } from "../stage/Stage";
import { Finals } from "./Finals";
import { Header } from "./Header";
import { Share } from "./Share";
import { Totals } from "./Totals";

const WIDE = 1100;

export function Market() {
  const show = useStore((state) => state.show);
  const live = useStore((state) => state.live);
  const teaches = useStore((state) => state.hello?.role === "teacher");
  const shut = useStore((state) => (state.hello ? null : state.refusal?.error));
  const [chosen, setOpen] = useState<boolean | null>(null);
  const open = chosen ?? (window.innerWidth >= WIDE && live && teaches);
  if (!show && shut) return <main class="prose" id="main"><h1>{t("shut_out")}</h1><p class="lead" data-testid="shut-out">{shut}</p></main>;
  if (!show) return <main class="waiting" id="main"><i class="spinner" aria-hidden="true" />{t("waiting_for_show")}</main>;
  return (
    <main id="main" class={`market ${open ? "market-settings" : ""}`} data-show={show.id}>
      <LessonStrip />
      <Header show={show} />
      <div class="market-body">
        <div class="market-main">
          <button class="settings-toggle" aria-expanded={open} data-testid="settings-toggle" onClick={() => setOpen(!open)}>{t(open ? "hide_settings" : "show_settings")}</button>
          <Stage show={show} />
          <Totals show={show} />
          <Finals show={show} />
          <Charts show={show} />
          {live && <Follow show={show} />}
          <Share show={show} />
        </div>
        {open && <SettingsPanel show={show} />}
      </div>
    </main>
  );
}
