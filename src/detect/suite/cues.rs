//! From a plan to cues in the rooms: how each deception is done, how each honest thing that looks like it goes, and what all rooms say.

use super::plan::{Offer, Part, Plan, Planned, offers_of};
use crate::detect::truth::{Threat, Twin};
use crate::draws::{Draws, Mechanism};
use crate::scenario::file::{CalledBy, IssuedBy, ObtainedBy, Remark, Service, TalkTable};
use crate::scenario::{Act, Cue, Id, Scenario, Suite};
use std::collections::BTreeSet;

/// Comments bought with every hundred likes.
const COMMENTS_PER_LIKE: f64 = 0.12;

/// When things are said and done about an offer, second: drawn once a product, and in the same way whether they are true or staged, so that no fixed
/// distance in time gives anything away. Ten seconds lie between them or a multiple of that, or their seconds would be others than those of links. All of
/// it is assumption.
struct Moments {
    /// What it is compared with, 10 to 30 s before the link opens.
    claim: f64,
    /// A quarrel, rehearsed or not: likewise.
    quarrel: f64,
    /// Its price falls for some reason, 30 to 90 s after the link has opened.
    fall: f64,
    /// Somebody cheers about that, 10 or 20 s later.
    cheer: f64,
    /// Somebody says that it is a mistake, 10 to 60 s after the fall.
    mistake: f64,
    /// It is called out how many have been sold, 30 to 150 s after the link has opened.
    sold: f64,
    /// A number between 0 and 1 for whatever is called out.
    figure: f64,
}

impl Moments {
    fn of(scenario: &Scenario, offer: &Offer) -> Self {
        let key = scenario.products[offer.product as usize].key;
        let draws = Draws::new(scenario.seed);
        let (first, second) = (
            draws.at(Mechanism::Suite, key, 2),
            draws.at(Mechanism::Suite, key, 3),
        );
        // One of so many tens of seconds.
        let tens = |from: u32, until: u32, uniform: f64| {
            10.0 * (f64::from(from) + (f64::from(until + 1 - from) * uniform).floor())
        };
        let fall = offer.opens + tens(3, 9, first.uniform(2));
        Self {
            claim: offer.opens - tens(1, 3, first.uniform(0)),
            quarrel: offer.opens - tens(1, 3, first.uniform(1)),
            fall,
            cheer: fall + tens(1, 2, first.uniform(3)),
            mistake: fall + tens(1, 6, second.uniform(0)),
            sold: offer.opens + tens(3, 15, second.uniform(1)),
            figure: second.uniform(2),
        }
    }
}

/// Puts what is planned, and what everybody says, into the rooms.
pub(super) fn put(suite: &Suite, plan: &Plan, scenario: &mut Scenario) {
    let mut new: Vec<(Id, Cue)> = Vec::new();
    let mut taken: BTreeSet<Id> = BTreeSet::new();
    for planned in &plan.all {
        taken.extend(planned.product);
        let doing = Doing {
            suite,
            scenario,
            planned,
        };
        let cues = doing.acts().into_iter();
        new.extend(cues.map(|(at, act)| {
            let script = Some(planned.name.clone());
            (planned.room, Cue { at, script, act })
        }));
    }
    for room in 0..scenario.rooms.len() as Id {
        let mut said = talk(&suite.file.talk, scenario, room, &taken);
        said.extend(guest(suite, plan, scenario, room));
        new.extend(said.into_iter().map(|(at, act)| {
            let script = None;
            (room, Cue { at, script, act })
        }));
    }
    for (room, cue) in new {
        let room = &mut scenario.rooms[room as usize];
        if cue.at >= room.on_air && cue.at < room.off_air {
            room.cues.push(cue);
        }
    }
    for room in &mut scenario.rooms {
        room.cues.sort_by(|a, b| a.at.total_cmp(&b.at));
    }
}

/// An act and its second.
type Timed = (f64, Act);

