//! Acts: what each cue does to its room (MODEL section 5). Every act is one arm of [`Stagehand::perform`]; what it does to belief is
//! `decide`'s business, not this file's.

use super::arousal::Arousal;
use super::bots::{Job, JobKind};
use super::breach::broken_from;
use super::display::Display;
use super::exposure::Class;
use super::issue::Issue;
use super::offers::{Countdown, Offer, Offers, Promised, Said, Shout};
use super::reference::allowed_claim;
use super::room::Show;
use super::script::Backstage;
use crate::money::Fen;
use crate::scenario::file::{IssuedBy, Payer, Remark, Service};
use crate::scenario::{Act, Cue, Id, Scenario, Substantiation};

/// Performs one cue in one room.
pub struct Stagehand<'a> {
    /// The scenario.
    pub plot: &'a Scenario,
    /// The second it is.
    pub second: f64,
    /// The room.
    pub room: Id,
    /// How far its script is.
    pub show: &'a mut Show,
    /// Its offers.
    pub offers: &'a mut Offers,
    /// Its arousal.
    pub arousal: &'a mut Arousal,
    /// What it shows.
    pub display: &'a mut Display,
}

impl Stagehand<'_> {
    fn ordinal(&self, class: Class) -> u16 {
        self.show.fallen[class as usize]
    }

    fn offer(&mut self, product: Id) -> &mut Offer {
        let usual = self.plot.products[product as usize].market_price;
        self.offers.of(product, self.second, usual)
    }

    /// Rouses the room: the anchor's skill multiplies it.
    fn rouse(&mut self, amount: f64, staged: bool) {
        let anchor = self.plot.rooms[self.room as usize].anchor;
        let skill = self.plot.anchors[anchor as usize].skill;
        self.arousal.excite(amount * skill, staged);
    }

    /// The page shows the stock at once.
    fn show_stock(&mut self, product: Id, backstage: &mut Backstage) {
        if let Some(index) = self
            .offers
            .0
            .iter()
            .position(|offer| offer.product == product)
        {
            let offer = &self.offers.0[index];
            let mut displayed = offer.displayed_stock();
            if displayed != offer.stock && self.plot.regime.discloses_at(self.second) {
                displayed = offer.stock;
                backstage
                    .enforcement
                    .acted("disclose_real_counters", self.second);
            }
            self.display.restocked(index, displayed, offer.stock);
        }
    }

    /// Does what the cue says and tells it in words.
    pub fn perform(&mut self, cue: &Cue, backstage: &mut Backstage) -> String {
        match cue.act {
            Act::Pitch {
                product,
                claimed_worth,
                arousal,
            } => self.pitch(product, claimed_worth, arousal),
            Act::ClaimPrice { product, price } => self.claim_price(product, price, backstage),
            Act::ClaimSales {
                claimed,
                goal,
                arousal,
            } => {
                self.rouse(arousal * (claimed / goal).min(1.0), true);
                format!("says that {claimed:.0} yuan are sold, and wants to pass {goal:.0}")
            }
            Act::Promise {
                product,
                price,
                until,
                scope,
                about_room,
                undercut_from,
            } => self.promise(product, price, until, scope, about_room, undercut_from),
            Act::OpenLink { .. } => self.open_link(&cue.act, backstage),
            Act::SetPrice { product, price } => self.set_price(product, price),
            Act::AnnouncePrice { product, price } => {
                self.offer(product).announced = Some(price);
                format!("announces {price} yuan")
            }
            Act::StagedQuarrel { product, intensity } => {
                let ordinal = self.ordinal(Class::Quarrel);
                self.offer(product).quarrel = Some(Said {
                    value: intensity,
                    ordinal,
                });
                self.rouse(intensity, true);
                format!("a staged quarrel of intensity {intensity}")
            }
            Act::ShoutOrders {
                product,
                from,
                to,
                over,
            } => {
                let start = self.second;
                self.offer(product).shout = Some(Shout {
                    start,
                    over,
                    from,
                    to,
                });
                format!("staff call out orders, from {from} to {to} in {over} s")
            }
            Act::Excite { arousal, staged } => {
                self.rouse(arousal, staged);
                format!("rouses the room by {arousal}")
            }
            Act::Subsidy {
                product,
                amount,
                payer,
                real,
                arousal,
            } => self.subsidy(product, amount, payer, real, arousal),
            Act::Misbid { product, reduction } => self.misbid(product, reduction),
            Act::WrongQuantity {
                product,
                extra_units,
                delivered_units,
            } => {
                let ordinal = self.ordinal(Class::WrongQuantity);
                let value = (extra_units, delivered_units);
                self.offer(product).wrong_quantity = Some(Said { value, ordinal });
                format!("{extra_units} more sent \"by mistake\"; {delivered_units} really come")
            }
            Act::Countdown {
                product,
                seconds,
                genuine,
            } => {
                let ordinal = self.ordinal(Class::Countdown);
                let value = Countdown {
                    from: self.second,
                    until: self.second + seconds,
                    genuine,
                };
                self.offer(product).countdown = Some(Said { value, ordinal });
                let kind = if genuine { "genuine" } else { "false" };
                format!("counts down {seconds} s ({kind})")
            }
            Act::Restock { product, units } => {
                let offer = self.offer(product);
                offer.stock = offer.stock.saturating_add(units);
                offer.opening_stock = offer.opening_stock.saturating_add(units);
                self.show_stock(product, backstage);
                format!("{units} more units")
            }
            Act::BrushOrders {
                product,
                farm,
                orders,
                over,
            } => self.brush(product, farm, orders, over, backstage),
            Act::Buy {
                service,
                farm,
                count,
                over,
            } => self.buy(service, farm, count, over, backstage),
            Act::Call { over, .. } => {
                backstage.calls.call(self.room, self.cue());
                format!("people are called from outside, to come within about {over} s")
            }
            Act::Giveaway { share, over, .. } => {
                self.show.begin_giveaway(share, self.second + over);
                format!("asks everybody to type a word; {share} of them do, within {over} s")
            }
            Act::Remark { about, product } => {
                let whose = product.map_or(String::new(), |id| {
                    format!(" about {}", self.plot.products[id as usize].name)
                });
                format!("{}{whose}", remark_in_words(about))
            }
            Act::FarmCoupons {
                coupon,
                farm,
                accounts,
                over,
            } => self.farm_coupons(coupon, farm, (accounts, over), backstage),
            Act::CloseLink { product } => {
                self.offer(product).open = false;
                "the link closes".to_owned()
            }
            Act::OwnStorePrice { price, from, .. } => format!(
                "the brand's own store will sell at {price} yuan from {}",
                self.plot.market_time(from)
            ),
            Act::IssueCoupon {
                coupon,
                by,
                count,
                over,
                least_order,
            } => {
                backstage.issues.begin(Issue {
                    room: self.room,
                    coupon,
                    by,
                    left: count,
                    until: self.second + over,
                    least_order,
                    number: 0,
                });
                let name = &self.plot.campaign.coupons[coupon as usize].name;
                format!("gives out {count} coupons {name} {}", way_in_words(by))
            }
        }
    }

    fn pitch(&mut self, product: Id, claimed_worth: Option<f64>, arousal: f64) -> String {
        let second = self.second;
        let offer = self.offer(product);
        offer.claimed_worth = claimed_worth;
        offer.facing_since = second;
        self.rouse(arousal, false);
        let name = &self.plot.products[product as usize].name;
        match claimed_worth {
            Some(worth) => format!("shows {name} and says it is worth {worth} yuan"),
            None => format!("shows {name}"),
        }
    }

    /// Where the basis of a claim is shown with it, a price above what may be claimed is replaced by that.
    fn claim_price(&mut self, product: Id, price: f64, backstage: &mut Backstage) -> String {
        let ordinal = self.ordinal(Class::CounterClaim);
        let most = allowed_claim(self.plot, product, self.second);
        let regime = &self.plot.regime;
        let capped = regime.claim_substantiation == Substantiation::Shown
            && regime.holds_at(self.second)
            && price > most;
        let value = if capped { most } else { price };
        self.offer(product).claimed = Some(Said { value, ordinal });
        if capped {
            backstage
                .enforcement
                .acted("claim_substantiation", self.second);
            return format!("claims a counter price of {price} yuan; only {most} may be shown");
        }
        format!("claims a counter price of {price} yuan")
    }

    fn promise(
        &mut self,
        product: Id,
        price: Option<f64>,
        until: f64,
        scope: crate::scenario::file::PromiseScope,
        about_room: Option<Id>,
        undercut_from: Option<f64>,
    ) -> String {
        let ordinal = self.ordinal(Class::Promise);
        let promised = price.unwrap_or(self.offer(product).price);
        let broken = broken_from(self.plot, product, promised, (self.second, until), scope);
        let kept = undercut_from.is_none() && broken.is_none();
        let since = self.second;
        self.offer(product).promise = Some(Said {
            value: Promised {
                since,
                until,
                kept,
                price: promised,
            },
            ordinal,
        });
        let whose = about_room.map_or(String::new(), |room| {
            format!(" in {}", self.plot.rooms[room as usize].name)
        });
        let truth = if kept { "kept by" } else { "broken by" };
        format!(
            "promises that {promised} yuan{whose} is the lowest price; {truth} what is scheduled"
        )
    }

    fn open_link(&mut self, act: &Act, backstage: &mut Backstage) -> String {
        let Act::OpenLink {
            product,
            price,
            stock,
            shown_stock,
            limit_per_buyer,
            deposit,
            balance_due,
            balance_until,
        } = *act
        else {
            return String::new();
        };
        let second = self.second;
        let offer = self.offer(product);
        offer.open = true;
        offer.price = price;
        offer.stock = stock;
        offer.opening_stock = stock;
        offer.shown_stock = shown_stock;
        offer.limit = limit_per_buyer;
        offer.deposit = deposit;
        offer.balance_due = balance_due;
        offer.balance_until = balance_until;
        if offer.facing_since > second {
            offer.facing_since = second;
        }
        self.show_stock(product, backstage);
        match deposit {
            Some(deposit) => {
                format!("opens the link at {price} yuan, deposit {deposit}, {stock} units")
            }
            None => format!("opens the link at {price} yuan, {stock} units"),
        }
    }

    /// The price that was in force becomes what buyers expected to pay.
    fn set_price(&mut self, product: Id, price: f64) -> String {
        let offer = self.offer(product);
        let before = offer.price;
        if offer.open && price < before {
            offer.announced = Some(before);
        }
        offer.price = price;
        format!("{before} yuan become {price} yuan")
    }

    fn subsidy(
        &mut self,
        product: Id,
        amount: f64,
        payer: Payer,
        real: bool,
        arousal: f64,
    ) -> String {
        if real {
            self.offer(product).subsidy = Some((payer, Fen::from_yuan(amount)));
        }
        self.rouse(arousal, !real);
        let truth = if real { "" } else { ", which nobody pays" };
        format!(
            "a subsidy of {amount} yuan from the {}{truth}",
            payer_name(payer)
        )
    }

    fn misbid(&mut self, product: Id, reduction: f64) -> String {
        let ordinal = self.ordinal(Class::Misbid);
        let offer = self.offer(product);
        let before = offer.price;
        offer.announced.get_or_insert(before);
        offer.price = (before - reduction).max(0.01);
        offer.misbid = Some(Said {
            value: reduction,
            ordinal,
        });
        let after = offer.price;
        format!("{before} yuan become {after} \"by mistake\"")
    }

    /// The place of the cue that is being performed in the room's list.
    fn cue(&self) -> usize {
        self.show.next_cue.saturating_sub(1)
    }

    /// Something bought from a farm by this cue.
    fn job(&self, kind: JobKind, count: u64, over: f64) -> Job {
        let bought = (self.second, self.cue() as u32);
        Job::new(self.room, kind, (count, over), bought)
    }

    fn farm_coupons(
        &mut self,
        coupon: Id,
        farm: Id,
        (accounts, over): (u64, f64),
        backstage: &mut Backstage,
    ) -> String {
        let job = self.job(JobKind::Coupons(coupon), accounts, over);
        // Its own venture: nobody pays it.
        backstage.order_from(farm, job, Fen::ZERO);
        let name = &self.plot.campaign.coupons[coupon as usize].name;
        format!("{accounts} accounts of a farm try for coupons {name} in {over} s")
    }

    fn brush(
        &mut self,
        product: Id,
        farm: Id,
        orders: u64,
        over: f64,
        backstage: &mut Backstage,
    ) -> String {
        self.offer(product);
        let price = self.plot.farms[farm as usize]
            .brushed_order_price
            .checked_mul(orders.min(i64::MAX as u64) as i64)
            .unwrap_or(Fen::ZERO);
        let kind = JobKind::Orders(product);
        backstage.order_from(farm, self.job(kind, orders, over), price);
        format!("{orders} orders brushed in {over} s for {price} yuan beside the goods")
    }

    fn buy(
        &mut self,
        service: Service,
        farm: Id,
        count: u64,
        over: f64,
        backstage: &mut Backstage,
    ) -> String {
        let unit = self.plot.farms[farm as usize].price_per_10_000[service as usize];
        let price = Fen::from_yuan(unit.yuan() * count as f64 / 10_000.0);
        let kind = JobKind::Service(service);
        backstage.order_from(farm, self.job(kind, count, over), price);
        format!("buys {count} {} for {price} yuan", service_name(service))
    }
}

fn remark_in_words(about: Remark) -> &'static str {
    match about {
        Remark::Mistake => "says that a price is wrong",
        Remark::Quarrel => "quarrels",
        Remark::Guest => "welcomes a guest",
        Remark::Gift => "speaks of a gift",
        Remark::Sold => "says how many are sold",
        Remark::Other => "says something",
    }
}

fn way_in_words(by: IssuedBy) -> &'static str {
    match by {
        IssuedBy::Lottery => "by lottery among those who watch",
        IssuedBy::FirstCome => "to the first who take one",
        IssuedBy::Follow => "to those who follow",
        IssuedBy::Order => "to those who order for enough",
    }
}

fn payer_name(payer: Payer) -> &'static str {
    match payer {
        Payer::Anchor => "anchor",
        Payer::Brand => "brand",
        Payer::Platform => "platform",
    }
}

fn service_name(service: Service) -> &'static str {
    match service {
        Service::Views => "views",
        Service::Likes => "likes",
        Service::Comments => "comments",
        Service::Follows => "follows",
        Service::CartClicks => "cart clicks",
    }
}
