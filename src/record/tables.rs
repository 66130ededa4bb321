//! The tables of a results folder, and the observer that fills them while the market runs.

use super::table::{Cell, Column, Holds, Part, Table};
use crate::market::{
    CueRow, DayEnd, LedgerRow, Observer, OrderOrigin, OrderRow, PaymentEvent, PaymentRow,
    RoomFrame, Summary, Totals, account_name,
};
use crate::scenario::{Id, Scenario};
use crate::welfare::{CHANNELS, Channel};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

macro_rules! columns {
    ($($name:literal $holds:ident $unit:literal $meaning:literal;)*) => {
        &[$(Column { name: $name, holds: Holds::$holds, unit: $unit, meaning: $meaning },)*]
    };
}

/// Rooms over time.
pub const ROOMS: &[Column] = columns! {
    "time" Number "s" "second after the scenario's start";
    "room" Text "" "room";
    "displayed_viewers" Count "viewers" "viewers on display";
    "real_viewers" Count "viewers" "real viewers: consumers and background audience";
    "background_viewers" Count "viewers" "of the real ones, the background audience";
    "displayed_views" Count "views" "entries on display since the room went on air";
    "real_views" Count "views" "real entries";
    "displayed_orders" Count "orders" "orders on display";
    "real_orders" Count "orders" "orders of consumers";
    "displayed_likes" Count "likes" "likes on display";
    "real_likes" Count "likes" "likes of consumers";
    "displayed_comments" Count "comments" "comments on display";
    "real_comments" Count "comments" "comments of consumers";
    "displayed_follows" Count "follows" "new follows on display";
    "real_follows" Count "follows" "new follows by consumers";
    "displayed_cart_clicks" Count "clicks" "clicks on the cart link on display";
    "real_cart_clicks" Count "clicks" "looks and refreshes of consumers";
    "product" Text "" "product whose link opened last and is open";
    "price_fen" Fen "fen" "its price";
    "stock" Count "units" "units of it that can be ordered";
    "displayed_stock" Count "units" "units of it on display";
    "reserved" Count "units" "units of it reserved and unpaid";
    "arousal" Number "arousal" "arousal of the room";
    "exposure" Number "share" "share of the platform's exposure";
};

/// Orders with the decision behind them.
pub const ORDERS: &[Column] = columns! {
    "order" Count "" "number of the order in the run";
    "time" Number "s" "second after the scenario's start";
    "room" Text "" "room";
    "product" Text "" "product";
    "consumer" Count "" "index of the consumer; missing for a bot";
    "segment" Text "" "segment of the consumer";
    "vulnerable" Flag "" "whether the consumer counts as vulnerable";
    "origin" Text "" "look, refresh or brushed";
    "units" Count "units" "units paid for";
    "price_fen" Fen "fen" "price of all units";
    "due_now_fen" Fen "fen" "what is due now";
    "visit" Count "" "visit of the consumer in the day";
    "look" Count "" "look of the consumer in the day";
    "utility" Number "yuan" "decision utility D";
    "honest_utility" Number "yuan" "D under honest displays";
    "unbiased_utility" Number "yuan" "D of an unbiased person under honest displays";
    "threshold" Number "yuan" "taste threshold s logit(u)";
    "taste_scale" Number "yuan" "taste scale s";
    "private_value" Number "yuan" "private value v";
    "expected_price" Number "yuan" "what it expects to pay";
    "market_price" Number "yuan" "what it thinks the product sells for elsewhere";
    "reference_price" Number "yuan" "its reference price";
    "honest_reference_price" Number "yuan" "the reference price under honest displays";
    "belief" Number "share" "belief in the claimed price";
    "times_seen" Count "" "staged cues of the claim's kind seen before";
    "displayed_orders" Count "orders" "orders on display that it saw";
    "displayed_viewers" Count "viewers" "viewers on display that it saw";
    "searched" Flag "" "whether it had searched elsewhere";
    "would_have_searched" Flag "" "whether it would have without a false promise";
    "impulse" Flag "" "whether the need was an impulse";
    "harm" Number "yuan" "harm against honest displays";
    "harm_reference_price" Number "yuan" "Shapley share";
    "harm_claimed_quality" Number "yuan" "Shapley share";
    "harm_orders" Number "yuan" "Shapley share";
    "harm_viewers" Number "yuan" "Shapley share";
    "harm_scarcity" Number "yuan" "Shapley share";
    "harm_windfall" Number "yuan" "Shapley share";
    "harm_arousal" Number "yuan" "Shapley share";
    "harm_promise" Number "yuan" "Shapley share";
    "unbiased_harm" Number "yuan" "harm against the unbiased benchmark";
    "unbiased_reference_price" Number "yuan" "Shapley share";
    "unbiased_claimed_quality" Number "yuan" "Shapley share";
    "unbiased_orders" Number "yuan" "Shapley share";
    "unbiased_viewers" Number "yuan" "Shapley share";
    "unbiased_scarcity" Number "yuan" "Shapley share";
    "unbiased_windfall" Number "yuan" "Shapley share";
    "unbiased_arousal" Number "yuan" "Shapley share";
    "unbiased_promise" Number "yuan" "Shapley share";
};

