// A switch: a checkbox that looks like what it does.
import type { ComponentChildren } from "preact";

interface Props {
  on: boolean;
  change: (on: boolean) => void;
  children: ComponentChildren;
  testid?: string;
  disabled?: boolean;
}

export function Switch({ on, change, children, testid, disabled }: Props) {
  return (
    <label class="switch">
      <input type="checkbox" role="switch" checked={on} disabled={disabled} data-testid={testid} onChange={(event) => change(event.currentTarget.checked)} />
      <span class="switch-track" aria-hidden="true" />
      <span>{children}</span>
    </label>
  );
}
