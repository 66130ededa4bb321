//! The plan of a stream: which room does what, drawn by keyed draws of the room; and, once the cues are in place, which of them belongs to what.

use super::{Mix, Split};
use crate::detect::truth::{Threat, Twin};
use crate::draws::{Draws, Mechanism, lognormal};
use crate::scenario::file::{GenerateTable, PositiveTrait, ThreatTable};
use crate::scenario::{Act, Cue, Id, Scenario, Suite};
use std::collections::BTreeMap;

/// What a room does.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A deception.
    Threat {
        /// What it is.
        threat: Threat,
        /// The farm that delivers, by index.
        farm: Option<Id>,
        /// Whether development streams have the tactic.
        tactic_is_known: bool,
        /// Whether development streams have the farm.
        operator_is_known: bool,
    },
    /// Something honest that looks like one.
    Twin(Twin),
}

/// One thing that a room does.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Number of the plan: parts of a mixture share it.
    pub plan: u32,
    /// What.
    pub part: Part,
    /// Name in the suite. Its cues carry it.
    pub name: String,
    /// Room.
    pub room: Id,
    /// Product that it is about, where it is about one.
    pub product: Option<Id>,
    /// Size, as the suite means it for its kind.
    pub size: f64,
    /// Real viewers that the room may expect.
    pub expected: f64,
    /// Accounts, actions or orders that are bought, where it is done by a farm.
    pub count: u64,
    /// When it begins.
    pub start: f64,
}

/// What a stream has in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// Everything, in order of room; parts of a mixture follow each other.
    pub all: Vec<Planned>,
    /// By room and place of the cue: which of `all` it belongs to.
    causes: BTreeMap<(Id, u32), usize>,
}

/// An offer of a room, from its cues: product, when the link opens and closes, and the price.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer {
    pub product: Id,
    pub opens: f64,
    pub closes: f64,
    pub price: f64,
}

/// The offers of a room, in order of time.
pub(super) fn offers_of(scenario: &Scenario, room: Id) -> Vec<Offer> {
    let room = &scenario.rooms[room as usize];
    let mut offers: Vec<Offer> = Vec::new();
    for cue in &room.cues {
        match cue.act {
            Act::OpenLink { product, price, .. } => offers.push(Offer {
                product,
                opens: cue.at,
                closes: room.off_air,
                price,
            }),
            Act::CloseLink { product } => {
                let open = offers
                    .iter_mut()
                    .rev()
                    .find(|offer| offer.product == product);
                if let Some(offer) = open {
                    offer.closes = cue.at;
                }
            }
            _ => {}
        }
    }
    offers
}

/// A thing that a room may be drawn to do: its share, its name, and the threats or the twin that it is made of.
struct Choice<'a> {
    share: f64,
    names: Vec<&'a str>,
    held_out: bool,
}

fn options<'a>(suite: &'a Suite, mix: Option<&Mix>) -> Vec<Choice<'a>> {
    let file = &suite.file;
    let factor = |name: &str| mix.and_then(|mix| mix.get(name)).copied().unwrap_or(1.0);
    let threats = file.threats.iter().map(|(name, threat)| Choice {
        share: threat.rooms * factor(name),
        names: vec![name.as_str()],
        held_out: threat.held_out,
    });
    let mixtures = file.mixtures.values().map(|mixture| Choice {
        share: mixture.rooms,
        names: mixture.parts.iter().map(String::as_str).collect(),
        held_out: mixture.held_out,
    });
    let twins = file.twins.iter().map(|(name, twin)| Choice {
        share: twin.rooms,
        names: vec![name.as_str()],
        held_out: false,
    });
    threats.chain(mixtures).chain(twins).collect()
}

impl Plan {
    /// Draws the plan of a market.
    pub(super) fn draw(
        suite: &Suite,
        scenario: &Scenario,
        split: Split,
        mix: Option<&Mix>,
    ) -> Self {
        let mut plan = Self::default();
        let Some(generate) = &suite.market.scenario.generate else {
            return plan;
        };
        let options = options(suite, mix);
        for (room, id) in scenario.rooms.iter().zip(0..) {
            if room.named {
                continue;
            }
            let words = Draws::new(scenario.seed).at(Mechanism::Suite, room.key, 0);
            let Some(option) = choose(&options, words.uniform(0)) else {
                continue;
            };
            if option.held_out && split == Split::Development {
                continue;
            }
            let number = plan.all.last().map_or(0, |last| last.plan + 1);
            for (name, ordinal) in option.names.iter().zip(1..) {
                let drawing = Drawing {
                    suite,
                    scenario,
                    generate,
                    split,
                    room: id,
                    ordinal,
                };
                plan.all.extend(drawing.planned(name, number));
            }
        }
        plan
    }

    /// Finds out which cues belong to what, once all cues are in their places.
    pub(super) fn find_cues(&mut self, scenario: &Scenario) {
        for (planned, number) in self.all.iter().zip(0..) {
            let cues = scenario.rooms[planned.room as usize].cues.iter().zip(0..);
            let its = |cue: &Cue| {
                // What is shouted beside a scene belongs to no offer in particular.
                let about_it = planned.product.is_none() || cue.act.product() == planned.product;
                cue.script.as_deref() == Some(&planned.name) && about_it
            };
            for (_, place) in cues.filter(|(cue, _)| its(cue)) {
                self.causes.entry((planned.room, place)).or_insert(number);
            }
        }
    }