/// What became of orders.
pub const PAYMENTS: &[Column] = columns! {
    "order" Count "" "number of the order";
    "time" Number "s" "second after the scenario's start";
    "event" Text "" "paid, deposit_paid or lapsed";
    "amount_fen" Fen "fen" "money that moved";
};

/// Cues that took effect.
pub const CUES: &[Column] = columns! {
    "time" Number "s" "second after the scenario's start";
    "room" Text "" "room";
    "act" Text "" "act";
    "script" Text "" "script it came from; missing for a cue of the room's own";
    "product" Text "" "product it is about";
    "detail" Text "" "what was said and done";
    "seen_by" Count "viewers" "real viewers who were there";
};

/// Money moved, by day, pair of accounts and purpose.
pub const LEDGER: &[Column] = columns! {
    "day" Count "" "simulated day";
    "from" Text "" "who paid";
    "to" Text "" "who received";
    "purpose" Text "" "what for";
    "amount_fen" Fen "fen" "how much";
};

/// Totals of the run in long form.
pub const TOTALS: &[Column] = columns! {
    "scope" Text "" "market, room, anchor, segment or vulnerable";
    "name" Text "" "name within the scope";
    "measure" Text "" "what is measured";
    "unit" Text "" "its unit";
    "value" Number "" "the value";
};

/// Writes tables while the market runs.
pub struct TablesWriter {
    scenario: Arc<Scenario>,
    rooms: Table,
    orders: Table,
    payments: Table,
    cues: Table,
    ledger: Table,
    totals: Table,
    day: u32,
    /// Hash of the state at the end of each day so far.
    pub state_hashes: Vec<String>,
    error: Option<String>,
}

impl TablesWriter {
    /// Tables in a folder.
    pub fn new(scenario: &Arc<Scenario>, folder: &Path, csv: bool) -> Self {
        let table = |name, columns| Table::new(name, columns, folder, csv);
        Self {
            scenario: Arc::clone(scenario),
            rooms: table("rooms", ROOMS),
            orders: table("orders", ORDERS),
            payments: table("payments", PAYMENTS),
            cues: table("cues", CUES),
            ledger: table("ledger", LEDGER),
            totals: table("totals", TOTALS),
            day: 0,
            state_hashes: Vec::new(),
            error: None,
        }
    }

    fn tables_mut(&mut self) -> [&mut Table; 6] {
        [
            &mut self.rooms,
            &mut self.orders,
            &mut self.payments,
            &mut self.cues,
            &mut self.ledger,
            &mut self.totals,
        ]
    }

    /// All tables, in order.
    pub fn tables(&self) -> [&Table; 6] {
        [
            &self.rooms,
            &self.orders,
            &self.payments,
            &self.cues,
            &self.ledger,
            &self.totals,
        ]
    }

    /// What went wrong first, if anything did.
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    fn keep(&mut self, result: Result<(), String>) {
        if let (None, Err(error)) = (&self.error, result) {
            self.error = Some(error);
        }
    }

    /// Closes the day's part files.
    ///
    /// # Errors
    /// What went wrong first.
    pub fn close_day(&mut self, last: bool) -> Result<(), String> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let day = self.day;
        for table in self.tables_mut() {
            table.close_part(day, last)?;
        }
        self.day += 1;
        Ok(())
    }

    /// Parts closed so far, by table.
    pub fn parts(&self) -> BTreeMap<String, Vec<Part>> {
        self.tables()
            .into_iter()
            .map(|table| (table.name().to_owned(), table.parts().to_vec()))
            .collect()
    }

    /// Takes up the tables where a checkpoint left them.
    ///
    /// # Errors
    /// What went wrong first.
    pub fn resume(
        &mut self,
        mut parts: BTreeMap<String, Vec<Part>>,
        day: u32,
        state_hashes: Vec<String>,
    ) -> Result<(), String> {
        for table in self.tables_mut() {
            table.resume(parts.remove(table.name()).unwrap_or_default())?;
        }
        self.day = day;
        self.state_hashes = state_hashes;
        Ok(())
    }

    /// Writes the totals.
    ///
    /// # Errors
    /// What went wrong.
    pub fn write_totals(&mut self, summary: &Summary) -> Result<(), String> {
        let day = self.day;
        let groups = [
            ("room", &summary.rooms),
            ("anchor", &summary.anchors),
            ("segment", &summary.segments),
        ];
        write_totals_of(&mut self.totals, day, "market", "market", &summary.market)?;
        write_totals_of(
            &mut self.totals,
            day,
            "vulnerable",
            "vulnerable",
            &summary.vulnerable,
        )?;
        for (scope, members) in groups {
            for member in members {
                write_totals_of(&mut self.totals, day, scope, &member.name, &member.totals)?;
            }
        }
        Ok(())
    }

    fn name<'a>(
        names: impl FnOnce(&'a Scenario) -> Option<&'a String>,
        scenario: &'a Scenario,
    ) -> Cell<'a> {
        names(scenario).map_or(Cell::Missing, |name| Cell::Text(name))
    }
}

