//! The tables of a results folder, and the observer that fills them while the market runs.

use super::columns::*;
use super::measures::measures;
use super::table::{Cell, Part, Table};
use crate::market::{
    AftermathRow, ConductRow, CueRow, DayEnd, EnforcementRow, LedgerRow, Observer, OrderOrigin,
    OrderRow, PaymentEvent, PaymentRow, PurchaseRow, Role, RoomFrame, Summary, Totals,
    account_name,
};
use crate::scenario::{Id, Scenario};
use crate::welfare::CHANNELS;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Writes tables while the market runs.
pub struct TablesWriter {
    scenario: Arc<Scenario>,
    rooms: Table,
    orders: Table,
    payments: Table,
    /// Only where there are coupons or a shelf.
    purchases: Option<Table>,
    aftermath: Table,
    enforcement: Table,
    /// Only where anchors choose.
    conduct: Option<Table>,
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
            purchases: scenario
                .has_promotions()
                .then(|| table("purchases", PURCHASES)),
            aftermath: table("aftermath", AFTERMATH),
            enforcement: table("enforcement", ENFORCEMENT),
            conduct: scenario.season.is_some().then(|| table("conduct", CONDUCT)),
            cues: table("cues", CUES),
            ledger: table("ledger", LEDGER),
            totals: table("totals", TOTALS),
            day: 0,
            state_hashes: Vec::new(),
            error: None,
        }
    }

    fn tables_mut(&mut self) -> impl Iterator<Item = &mut Table> {
        let before = [&mut self.rooms, &mut self.orders, &mut self.payments];
        let after = [
            &mut self.aftermath,
            &mut self.enforcement,
            &mut self.cues,
            &mut self.ledger,
            &mut self.totals,
        ];
        let some = self.purchases.iter_mut().chain(&mut self.conduct);
        before.into_iter().chain(some).chain(after)
    }

    /// All tables, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        let before = [&self.rooms, &self.orders, &self.payments];
        let after = [
            &self.aftermath,
            &self.enforcement,
            &self.cues,
            &self.ledger,
            &self.totals,
        ];
        let some = self.purchases.iter().chain(&self.conduct);
        before.into_iter().chain(some).chain(after)
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
        for (scope, name, totals) in summary.scopes() {
            write_totals_of(&mut self.totals, day, scope, name, totals)?;
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
        let known = |cell| if real { cell } else { Cell::Missing };
        let looked = matches!(order.origin, OrderOrigin::Look | OrderOrigin::Refresh);
        let decided = |cell| if looked { cell } else { Cell::Missing };
        let decision = &order.decision;
        let number = |value| decided(Cell::Number(value));
        let segment = &scenario.population.segments[order.segment as usize].name;
        let mut row = vec![
            Cell::Count(order.order),
            Cell::Number(order.time),
            room(&scenario, order.room),
            product(&scenario, Some(order.product)),
            order.consumer.map_or(Cell::Missing, Cell::Count),
            known(Cell::Text(segment)),
            known(Cell::Flag(order.vulnerable)),
            Cell::Text(match order.origin {
                OrderOrigin::Look => "look",
                OrderOrigin::Refresh => "refresh",
                OrderOrigin::Brushed => "brushed",
                OrderOrigin::Filler => "filler",
                OrderOrigin::Shelf => "shelf",
                OrderOrigin::Errand => "errand",
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

    fn purchase(&mut self, bought: &PurchaseRow) {
        let scenario = Arc::clone(&self.scenario);
        let campaign = &scenario.campaign;
        let segment = &scenario.population.segments[bought.segment as usize].name;
        let coupons: Vec<&str> = bought
            .coupons
            .iter()
            .map(|coupon| campaign.coupons[*coupon as usize].name.as_str())
            .collect();
        let coupons = coupons.join(" + ");
        let row = [
            Cell::Count(bought.order),
            Cell::Number(bought.time),
            Cell::Count(bought.consumer),
            Cell::Text(segment),
            Cell::Flag(bought.vulnerable),
            Cell::Text(bought.skill),
            Cell::Text(role_name(bought.role)),
            product(&scenario, Some(bought.product)),
            Cell::Text(campaign.names.channel(bought.channel)),
            Cell::Count(bought.units.into()),
            Cell::Fen(bought.listed.0),
            Cell::Fen(bought.posted.0),
            Cell::Fen(bought.paid.0),
            Cell::Fen((bought.paid + bought.forfeited).0 / i64::from(bought.units.max(1))),
            Cell::Fen(bought.deposit.0),
            Cell::Fen(bought.forfeited.0),
            Cell::Fen(bought.off_seller.0),
            Cell::Fen(bought.off_platform.0),
            Cell::Fen(bought.off_anchors.0),
            match coupons.is_empty() {
                true => Cell::Missing,
                false => Cell::Text(&coupons),
            },
            Cell::Flag(bought.sent_back),
        ];
        if let Some(purchases) = &mut self.purchases {
            let result = purchases.row(self.day, &row);
            self.keep(result);
        }
    }

    fn aftermath(&mut self, row: &AftermathRow) {
        let scenario = Arc::clone(&self.scenario);
        let said = |text: &'static str| match text {
            "" => Cell::Missing,
            text => Cell::Text(text),
        };
        let row = [
            Cell::Count(row.day.into()),
            Cell::Count(row.order),
            Cell::Count(row.consumer),
            Cell::Text(&scenario.population.segments[row.segment as usize].name),
            product(&scenario, Some(row.product)),
            room(&scenario, row.room),
            Cell::Text(row.event),
            said(row.rung),
            Cell::Fen(row.amount.0),
            said(row.detail),
        ];
        let result = self.aftermath.row(self.day, &row);
        self.keep(result);
    }

    fn enforcement(&mut self, row: &EnforcementRow) {
        let scenario = Arc::clone(&self.scenario);
        let party = account_name(row.party, &scenario);
        let row = [
            Cell::Number(row.time),
            Cell::Text(row.by),
            row.room.map_or(Cell::Missing, |id| room(&scenario, id)),
            Cell::Text(&party),
            Cell::Text(&row.action),
            Cell::Text(&row.reason),
            Cell::Flag(row.is_true),
            Cell::Fen(row.amount.0),
        ];
        let result = self.enforcement.row(self.day, &row);
        self.keep(result);
    }

    fn conduct(&mut self, row: &ConductRow) {
        let scenario = Arc::clone(&self.scenario);
        let farm = row.farm.map(|farm| &scenario.farms[farm as usize].name);
        let anchor = scenario.rooms.get(row.room as usize);
        let anchor = anchor.map(|room| &scenario.anchors[room.anchor as usize].name);
        let row = [
            Cell::Count(row.day.into()),
            room(&scenario, row.room),
            anchor.map_or(Cell::Missing, |name| Cell::Text(name)),
            Cell::Text(&row.script),
            farm.map_or(Cell::Missing, |name| Cell::Text(name)),
            Cell::Count(row.views_bought),
            Cell::Count(row.orders_bought),
            Cell::Number(row.inflation),
            Cell::Flag(row.promises),
            Cell::Number(row.earned),
            Cell::Number(row.usual),
        ];
        if let Some(conduct) = &mut self.conduct {
            let result = conduct.row(self.day, &row);
            self.keep(result);
        }
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

/// A role's name in tables.
fn role_name(role: Role) -> &'static str {
    match role {
        Role::Wanted => "wanted",
        Role::Balance => "balance",
        Role::Instead => "instead_of_balance",
        Role::Errand => "errand",
        Role::Filler => "filler",
    }
}

/// An event's name in tables.
pub fn event_name(event: PaymentEvent) -> &'static str {
    match event {
        PaymentEvent::Paid => "paid",
        PaymentEvent::DepositPaid => "deposit_paid",
        PaymentEvent::Lapsed => "lapsed",
        PaymentEvent::BalancePaid => "balance_paid",
        PaymentEvent::DepositForfeited => "deposit_forfeited",
        PaymentEvent::Refunded => "refunded",
    }
}