    /// What a cue of a room belongs to, by its place in the list; `None`: to the room's own show.
    pub fn cause(&self, room: Id, cue: u32) -> Option<usize> {
        self.causes.get(&(room, cue)).copied()
    }

    /// The cues that belong to something: room, place in its list, and which of `all`.
    pub fn cues(&self) -> impl Iterator<Item = (Id, u32, usize)> + '_ {
        self.causes
            .iter()
            .map(|((room, cue), number)| (*room, *cue, *number))
    }
}

fn choose<'a, 'b>(options: &'b [Choice<'a>], uniform: f64) -> Option<&'b Choice<'a>> {
    let mut sum = 0.0;
    options.iter().find(|option| {
        sum += option.share;
        uniform < sum
    })
}

/// What a thing is, how large it is meant to be, and how much of it is bought at least.
type Meant = (Part, PositiveTrait, u32);

/// One thing of one room that is drawn.
struct Drawing<'a> {
    suite: &'a Suite,
    scenario: &'a Scenario,
    generate: &'a GenerateTable,
    split: Split,
    room: Id,
    ordinal: u32,
}

impl Drawing<'_> {
    /// What the room does; nothing if it has nothing on sale, or the tactic no farm. What is said of prices is said of several of its offers.
    fn planned(&self, name: &str, plan: u32) -> Vec<Planned> {
        let room = &self.scenario.rooms[self.room as usize];
        let more =
            Draws::new(self.scenario.seed).at(Mechanism::Suite, room.key, 100 + self.ordinal);
        let Some((part, size, least)) = self.part(name, more.uniform(1)) else {
            return Vec::new();
        };
        let offers = offers_of(self.scenario, self.room);
        let chosen = (more.uniform(0) * offers.len() as f64) as usize;
        let about: Vec<Offer> = match offers_meant(&part) {
            0 => Vec::new(),
            meant => offers
                .iter()
                .cycle()
                .skip(chosen)
                .take(meant.min(offers.len()))
                .copied()
                .collect(),
        };
        if offers.is_empty() {
            return Vec::new();
        }
        match about.is_empty() {
            true => vec![self.one(name, plan, (part, size, least), None)],
            false => about
                .into_iter()
                .map(|offer| self.one(name, plan, (part.clone(), size, least), Some(offer)))
                .collect(),
        }
    }

    /// What it is, how large it is meant to be, and how much of it is bought at least.
    fn part(&self, name: &str, uniform: f64) -> Option<Meant> {
        if let Some(threat) = self.suite.file.threats.get(name) {
            return Some((self.threat(threat, uniform)?, threat.size, threat.least));
        }
        let twin = self.suite.file.twins.get(name)?;
        Some((Part::Twin(twin.kind), twin.size, 0))
    }

    /// One thing of the room, about one of its offers or about none.
    fn one(
        &self,
        name: &str,
        plan: u32,
        (part, size, least): Meant,
        offer: Option<Offer>,
    ) -> Planned {
        let room = &self.scenario.rooms[self.room as usize];
        let draws = Draws::new(self.scenario.seed);
        let words = draws.at(Mechanism::Suite, room.key, self.ordinal);
        let followers = self.scenario.anchors[room.anchor as usize].followers;
        let length = room.off_air - room.on_air;
        let somewhere = room.on_air + length * (0.1 + 0.5 * words.uniform(0));
        let size = lognormal(size.median, size.spread, words.normal(1));
        let expected = self.generate.expected_viewers(followers);
        Planned {
            plan,
            part,
            name: name.to_owned(),
            room: self.room,
            product: offer.map(|offer| offer.product),
            size,
            expected,
            count: ((size * expected).round() as u64).max(u64::from(least)),
            start: offer.map_or(somewhere, |offer| offer.opens),
        }
    }

    fn threat(&self, table: &ThreatTable, uniform: f64) -> Option<Part> {
        let unknown = match self.split {
            Split::Test => table.farms_unknown.as_slice(),
            Split::Development => &[],
        };
        let farms: Vec<(&String, bool)> = table
            .farms
            .iter()
            .map(|farm| (farm, true))
            .chain(unknown.iter().map(|farm| (farm, false)))
            .collect();
        let chosen = farms.get((uniform * farms.len() as f64) as usize);
        let farm = chosen.and_then(|(name, _)| {
            let mut farms = self.scenario.farms.iter();
            farms.position(|farm| farm.name == **name)
        });
        if !farms.is_empty() && farm.is_none() {
            return None;
        }
        Some(Part::Threat {
            threat: table.kind,
            farm: farm.map(|farm| farm as Id),
            tactic_is_known: !table.held_out,
            operator_is_known: chosen.is_none_or(|(_, known)| *known),
        })
    }
}

/// Of how many of a room's offers something is done: a room that claims false prices does so of all of them; staged scenes are seen several times (F10).
fn offers_meant(part: &Part) -> usize {
    match part {
        Part::Threat { threat, .. } => match threat {
            Threat::InflatedReference => usize::MAX,
            Threat::StagedMisbid | Threat::StagedQuarrel => 3,
            Threat::BrushedOrders => 1,
            _ => 0,
        },
        Part::Twin(Twin::FlashSale | Twin::PriceError) => 1,
        Part::Twin(_) => 0,
    }
}
