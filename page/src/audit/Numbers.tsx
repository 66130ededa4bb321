// Every number of the campaign as a slider and a field: what if it were another?
import type { TextNumber } from "../contract";
import { t } from "../core/language";
import { rangeAround } from "./edit";

const REST = /^(population|behaviour|aftermath|categories|farms|generate|ranking|platform)\b|\.(worth|cost|need)$/;

interface Props { numbers: TextNumber[]; first: TextNumber[]; edit: (index: number, value: number) => void }

export function Numbers({ numbers, first, edit }: Props) {
  if (numbers.length === 0) return null;
  return (
    <details class="numbers" open>
      <summary>{t("audit_numbers", { n: numbers.length })}</summary>
      <ol>
        {sorted(numbers).map(({ number, index }) => (
          <NumberRow key={number.path} number={number} began={first[index]?.value ?? number.value} change={(value) => edit(index, value)} index={index} />
        ))}
      </ol>
    </details>
  );
}

/** What prices hang on comes first; a whole evening's text also holds much that no audit asks for. */
function sorted(numbers: TextNumber[]): { number: TextNumber; index: number }[] {
  const rows = numbers.map((number, index) => ({ number, index }));
  return [...rows.filter(({ number }) => !REST.test(number.path)), ...rows.filter(({ number }) => REST.test(number.path))];
}

function NumberRow({ number, began, change, index }: { number: TextNumber; began: number; change: (value: number) => void; index: number }) {
  const { low, high, step } = rangeAround(began);
  const id = `audit-number-${index}`;
  return (
    <li class={number.value === began ? "" : "number-moved"}>
      <label for={id}>{number.label} <small class="muted">{t("line_number", { line: number.line })}</small></label>
      <input type="range" min={low} max={high} step={step} value={number.value} aria-label={number.label} onInput={(event) => change(event.currentTarget.valueAsNumber)} />
      <input
        type="number" id={id} data-testid={id} data-value={number.value} step="any" value={number.value}
        onInput={(event) => { if (Number.isFinite(event.currentTarget.valueAsNumber)) change(event.currentTarget.valueAsNumber); }}
      />
    </li>
  );
}
