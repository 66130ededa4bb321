//! Brushing: an order that the seller has bought (MODEL section 4; A4). Its row, the farm's money to the seller, the refund on the calendar, and what the
//! platform sees of all that. Takes no stock: an empty parcel is sent.

use super::bots::Books;
use super::crew::Errand;
use super::crowd::Crowd;
use super::ledger::Purpose;
use super::offers::Offers;
use super::platform_view::{Cause, KnownOrder};
use super::rows::{Account, Decision, OrderOrigin, OrderRow};
use crate::detect::What;
use crate::detect::event::{Order, Outcome};
use crate::draws::{Draws, Mechanism, identity_of_pair};
use crate::money::Fen;
use crate::scenario::Id;
use crate::welfare::CHANNELS;

impl Books<'_> {
    /// A brushed order: a row, the farm's money to the seller, and a refund on the calendar.
    pub(super) fn brush(
        &mut self,
        crowd: &mut Crowd,
        offers: &mut Offers,
        (room, product): (Id, Id),
        errand: &Errand,
    ) {
        let plot = self.plot.clone();
        let Some(offer) = offers.find(product) else {
            return;
        };
        offer.brushed_orders += 1;
        crowd.fake.orders += 1;
        let price = Fen::from_yuan(offer.price);
        let number = self.reservations.orders;
        self.reservations.orders += 1;
        let row = brushed_row(number, self.now.start, room, product, price);
        self.recorder.order(&row);
        self.show(&row, errand);
        let (brand, farm) = (
            Account::Brand(plot.products[product as usize].brand),
            Account::Farm(errand.bot.farm),
        );
        self.ledger.post(farm, brand, Purpose::BrushedSale, price);
        let (due, seen_of) = self.refund(room, number, errand);
        self.refunds
            .promise(due, (brand, farm), price, (room, number), seen_of);
        let shown = !plot.regime.discloses_at(self.now.start);
        self.tally
            .brushed(room, 1, if shown { price } else { Fen::ZERO });
    }

    /// When the money of a brushed order comes back, and the cause that the platform's view of it has, where it sees it.
    fn refund(&self, room: Id, order: u64, errand: &Errand) -> (f64, Option<Cause>) {
        let farm = &self.plot.farms[errand.bot.farm as usize];
        let returning = identity_of_pair(farm.key, 5);
        let words = Draws::new(self.plot.seed).at(Mechanism::Bots, returning, order as u32);
        let terms = &self.plot.platform;
        let days =
            terms.brushed_refund_days * (1.0 + terms.brushed_refund_spread * words.uniform(0));
        let cause = Cause {
            room,
            cue: errand.cue,
        };
        let seen = words.uniform(1) < terms.brushed_refund_seen_share;
        (self.now.start + 86_400.0 * days, seen.then_some(cause))
    }

    /// The platform sees a brushed order, and that it is paid some seconds later.
    fn show(&mut self, row: &OrderRow, errand: &Errand) {
        if !self.recorder.view.is_wanted() {
            return;
        }
        let farm = &self.plot.farms[errand.bot.farm as usize];
        let number = errand.bot.number;
        let cause = Some(Cause {
            room: row.room,
            cue: errand.cue,
        });
        let second = errand.at as f64 / 1_000.0;
        let view = &mut self.recorder.view;
        let order = view.tokens.order(row.order);
        let placed = Order {
            order,
            room: row.room,
            account: view.tokens.farm_account(farm, number),
            delivery: view.tokens.farm_delivery(farm, number),
            product: row.product,
            units: row.units,
            price: row.price,
        };
        let known = KnownOrder {
            number: row.order,
            room: row.room,
            product: row.product,
            is_brushed: true,
        };
        view.know_order(order, known);
        view.tell(second, What::Order(placed), cause);
        let paying = identity_of_pair(farm.key, 4);
        let words = Draws::new(self.plot.seed).at(Mechanism::Bots, paying, row.order as u32);
        let paid = What::Payment {
            order,
            outcome: Outcome::Paid,
            amount: row.due_now,
            payer: view.tokens.farm_wallet(farm, number),
        };
        let delay = self.plot.behaviour.payment_seconds * words.exponential(1);
        view.tell(second + delay, paid, cause);
    }
}

fn brushed_row(order: u64, time: f64, room: Id, product: Id, price: Fen) -> OrderRow {
    OrderRow {
        order,
        time,
        room,
        product,
        consumer: None,
        segment: 0,
        vulnerable: false,
        origin: OrderOrigin::Brushed,
        units: 1,
        price,
        due_now: price,
        decision: Decision::default(),
        harm: 0.0,
        harm_shares: [0.0; CHANNELS],
        unbiased_harm: 0.0,
        unbiased_shares: [0.0; CHANNELS],
    }
}
