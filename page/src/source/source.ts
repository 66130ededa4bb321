// Where the page's data come from: the server, or the replay in the document.
import type {
  Audited, Buyers, ClassChange, ClassState, Consumer, ControlAction, Example, Hello, Settings, Show, Status, Tick, Vote,
} from "../contract";

export interface Listener {
  show(show: Show): void;
  tick(tick: Tick): void;
  status(status: Status): void;
  class(state: ClassState): void;
  bye(reason: string): void;
  open(): void;
  lost(): void;
}

export interface Source {
  live: boolean;
  /** Where a recording ends; `null` where there is no recording. */
  until: number | null;
  hello(): Promise<Hello>;
  listen(listener: Listener): void;
  show(settings: Settings): Promise<void>;
  control(action: ControlAction): Promise<void>;
  class(change: ClassChange): Promise<void>;
  vote(vote: Vote): Promise<void>;
  buyers(pane: number): Promise<Buyers>;
  consumer(id: number): Promise<Consumer>;
  audit(text: string, stop: AbortSignal): Promise<Audited>;
  examples(): Promise<Example[]>;
}

/** What the server refused to do, and why. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly diagnostics: string | null,
  ) {
    super(message);
  }
}
