// The settings of the evening: scenario, rules, a second world to compare with, and the sliders.
import type { ControlGroup, Show } from "../contract";
import { changeSettings, currentSettings, openShow } from "../core/actions";
import { language, t, type StringKey } from "../core/language";
import { storyOf, titleOf, withName } from "../core/names";
import { freshSettings, quickOf, withRegime, withSecondPane, type PaneKey, type Quick, type Target } from "../core/settings";
import { isTeacher, set, useStore } from "../core/store";
import { Switch } from "../parts/Switch";
import { ControlRow } from "./ControlRow";
import { Paste } from "./Paste";

export function SettingsPanel({ show }: { show: Show }) {
  const steers = useStore(isTeacher);
  useStore((state) => state.wanted);
  const settings = currentSettings() ?? show.settings;
  return (
    <aside class="settings" aria-label={t("settings")}>
      <h2>{t("settings")}</h2>
      {!steers && <p class="muted">{t("settings_read_only")}</p>}
      <ScenarioChoice show={show} steers={steers} />
      {steers && <Paste />}
      <section class="setting-block">
        <h3>{t("worlds")}</h3>
        <RegimeChoice pane="a" show={show} steers={steers} />
        <Switch on={Boolean(settings.b)} disabled={!steers} testid="two-panes" change={(on) => changeSettings(withSecondPane(settings, on ? "bots" : null), 0)}>
          {t("two_worlds")}
        </Switch>
        {settings.b && <QuickChoice quick={quickOf(settings)} steers={steers} />}
        {settings.b && <RegimeChoice pane="b" show={show} steers={steers} />}
      </section>
      <Controls show={show} steers={steers} />
    </aside>
  );
}

function ScenarioChoice({ show, steers }: { show: Show; steers: boolean }) {
  const scenarios = useStore((state) => state.hello?.scenarios ?? []);
  const known = scenarios.some((one) => one.name === show.settings.scenario);
  return (
    <section class="setting-block">
      <label class="field">
        <span>{t("scenario")}</span>
        <select data-testid="scenario" disabled={!steers} value={show.settings.scenario} onChange={(event) => void openShow(freshSettings(event.currentTarget.value))}>
          {!known && <option value={show.settings.scenario}>{show.scenario.title}</option>}
          {scenarios.map((one) => <option key={one.name} value={one.name}>{titleOf("scenario", one.name, one.title)}</option>)}
        </select>
      </label>
      <p class="story">{storyOf(show.scenario.name, show.scenario.story)}</p>
    </section>
  );
}

function RegimeChoice({ pane, show, steers }: { pane: PaneKey; show: Show; steers: boolean }) {
  const regimes = useStore((state) => state.hello?.regimes ?? []);
  const settings = currentSettings() ?? show.settings;
  const two = Boolean(settings.b);
  const index = pane === "a" ? 0 : 1;
  // The evening's own rules are those that a world without rules of its own runs under.
  const own = show.settings[pane] && !show.settings[pane]?.regime ? show.panes[index]?.regime.name : undefined;
  return (
    <label class="field">
      <span>{two ? t("regime_of", { letter: pane.toUpperCase() }) : t("regime")}</span>
      <select
        data-testid={`regime-${pane}`} disabled={!steers} value={settings[pane]?.regime ?? ""}
        onChange={(event) => changeSettings(withRegime(settings, pane, event.currentTarget.value || null), 0)}
      >
        <option value="">{own ? t("regime_own_known", { name: own }) : t("regime_own")}</option>
        {regimes.map((one) => <option key={one.name} value={one.name}>{withName(language() === "zh" ? titleOf("regime", one.name, one.title) : one.title, one.name)}</option>)}
      </select>
    </label>
  );
}

function QuickChoice({ quick, steers }: { quick: Quick | null; steers: boolean }) {
  const choose = (next: Quick): void => {
    const settings = currentSettings();
    if (settings) changeSettings(withSecondPane(settings, next), 0);
    if (next === "own") set({ target: "b" });
  };
  const names: Record<Quick, StringKey> = { bots: "quick_bots", script: "quick_script", regime: "quick_regime", own: "quick_own" };
  return (
    <label class="field">
      <span>{t("quick_b")}</span>
      <select data-testid="quick-b" disabled={!steers} value={quick ?? "own"} onChange={(event) => choose(event.currentTarget.value as Quick)}>
        {(Object.keys(names) as Quick[]).map((one) => <option key={one} value={one}>{t(names[one])}</option>)}
      </select>
    </label>
  );
}

const GROUPS: ControlGroup[] = ["script", "crowd", "people", "platform", "after"];

function Controls({ show, steers }: { show: Show; steers: boolean }) {
  const target = useStore((state) => state.target);
  const lesson = useStore((state) => state.hello?.lessons.find((one) => one.name === state.class?.lesson));
  const settings = currentSettings() ?? show.settings;
  const standing = new Set(lesson?.controls ?? []);
  const row = (control: Show["controls"][number]) => (
    <ControlRow key={control.key} control={control} settings={settings} target={target} steers={steers} outstanding={standing.has(control.key)} />
  );
  return (
    <section class="setting-block controls">
      <h3>{t("sliders")}</h3>
      {settings.b && <TargetChoice target={target} />}
      {standing.size > 0 && <div class="outstanding"><h4>{t("sliders_of_lesson")}</h4>{show.controls.filter((one) => standing.has(one.key)).map(row)}</div>}
      {GROUPS.map((group) => {
        const members = show.controls.filter((one) => one.group === group && !standing.has(one.key));
        return members.length > 0 ? (
          <details key={group} class="control-group" open>
            <summary>{t(`group_${group}`)}</summary>
            {members.map(row)}
          </details>
        ) : null;
      })}
    </section>
  );
}

function TargetChoice({ target }: { target: Target }) {
  const choices: [Target, StringKey][] = [["both", "target_both"], ["a", "target_a"], ["b", "target_b"]];
  return (
    <div class="segments" role="group" aria-label={t("sliders_act_on")}>
      {choices.map(([one, label]) => (
        <button key={one} class="small" data-testid={`target-${one}`} aria-pressed={target === one} onClick={() => set({ target: one })}>{t(label)}</button>
      ))}
    </div>
  );
}