fn room(scenario: &Scenario, id: Id) -> Cell<'_> {
    TablesWriter::name(
        |s| s.rooms.get(id as usize).map(|room| &room.name),
        scenario,
    )
}

fn product(scenario: &Scenario, id: Option<Id>) -> Cell<'_> {
    let Some(id) = id else { return Cell::Missing };
    TablesWriter::name(
        |s| s.products.get(id as usize).map(|product| &product.name),
        scenario,
    )
}

/// Every measure of totals: name, unit, value.
pub fn measures(totals: &Totals) -> Vec<(String, &'static str, f64)> {
    let mut all: Vec<(String, &'static str, f64)> = [
        ("displayed_views", "views", totals.displayed_views as f64),
        ("real_views", "views", totals.real_views as f64),
        (
            "peak_displayed_viewers",
            "viewers",
            totals.peak_displayed_viewers as f64,
        ),
        (
            "peak_real_viewers",
            "viewers",
            totals.peak_real_viewers as f64,
        ),
        ("looks", "looks", totals.looks as f64),
        ("displayed_orders", "orders", totals.displayed_orders as f64),
        ("real_orders", "orders", totals.real_orders as f64),
        ("brushed_orders", "orders", totals.brushed_orders as f64),
        (
            "distinct_buyers",
            "consumers",
            totals.distinct_buyers as f64,
        ),
        ("paid_orders", "orders", totals.paid_orders as f64),
        ("lapsed_orders", "orders", totals.lapsed_orders as f64),
        ("sold_out_tries", "tries", totals.sold_out_tries as f64),
        ("displayed_sales", "yuan", totals.displayed_sales.yuan()),
        ("paid_sales", "yuan", totals.paid_sales.yuan()),
        ("balances_open", "yuan", totals.balances_open.yuan()),
        ("searches", "searches", totals.searches as f64),
        ("search_time_cost", "yuan", totals.search_time_cost),
    ]
    .into_iter()
    .map(|(name, unit, value)| (name.to_owned(), unit, value))
    .collect();
    let conversions = [
        ("apparent_conversion", totals.apparent_conversion()),
        ("true_conversion", totals.true_conversion()),
    ];
    for (name, value) in conversions {
        if let Some(value) = value {
            all.push((name.to_owned(), "share", value));
        }
    }
    for (name, harm) in [
        ("harm", &totals.harm),
        ("harm_paid", &totals.harm_paid),
        ("unbiased_harm", &totals.unbiased_harm),
    ] {
        all.push((name.to_owned(), "yuan", harm.total));
        all.push((
            format!("{name}_induced_orders"),
            "orders",
            harm.induced_orders as f64,
        ));
        for channel in Channel::ALL {
            let value = harm.by_channel[channel as usize];
            all.push((format!("{name}_{}", channel.name()), "yuan", value));
        }
    }
    all
}

fn write_totals_of(
    table: &mut Table,
    day: u32,
    scope: &str,
    name: &str,
    totals: &Totals,
) -> Result<(), String> {
    for (measure, unit, value) in measures(totals) {
        let row = [
            Cell::Text(scope),
            Cell::Text(name),
            Cell::Text(&measure),
            Cell::Text(unit),
            Cell::Number(value),
        ];
        table.row(day, &row)?;
    }
    Ok(())
}

impl Observer for TablesWriter {
    fn frame(&mut self, frame: &RoomFrame) {
        let scenario = Arc::clone(&self.scenario);
        let on_sale = frame.product.is_some();
        let sale = |cell| if on_sale { cell } else { Cell::Missing };
        let row = [
            Cell::Number(frame.time),
            room(&scenario, frame.room),
            Cell::Count(frame.displayed_viewers),
            Cell::Count(frame.real_viewers),
            Cell::Count(frame.background_viewers),
            Cell::Count(frame.displayed_views),
            Cell::Count(frame.real_views),
            Cell::Count(frame.displayed_orders),
            Cell::Count(frame.real_orders),
            Cell::Count(frame.displayed_likes),
            Cell::Count(frame.real_likes),
            Cell::Count(frame.displayed_comments),
            Cell::Count(frame.real_comments),
            Cell::Count(frame.displayed_follows),
            Cell::Count(frame.real_follows),
            Cell::Count(frame.displayed_cart_clicks),
            Cell::Count(frame.real_cart_clicks),
            product(&scenario, frame.product),
            sale(Cell::Fen(frame.price.0)),
            sale(Cell::Count(frame.stock.into())),
            sale(Cell::Count(frame.displayed_stock.into())),
            sale(Cell::Count(frame.reserved.into())),
            Cell::Number(frame.arousal),
            Cell::Number(frame.exposure),
        ];
        let result = self.rooms.row(self.day, &row);
        self.keep(result);
    }

