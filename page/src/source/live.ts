// The server as a source: events by EventSource, requests by fetch.
import type { Audited, Buyers, ClassState, Consumer, Example, Hello, Refusal, Show, Status, Tick } from "../contract";
import { Refused, type Listener, type Source } from "./source";

async function ask<Answer>(path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const post = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, { ...post, credentials: "same-origin", ...(signal ? { signal } : {}) });
  if (answer.ok) return (await answer.json()) as Answer;
  const refusal = (await answer.json().catch(() => null)) as Refusal | null;
  throw new Refused(answer.status, refusal?.error ?? "", refusal?.diagnostics ?? null);
}

function hear(listener: Listener): void {
  const events = new EventSource("/api/events");
  const on = <Data>(name: string, tell: (data: Data) => void): void => {
    events.addEventListener(name, (event) => tell(JSON.parse((event as MessageEvent<string>).data) as Data));
  };
  on<Show>("show", (show) => listener.show(show));
  on<Tick>("tick", (tick) => listener.tick(tick));
  on<Status>("status", (status) => listener.status(status));
  on<ClassState>("class", (state) => listener.class(state));
  on<{ reason: string }>("bye", ({ reason }) => {
    events.close();
    listener.bye(reason);
  });
  events.onopen = () => listener.open();
  events.onerror = () => {
    listener.lost();
    // The browser gives up by itself where the answer was no stream of events (a refusal); then the page tries again, slowly.
    if (events.readyState === EventSource.CLOSED) window.setTimeout(() => hear(listener), 5000);
  };
}

export const liveSource: Source = {
  live: true,
  until: null,
  hello: () => ask<Hello>("/api/hello"),
  listen: hear,
  show: (settings) => ask("/api/show", settings),
  control: (action) => ask("/api/control", action),
  class: (change) => ask("/api/class", change),
  vote: (vote) => ask("/api/vote", vote),
  buyers: (pane) => ask<Buyers>(`/api/buyers?pane=${pane}`),
  consumer: (id) => ask<Consumer>(`/api/consumer?id=${id}`),
  audit: (text, stop) => ask<Audited>("/api/audit", { text }, stop),
  examples: () => ask<Example[]>("/api/examples"),
};