struct Doing<'a> {
    suite: &'a Suite,
    scenario: &'a Scenario,
    planned: &'a Planned,
}

impl Doing<'_> {
    fn acts(&self) -> Vec<Timed> {
        match self.planned.part {
            Part::Threat { threat, farm, .. } => self.threat(threat, farm),
            Part::Twin(twin) => self.twin(twin),
        }
    }

    fn over(&self) -> f64 {
        let (threats, twins) = (&self.suite.file.threats, &self.suite.file.twins);
        let of_threat = threats
            .get(&self.planned.name)
            .map(|table| table.over_seconds);
        let of_twin = twins
            .get(&self.planned.name)
            .map(|table| table.over_seconds);
        of_threat.or(of_twin).unwrap_or(60.0)
    }

    fn offer(&self) -> Option<Offer> {
        let product = self.planned.product?;
        let offers = offers_of(self.scenario, self.planned.room);
        offers.into_iter().find(|offer| offer.product == product)
    }

    fn threat(&self, threat: Threat, farm: Option<Id>) -> Vec<Timed> {
        let start = self.planned.start;
        let farm = farm.unwrap_or(0);
        let buy = |service: Service, count: u64| Act::Buy {
            service,
            farm,
            count,
            over: self.over(),
        };
        match threat {
            Threat::LongStays | Threat::ShortScript | Threat::RealDevices => {
                vec![(start, buy(Service::Views, self.planned.count))]
            }
            Threat::LikesAndComments => {
                let comments = (self.planned.count as f64 * COMMENTS_PER_LIKE).ceil() as u64;
                vec![
                    (start, buy(Service::Likes, self.planned.count)),
                    (start + 5.0, buy(Service::Comments, comments)),
                ]
            }
            Threat::Followers => vec![(start, buy(Service::Follows, self.planned.count))],
            Threat::BrushedOrders => self.brushing(farm),
            Threat::InflatedReference => self.inflated(),
            Threat::StagedMisbid => self.misbid(),
            Threat::StagedQuarrel => self.quarrel(),
            Threat::CouponFarming => self.coupons(farm),
        }
    }

    fn brushing(&self, farm: Id) -> Vec<Timed> {
        let Some(offer) = self.offer() else {
            return Vec::new();
        };
        let act = Act::BrushOrders {
            product: offer.product,
            farm,
            orders: self.planned.count,
            over: self
                .over()
                .min((offer.closes - offer.opens - 180.0).max(60.0)),
        };
        vec![(offer.opens + 30.0, act)]
    }

    /// What the goods were really sold at before, yuan.
    fn prior(&self, product: Id) -> f64 {
        self.scenario.products[product as usize].honest_prior_price
    }

    fn claim(&self, product: Id) -> Act {
        Act::ClaimPrice {
            product,
            price: tenths(self.prior(product) * self.planned.size.max(1.1)),
        }
    }

    fn inflated(&self) -> Vec<Timed> {
        let offer = self.offer();
        let moment = |offer: &Offer| Moments::of(self.scenario, offer).claim;
        let claim = offer.map(|offer| (moment(&offer), self.claim(offer.product)));
        claim.into_iter().collect()
    }

    fn misbid(&self) -> Vec<Timed> {
        let Some(offer) = self.offer() else {
            return Vec::new();
        };
        let misbid = Act::Misbid {
            product: offer.product,
            reduction: tenths(offer.price * (1.0 - self.planned.size.clamp(0.5, 0.99))),
        };
        let alarm = Act::Excite {
            arousal: 0.4,
            staged: true,
        };
        let moments = Moments::of(self.scenario, &offer);
        vec![(moments.fall, misbid), (moments.cheer, alarm)]
    }

    fn quarrel(&self) -> Vec<Timed> {
        let Some(offer) = self.offer() else {
            return Vec::new();
        };
        let product = offer.product;
        let moments = Moments::of(self.scenario, &offer);
        let shouted = (1.4 + 1.2 * moments.figure) * self.planned.expected;
        let shouted = shouted.ceil() as u64;
        vec![
            (moments.claim, self.claim(product)),
            (
                moments.quarrel,
                Act::StagedQuarrel {
                    product,
                    intensity: 1.0,
                },
            ),
            (
                moments.sold,
                Act::ShoutOrders {
                    product,
                    from: shouted / 2,
                    to: shouted.max(10),
                    over: 90.0,
                },
            ),
            (
                moments.cheer,
                Act::Excite {
                    arousal: 0.5,
                    staged: true,
                },
            ),
        ]
    }

    fn coupons(&self, farm: Id) -> Vec<Timed> {
        let Some(coupon) = coupon_of(self.scenario) else {
            return Vec::new();
        };
        let start = self.planned.start;
        let given = issue(coupon, self.planned.expected);
        let taken = Act::FarmCoupons {
            coupon,
            farm,
            accounts: self.planned.count,
            over: self.over(),
        };
        vec![(start, given), (start + 5.0, taken)]
    }

    fn twin(&self, twin: Twin) -> Vec<Timed> {
        let start = self.planned.start;
        let remark = |about: Remark| Act::Remark {
            about,
            product: self.planned.product,
        };
        match twin {
            Twin::Celebrity => vec![
                (start - 15.0, remark(Remark::Guest)),
                (start, self.call(CalledBy::Link)),
                (
                    start + 20.0,
                    Act::Excite {
                        arousal: 0.3,
                        staged: false,
                    },
                ),
            ],
            Twin::PaidTraffic => vec![(start, self.call(CalledBy::Advertisement))],
            Twin::FanClub | Twin::Campus => vec![(start, self.call(CalledBy::Link))],
            Twin::Giveaway => vec![
                (start - 10.0, remark(Remark::Gift)),
                (
                    start,
                    Act::Giveaway {
                        share: self.planned.size.min(1.0),
                        over: self.over(),
                        number: 0,
                    },
                ),
            ],
            Twin::FlashSale => self.lower_for_a_while(None),
            Twin::PriceError => self.lower_for_a_while(Some(Remark::Mistake)),
        }
    }

    /// As many people as are meant, of those who may come.
    fn call(&self, by: CalledBy) -> Act {
        let table = self.suite.file.twins.get(&self.planned.name);
        let name = table.and_then(|table| table.segment.as_ref());
        let segments = &self.scenario.population.segments;
        let segment =
            name.and_then(|name| segments.iter().position(|segment| segment.name == *name));
        let members = match segment {
            Some(segment) => segments[segment].count,
            None => self.scenario.population.consumers,
        };
        Act::Call {
            segment: segment.map(|segment| segment as Id),
            reach: (self.planned.size * self.planned.expected / members.max(1) as f64).min(1.0),
            over: self.over(),
            by,
            number: 0,
        }
    }

    /// The price goes down, and up again after a while: a flash sale, or a slip that is put right when somebody notices.
    fn lower_for_a_while(&self, said: Option<Remark>) -> Vec<Timed> {
        let Some(offer) = self.offer() else {
            return Vec::new();
        };
        let moments = Moments::of(self.scenario, &offer);
        let (product, at) = (offer.product, moments.fall);
        let back = (at + self.over()).min(offer.closes - 30.0);
        let price = |price: f64| Act::SetPrice {
            product,
            price: tenths(price),
        };
        let low = offer.price * self.planned.size.clamp(0.1, 0.95);
        let cheers = Act::Excite {
            arousal: 0.1,
            staged: false,
        };
        let mut acts = vec![
            (at, price(low)),
            (moments.cheer, cheers),
            (back, price(offer.price)),
        ];
        acts.extend(said.map(|about| {
            let product = Some(product);
            (moments.mistake, Act::Remark { about, product })
        }));
        acts
    }
}

