// The language of the page and the look-up of its strings.
import type { Text } from "../contract";
import { strings } from "../strings";

export type Language = "en" | "zh";
export type StringKey = keyof typeof strings;
export type Values = Record<string, string | number>;

let current: Language = "en";

export function language(): Language {
  return current;
}

export function useLanguage(next: Language): void {
  current = next;
}

/** Fills `{name}` places; of "one|many" takes the form for `n`. */
export function fill(template: string, values: Values = {}): string {
  const forms = template.split("|");
  const form = forms.length === 2 && values["n"] !== 1 && values["n"] !== "1" ? forms[1]! : forms[0]!;
  return form.replace(/\{(\w+)\}/g, (place, name: string) => (name in values ? String(values[name]) : place));
}

export function t(key: StringKey, values?: Values): string {
  const entry = strings[key];
  return fill(current === "zh" ? entry[1] : entry[0], values);
}

/** A string whose key is put together from data; null where there is none. */
export function maybe(key: string, values?: Values): string | null {
  return key in strings ? t(key as StringKey, values) : null;
}

export function say(text: Text | null | undefined): string {
  if (!text) return "";
  return current === "zh" && text.zh ? text.zh : text.en;
}
