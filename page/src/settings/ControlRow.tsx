// One slider or choice: its value, the scenario's value, a way back, and what it means.
import { useState } from "preact/hooks";
import type { Control, Settings } from "../contract";
import { changeSettings } from "../core/actions";
import { plain } from "../core/format";
import { maybe, say, t } from "../core/language";
import { withName } from "../core/names";
import { controlValue, shownPane, withControl, type Target } from "../core/settings";
import { Icon } from "../parts/Icon";
import { fromPlace, nudge, STEPS, toPlace, toStep } from "./scale";

interface Props { control: Control; settings: Settings; target: Target; steers: boolean; outstanding: boolean }

export function ControlRow({ control, settings, target, steers, outstanding }: Props) {
  const [open, setOpen] = useState(false);
  const value = controlValue(shownPane(settings, target), control);
  const change = (next: number | string): void => changeSettings(withControl(settings, target, control, next));
  const moved = value !== control.value;
  const differs = settings.b && controlValue(settings.a, control) !== controlValue(settings.b, control);
  return (
    <div class={`control ${moved ? "control-moved" : ""} ${outstanding ? "control-outstanding" : ""}`} data-control={control.key}>
      <div class="control-head">
        <label for={`control-${control.key}`}>{say(control.label)}</label>
        {control.kind === "number" ? <output for={`control-${control.key}`}>{told(control, value)}</output> : moved && <output for={`control-${control.key}`} />}
      </div>
      {control.kind === "choice" ? (
        <Choice control={control} value={String(value)} steers={steers} change={change} />
      ) : (
        <Slider control={control} value={Number(value)} steers={steers} change={change} />
      )}
      <div class="control-foot">
        {differs && settings.b && target === "both" && <span class="muted">{t("values_differ", { a: told(control, controlValue(settings.a, control)), b: told(control, controlValue(settings.b, control)) })}</span>}
        {moved && steers && (
          <button class="quiet small" data-testid={`control-reset-${control.key}`} onClick={() => change(control.value)}>
            <Icon name="back" />{t("reset_to", { value: told(control, control.value) })}
          </button>
        )}
        <button class="quiet small about" data-testid={`control-about-${control.key}`} aria-expanded={open} onClick={() => setOpen(!open)}>{t("what_is_this")}</button>
      </div>
      {open && <About control={control} />}
    </div>
  );
}

/** A choice as the page calls it; scripts also by the name that lessons and files use. */
function choiceName(control: Control, value: string): string {
  const label = say(control.choices?.find((one) => one.value === value)?.label);
  return control.key === "script" ? withName(maybe(`script_${value}`) || label, value) : label || value;
}

function told(control: Control, value: number | string): string {
  if (control.kind === "choice") return choiceName(control, String(value));
  const unit = say(control.unit);
  return unit ? `${plain(Number(value), control.step)} ${unit}` : plain(Number(value), control.step);
}

interface PartProps<Value> { control: Control; value: Value; steers: boolean; change: (value: Value) => void }

function Choice({ control, value, steers, change }: PartProps<string>) {
  return (
    <select id={`control-${control.key}`} title={choiceName(control, value)} data-testid={`control-${control.key}`} data-value={value} disabled={!steers} value={value} onChange={(event) => change(event.currentTarget.value)}>
      {(control.choices ?? []).map((one) => <option key={one.value} value={one.value}>{choiceName(control, one.value)}</option>)}
    </select>
  );
}

function Slider({ control, value, steers, change }: PartProps<number>) {
  const key = (event: KeyboardEvent): void => {
    const directions: Record<string, 1 | -1> = { ArrowRight: 1, ArrowUp: 1, PageUp: 1, ArrowLeft: -1, ArrowDown: -1, PageDown: -1 };
    const direction = directions[event.key];
    if (!direction) return;
    event.preventDefault();
    change(nudge(control, value, direction, event.key.startsWith("Page")));
  };
  const tick = (element: HTMLElement | null): void => {
    if (element) element.style.left = `${(toPlace(control, Number(control.value)) / STEPS) * 100}%`;
  };
  return (
    <div class="slider">
      <div class="slider-line">
        <span class="slider-tick" ref={tick} title={t("scenario_value")} />
        <input
          type="range" id={`control-${control.key}`} data-testid={`control-${control.key}`} data-value={value} min={0} max={STEPS} step={1}
          value={toPlace(control, value)} aria-valuetext={told(control, value)} disabled={!steers} onKeyDown={key}
          onInput={(event) => change(fromPlace(control, Number(event.currentTarget.value)))}
        />
      </div>
      <input
        type="number" class="slider-number" aria-label={t("exact_value", { name: say(control.label) })} min={control.low} max={control.high} step="any" disabled={!steers}
        value={value} onChange={(event) => Number.isFinite(event.currentTarget.valueAsNumber) && change(toStep(control, event.currentTarget.valueAsNumber))}
      />
    </div>
  );
}

function About({ control }: { control: Control }) {
  const range = control.kind === "number" ? t("from_to", { low: plain(control.low ?? 0, control.step), high: plain(control.high ?? 0, control.step) }) : "";
  return (
    <dl class="about-box">
      <div class="about-meaning">{say(control.meaning)}</div>
      {range && <div><dt>{t("about_slider")}</dt><dd>{range}</dd></div>}
      <div><dt>{t("about_range")}</dt><dd lang="en">{control.range}</dd></div>
      <div><dt>{t("about_source")}</dt><dd lang="en">{control.source}</dd></div>
      <div><dt>{t("about_evidence")}</dt><dd lang="en">{control.evidence}</dd></div>
      <div><dt>{t("about_path")}</dt><dd><code>{control.path}</code></dd></div>
    </dl>
  );
}
