// The frame of the page: tabs, language, banners, and the view that is open.
import { useEffect } from "preact/hooks";
import { AuditView } from "./audit/AuditView";
import { About } from "./parts/About";
import { openShow } from "./core/actions";
import { t, type StringKey } from "./core/language";
import { VIEWS, type View } from "./core/link";
import { listenToKeys } from "./core/keys";
import { speak } from "./core/start";
import { isTeacher, set, useStore } from "./core/store";
import { LessonsView } from "./lessons/LessonsView";
import { Market } from "./market/Market";

const names: Record<View, StringKey> = { market: "tab_market", lessons: "tab_lessons", audit: "tab_audit", about: "tab_about" };
const bodies: Record<View, () => preact.JSX.Element> = { market: Market, lessons: LessonsView, audit: AuditView, about: About };

export function App() {
  const language = useStore((state) => state.language);
  const view = useStore((state) => state.view);
  const live = useStore((state) => state.live);
  useEffect(listenToKeys, []);
  useEffect(() => {
    document.title = `${t(names[view])} · Yellowcart`;
  }, [view, language]);
  const known = useStore((state) => Boolean(state.hello));
  const shown = (live && known) || view === "about" ? view : "market";
  const Body = bodies[shown];
  return (
    <div class="page" key={language}>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>{t("skip")}</a>
      <TopBar view={shown} live={live} />
      <Banners />
      <Body />
    </div>
  );
}

function TopBar({ view, live }: { view: View; live: boolean }) {
  const language = useStore((state) => state.language);
  const go = (next: View) => (event: Event): void => {
    event.preventDefault();
    set({ view: next });
    history.replaceState(null, "", `#view=${next}`);
  };
  return (
    <nav class="top" aria-label={t("tabs")}>
      <span class="brand"><Logo />Yellowcart</span>
      <ul>
        {VIEWS.filter((one) => live || one === "market" || one === "about").map((one) => (
          <li key={one}><a href={`#view=${one}`} data-testid={`tab-${one}`} aria-current={one === view ? "page" : undefined} onClick={go(one)}>{t(names[one])}</a></li>
        ))}
      </ul>
      <button class="quiet language" data-testid="language" lang={language === "zh" ? "en" : "zh-CN"} onClick={() => speak(language === "zh" ? "en" : "zh")}>
        {language === "zh" ? "English" : "中文"}
      </button>
    </nav>
  );
}

function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M3 5h5l4 15h13l3-10H11" /><circle cx="14" cy="26" r="2.500" /><circle cx="23" cy="26" r="2.500" />
    </svg>
  );
}

function Banners() {
  const connection = useStore((state) => state.connection);
  const goodbye = useStore((state) => state.goodbye);
  const refusal = useStore((state) => (state.hello ? state.refusal : null));
  const offered = useStore((state) => (isTeacher(state) ? state.offered : null));
  return (
    <div class="notices" aria-live="polite">
      {connection === "lost" && <p class="notice notice-bad">{t("connection_lost")}</p>}
      {connection === "gone" && <p class="notice notice-bad">{t("server_gone", { reason: goodbye })}</p>}
      {refusal && (
        <p class="notice notice-bad">
          {refusal.error} <button class="small" onClick={() => set({ refusal: null })}>{t("close")}</button>
        </p>
      )}
      {offered && (
        <p class="notice">
          {t("link_offer")} <button class="primary" onClick={() => void openShow(offered)}>{t("open_evening")}</button>{" "}
          <button class="small" onClick={() => set({ offered: null })}>{t("not_now")}</button>
        </p>
      )}
    </div>
  );
}
