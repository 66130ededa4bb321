// Names of things in scenarios, as a person reads them.
import type { PaneSettings, Show } from "../contract";
import { language, maybe, say, t } from "./language";

/** "quarrel_room" as "quarrel room", or its Chinese name where the page knows it. */
export function nameOf(raw: string | null | undefined): string {
  if (!raw) return "";
  return maybe(`name_${raw}`) || raw.replaceAll("_", " ");
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A choice with the name by which texts call it: "Displayed counters must be the real ones (disclosure)". */
export function withName(title: string, name: string): string {
  return !title || title === name ? name : language() === "zh" ? `${title}（${name}）` : `${title} (${name})`;
}

/** The name as the scenario's file and the lessons write it, where the page shows another. */
export function rawName(raw: string): string | null {
  return language() === "zh" && nameOf(raw) !== raw.replaceAll("_", " ") ? raw : null;
}

/** The title of a shipped scenario or regime in the page's language; others as they are. */
export function titleOf(kind: "scenario" | "regime", name: string, title: string): string {
  return maybe(`${kind}_${name}`) || title;
}

export function storyOf(name: string, story: string): string {
  return maybe(`story_${name}`) || story;
}

export function channelName(channel: { key: string; label: string }): string {
  return maybe(`channel_${channel.key}`) ?? channel.label;
}

/** A world in a few words: its rules, and what is missing or moved in it. */
export function paneTitle(show: Show, index: number): string {
  const settings: PaneSettings | null | undefined = index === 0 ? show.settings.a : show.settings.b;
  if (settings?.label) return say(settings.label);
  const regime = show.panes[index]!.regime;
  const parts = [titleOf("regime", regime.name, regime.title)];
  for (const absent of settings?.without ?? []) parts.push(t(absent === "bots" ? "without_bots" : "without_script"));
  const moved = Object.keys(settings?.controls ?? {}).length;
  if (moved > 0) parts.push(t("controls_moved", { n: moved }));
  return parts.join(" · ");
}
