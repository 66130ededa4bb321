// What the page is, how to read it, and the keys.
import { t, type StringKey } from "../core/language";
import { useStore } from "../core/store";

const KEYS: [string, StringKey][] = [
  ["Space", "key_space"], [".", "key_step"], ["1 – 6", "key_speed"], ["B", "key_behind"], ["← →", "key_arrows"], ["Tab", "key_tab"],
];
const READING: StringKey[] = ["about_displayed", "about_real", "about_bots", "about_harm", "about_worlds"];

export function About() {
  const version = useStore((state) => state.hello?.version ?? "");
  return (
    <main id="main" class="prose" tabIndex={-1}>
      <h1>{t("about_title")}</h1>
      <p class="lead">{t("about_lead")}</p>
      <h2>{t("about_reading")}</h2>
      <ul class="reading">{READING.map((key) => <li key={key}>{t(key)}</li>)}</ul>
      <h2>{t("about_keys")}</h2>
      <dl class="keys">
        {KEYS.map(([key, words]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{t(words)}</dd></div>)}
      </dl>
      <h2>{t("about_limits")}</h2>
      <p>{t("about_limits_text")}</p>
      {version && <p class="muted">Yellowcart {version}</p>}
    </main>
  );
}
