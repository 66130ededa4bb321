// Following one consumer: a list of buyers to choose from, and the story of one of them in every world.
import { useEffect, useState } from "preact/hooks";
import type { Buyer, Buyers, Consumer, Show } from "../contract";
import { kindWords, theSource } from "../core/actions";
import { clockTime, parseMarketTime, yuan } from "../core/format";
import { t } from "../core/language";
import { capital, nameOf } from "../core/names";
import { set, useStore } from "../core/store";
import { Story } from "./Story";

export function Follow({ show }: { show: Show }) {
  const wanted = useStore((state) => state.follow);
  const [field, setField] = useState("");
  const go = (event: Event): void => {
    event.preventDefault();
    const id = Number(field);
    if (field && Number.isInteger(id) && id >= 0) set({ follow: id });
  };
  return (
    <section class="follow" id="follow" aria-label={t("follow")}>
      <h2>{t("follow")}</h2>
      <p class="muted">{t("follow_about")}</p>
      <form class="follow-form" onSubmit={go}>
        <label class="inline">
          {t("follow_number")}
          <input type="number" min={0} max={show.consumers - 1} data-testid="follow-input" value={field} onInput={(event) => setField(event.currentTarget.value)} />
        </label>
        <button data-testid="follow-go" type="submit">{t("follow_go")}</button>
      </form>
      <BuyerLists show={show} />
      {wanted !== null && <Told show={show} id={wanted} />}
    </section>
  );
}

function BuyerLists({ show }: { show: Show }) {
  const [buyers, setBuyers] = useState<Buyers | null>(null);
  const [error, setError] = useState("");
  const paid = useStore((state) => (state.status?.state === "playing" ? "" : `${state.status?.state} ${state.show?.id}`));
  const load = (): void => {
    theSource().buyers(0).then((found) => { setBuyers(found); setError(""); }, (reason: unknown) => setError(kindWords(reason)));
  };
  useEffect(load, [paid]);
  return (
    <div class="buyers">
      <div class="buyers-head"><button class="small" onClick={load}>{t("buyers_again")}</button>{error && <span class="warning">{error}</span>}</div>
      {buyers && <BuyerList title={t("buyers_harmed")} buyers={buyers.harmed} show={show} />}
      {buyers && <BuyerList title={t("buyers_recent")} buyers={buyers.recent} show={show} />}
    </div>
  );
}

function BuyerList({ title, buyers, show }: { title: string; buyers: Buyer[]; show: Show }) {
  const start = parseMarketTime(show.start);
  return (
    <div class="buyer-list">
      <h3>{title}</h3>
      {buyers.length === 0 && <p class="muted">{t("buyers_none")}</p>}
      <ol>
        {buyers.slice(0, 8).map((buyer) => (
          <li key={buyer.order}>
            <button class="quiet buyer" onClick={() => set({ follow: buyer.consumer })}>
              <b>{t("consumer_number", { consumer: buyer.consumer })}</b>
              <span>{t("buyer_bought", { product: nameOf(show.products[buyer.product]?.name), price: yuan(buyer.price), time: clockTime(start, buyer.time, false) })}</span>
              <span class={buyer.harm > 0 ? "of-harm" : "muted"}>{buyer.harm > 0 ? t("harm_of", { harm: yuan(buyer.harm) }) : t("harm_none")}</span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Told({ show, id }: { show: Show; id: number }) {
  const [consumer, setConsumer] = useState<Consumer | null>(null);
  const [error, setError] = useState("");
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let current = true;
    setConsumer(null);
    setError("");
    document.getElementById("follow-story")?.scrollIntoView({ block: "nearest" });
    theSource().consumer(id).then(
      (found) => current && setConsumer(found),
      (reason: unknown) => current && setError(kindWords(reason)),
    );
    return () => {
      current = false;
    };
  }, [id, show.id, turn]);
  return (
    <div class="told" id="follow-story" data-testid="follow-story" data-value={consumer?.consumer ?? ""} aria-live="polite" aria-busy={!consumer && !error}>
      <header class="told-head">
        <h3>{capital(t("consumer_number", { consumer: id }))}</h3>
        <button class="small" onClick={() => setTurn(turn + 1)}>{t("follow_again")}</button>
        <button class="small" onClick={() => set({ follow: null })}>{t("close")}</button>
      </header>
      {error && <p class="warning">{error}</p>}
      {!consumer && !error && <p class="waiting"><i class="spinner" aria-hidden="true" />{t("follow_waiting")}</p>}
      {consumer && <Story show={show} consumer={consumer} />}
    </div>
  );
}
