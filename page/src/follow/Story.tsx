// The evening of one consumer in each world: the orders with what was behind them, and every step.
import type { ActTold, Consumer, OrderTold, Show } from "../contract";
import { channelColors } from "../chart/figures";
import { clockTime, count, parseMarketTime, percent, yuan } from "../core/format";
import { language, t } from "../core/language";
import { channelName, nameOf, paneTitle } from "../core/names";
import { actWords } from "../core/words";
import { DecisionPicture } from "./DecisionPicture";

export function Story({ show, consumer }: { show: Show; consumer: Consumer }) {
  const two = consumer.panes.length > 1;
  return (
    <>
      <p class="told-who">
        {t(consumer.vulnerable ? "consumer_is_vulnerable" : "consumer_is", { segment: nameOf(consumer.segment) })}
      </p>
      {two && <p class="muted">{t("same_person")}</p>}
      <div class={`panes panes-${consumer.panes.length}`}>
        {consumer.panes.map((pane, index) => (
          <section key={index} class="story-pane">
            {two && <h4><span class={`letter letter-${index === 0 ? "a" : "b"}`}>{index === 0 ? "A" : "B"}</span>{show.panes[index] ? paneTitle(show, index) : ""}</h4>}
            {pane.orders.length === 0 && <p class="no-order">{t("bought_nothing")}</p>}
            {pane.orders.map((order) => <Order key={order.order} order={order} show={show} />)}
            <Steps acts={pane.acts} show={show} pane={index} />
          </section>
        ))}
      </div>
    </>
  );
}

function Order({ order, show }: { order: OrderTold; show: Show }) {
  const { decision } = order;
  const would = decision.honest_utility > decision.threshold;
  const start = parseMarketTime(show.start);
  return (
    <article class="told-order">
      <h4>{t("order_title", { product: nameOf(order.product), price: yuan(order.price), time: clockTime(start, order.time, false) })}</h4>
      <ul class="believed">
        <li>{t("it_saw", { orders: count(decision.displayed_orders), viewers: count(decision.displayed_viewers) })}</li>
        <li>{t("it_believed", { reference: yuan(decision.reference_price), honest: yuan(decision.honest_reference_price), belief: percent(decision.belief, 0) })}</li>
        <li>{t(decision.searched ? "it_searched" : "it_did_not_search", { expected: yuan(decision.expected_price), market: yuan(decision.market_price) })}</li>
        {decision.times_seen > 0 && <li>{t("seen_before", { n: decision.times_seen })}</li>}
        {order.paid !== null && <li>{t("it_paid", { paid: yuan(order.paid) })}</li>}
      </ul>
      <DecisionPicture order={order} />
      <p class={`would ${would ? "would-yes" : "would-no"}`}>
        <span class="would-question">{t("would_have_bought")}</span> <strong>{would ? t("yes") : t("no")}</strong>
      </p>
      <Harm order={order} show={show} />
    </article>
  );
}

function Harm({ order, show }: { order: OrderTold; show: Show }) {
  if (order.harm <= 0) return <p class="muted">{t("harm_none_long")}</p>;
  const shares = order.harm_by_channel.map((harm, index) => ({ harm, index })).filter(({ harm }) => harm > 0.005);
  const width = (harm: number) => (element: HTMLElement | null): void => {
    if (element) element.style.flexGrow = String(harm / order.harm);
  };
  return (
    <div class="harm-split">
      <p>{t("harm_long", { harm: yuan(order.harm) })}</p>
      <div class="harm-bar" aria-hidden="true">
        {shares.map(({ harm, index }) => <i key={index} ref={(element) => { width(harm)(element); if (element) element.style.background = channelColors[index % channelColors.length]!; }} />)}
      </div>
      <ul>
        {shares.map(({ harm, index }) => (
          <li key={index}>
            <i class="swatch" ref={(element) => { if (element) element.style.background = channelColors[index % channelColors.length]!; }} />
            {channelName(show.channels[index] ?? { key: "", label: "" })} <b>{yuan(harm)}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Steps({ acts, show, pane }: { acts: ActTold[]; show: Show; pane: number }) {
  const start = parseMarketTime(show.start);
  return (
    <details class="steps" open={acts.length <= 12}>
      <summary>{t("steps", { n: acts.length })}</summary>
      <ol lang={language() === "zh" ? "zh-CN" : "en"}>
        {acts.map((act, index) => (
          <li key={index} class={`step-${act.kind}`}>
            <time>{clockTime(start, act.time)}</time> <span>{actWords(act, show, pane)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