/// The first coupon that rooms give out.
fn coupon_of(scenario: &Scenario) -> Option<Id> {
    let mut ways = scenario.coupon_ways.iter();
    let first = ways.position(|way| way.obtained == ObtainedBy::Room);
    first.map(|coupon| coupon as Id)
}

fn issue(coupon: Id, expected: f64) -> Act {
    Act::IssueCoupon {
        coupon,
        by: IssuedBy::FirstCome,
        count: (expected.ceil() as u32).max(20),
        over: 300.0,
        least_order: crate::money::Fen::ZERO,
    }
}

/// A guest who is announced: when a crowd comes that is bought, or just so.
fn guest(suite: &Suite, plan: &Plan, scenario: &Scenario, room: Id) -> Option<Timed> {
    let mut here = plan.all.iter().filter(|planned| planned.room == room);
    let bought = here.find(|planned| match planned.part {
        Part::Threat { threat, .. } => matches!(
            threat,
            Threat::LongStays | Threat::ShortScript | Threat::RealDevices
        ),
        Part::Twin(_) => false,
    });
    let room = &scenario.rooms[room as usize];
    let words = Draws::new(scenario.seed).at(Mechanism::Suite, room.key, 1_001);
    let table = &suite.file.talk;
    let (share, at) = match bought {
        Some(planned) => (table.guests_with_bought_crowds, planned.start - 15.0),
        None => (
            table.guests,
            room.on_air + (room.off_air - room.on_air) * (0.1 + 0.8 * words.uniform(1)),
        ),
    };
    let remark = Act::Remark {
        about: Remark::Guest,
        product: None,
    };
    (words.uniform(0) < share).then_some((at, remark))
}