    fn order(&mut self, order: &OrderRow) {
        let scenario = Arc::clone(&self.scenario);
        let real = order.consumer.is_some();
        let decided = |cell| if real { cell } else { Cell::Missing };
        let decision = &order.decision;
        let number = |value| decided(Cell::Number(value));
        let segment = &scenario.population.segments[order.segment as usize].name;
        let mut row = vec![
            Cell::Count(order.order),
            Cell::Number(order.time),
            room(&scenario, order.room),
            product(&scenario, Some(order.product)),
            order.consumer.map_or(Cell::Missing, Cell::Count),
            decided(Cell::Text(segment)),
            decided(Cell::Flag(order.vulnerable)),
            Cell::Text(match order.origin {
                OrderOrigin::Look => "look",
                OrderOrigin::Refresh => "refresh",
                OrderOrigin::Brushed => "brushed",
            }),
            Cell::Count(order.units.into()),
            Cell::Fen(order.price.0),
            Cell::Fen(order.due_now.0),
            decided(Cell::Count(decision.visit.into())),
            decided(Cell::Count(decision.look.into())),
            number(decision.utility),
            number(decision.honest_utility),
            number(decision.unbiased_utility),
            number(decision.threshold),
            number(decision.taste_scale),
            number(decision.private_value),
            number(decision.expected_price),
            number(decision.market_price),
            number(decision.reference_price),
            number(decision.honest_reference_price),
            number(decision.belief),
            decided(Cell::Count(decision.times_seen.into())),
            decided(Cell::Count(decision.displayed_orders)),
            decided(Cell::Count(decision.displayed_viewers)),
            decided(Cell::Flag(decision.searched)),
            decided(Cell::Flag(decision.would_have_searched)),
            decided(Cell::Flag(decision.impulse)),
        ];
        for (harm, shares) in [
            (order.harm, &order.harm_shares),
            (order.unbiased_harm, &order.unbiased_shares),
        ] {
            row.push(Cell::Number(harm));
            row.extend(shares.iter().map(|share| Cell::Number(*share)));
        }
        debug_assert_eq!(row.len(), 30 + 2 * (CHANNELS + 1));
        let result = self.orders.row(self.day, &row);
        self.keep(result);
    }

    fn payment(&mut self, payment: &PaymentRow) {
        let row = [
            Cell::Count(payment.order),
            Cell::Number(payment.time),
            Cell::Text(event_name(payment.event)),
            Cell::Fen(payment.amount.0),
        ];
        let result = self.payments.row(self.day, &row);
        self.keep(result);
    }

    fn cue(&mut self, cue: &CueRow) {
        let scenario = Arc::clone(&self.scenario);
        let script = if cue.script.is_empty() {
            Cell::Missing
        } else {
            Cell::Text(&cue.script)
        };
        let row = [
            Cell::Number(cue.time),
            room(&scenario, cue.room),
            Cell::Text(&cue.act),
            script,
            product(&scenario, cue.product),
            Cell::Text(&cue.detail),
            Cell::Count(cue.seen_by),
        ];
        let result = self.cues.row(self.day, &row);
        self.keep(result);
    }

    fn ledger(&mut self, row: &LedgerRow) {
        let from = account_name(row.from, &self.scenario);
        let to = account_name(row.to, &self.scenario);
        let row = [
            Cell::Count(row.day.into()),
            Cell::Text(&from),
            Cell::Text(&to),
            Cell::Text(&row.purpose),
            Cell::Fen(row.amount.0),
        ];
        let result = self.ledger.row(self.day, &row);
        self.keep(result);
    }

    fn day_end(&mut self, end: &DayEnd) {
        self.state_hashes.push(end.state_hash.clone());
    }

    fn failed(&self) -> bool {
        self.error.is_some()
    }

    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

/// An event's name in tables.
pub fn event_name(event: PaymentEvent) -> &'static str {
    match event {
        PaymentEvent::Paid => "paid",
        PaymentEvent::DepositPaid => "deposit_paid",
        PaymentEvent::Lapsed => "lapsed",
    }
}