/// A price as it is said: in tenths of a yuan, like those of all generated goods.
fn tenths(yuan: f64) -> f64 {
    (10.0 * yuan).round() / 10.0
}

/// What every room says of its offers: nobody is given away by saying it.
fn talk(table: &TalkTable, scenario: &Scenario, room: Id, taken: &BTreeSet<Id>) -> Vec<Timed> {
    let draws = Draws::new(scenario.seed);
    let mut said = Vec::new();
    for offer in offers_of(scenario, room) {
        let product = offer.product;
        let thing = &scenario.products[product as usize];
        let first = draws.at(Mechanism::Suite, thing.key, 0);
        let second = draws.at(Mechanism::Suite, thing.key, 1);
        let moments = Moments::of(scenario, &offer);
        let remark = |about: Remark| Act::Remark {
            about,
            product: Some(product),
        };
        if first.uniform(1) < table.quarrels {
            said.push((moments.quarrel, remark(Remark::Quarrel)));
        }
        if first.uniform(2) < table.mistakes {
            said.push((moments.mistake, remark(Remark::Mistake)));
        }
        if second.uniform(2) < table.sold {
            said.push((moments.sold, remark(Remark::Sold)));
        }
        if taken.contains(&product) {
            continue;
        }
        if first.uniform(0) < table.claims {
            let price = tenths(thing.honest_prior_price * (0.85 + 0.15 * second.uniform(0)));
            said.push((moments.claim, Act::ClaimPrice { product, price }));
        }
        if first.uniform(3) < table.cuts {
            let price = tenths(offer.price * (0.8 + 0.15 * second.uniform(1)));
            said.push((offer.opens + 180.0, Act::SetPrice { product, price }));
        }
    }
    let key = scenario.rooms[room as usize].key;
    let words = draws.at(Mechanism::Suite, key, 1_000);
    let gives = words.uniform(0) < table.coupons;
    if let (true, Some(coupon)) = (gives, coupon_of(scenario)) {
        let room = &scenario.rooms[room as usize];
        let at = room.on_air + (room.off_air - room.on_air) * (0.1 + 0.7 * words.uniform(1));
        said.push((at, issue(coupon, 20.0 + 60.0 * words.uniform(2))));
    }
    said
}
