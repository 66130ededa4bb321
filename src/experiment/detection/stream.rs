//! A labelled stream: a suite's market of one seed, run while everything that its platform sees is written down, and beside it what was true.

use crate::detect::suite::{Mix, Part, Plan, Planned, Split, market};
use crate::detect::truth::{Actor, BenignTwin, Campaign, FalseEvent, FalseOrder, RoomFact, Truth};
use crate::detect::{Event, Labelled, Millis, TokenMap, What};
use crate::market::{Cause, Market, Observer, Pace, RoomFrame, millis};
use crate::scenario::{Act, Id, Scenario, Suite};
use std::sync::Arc;

/// Milliseconds after its last cue during which something honest may still look like a deception.
const AFTERMATH: Millis = 300_000;

/// Runs the market of a seed and returns its stream with the truth.
///
/// # Errors
/// A sentence that says why the market cannot be made.
pub fn record(
    suite: &Suite,
    seed: u64,
    split: Split,
    mix: Option<&Mix>,
) -> Result<Labelled, String> {
    let (scenario, plan) = market(suite, seed, split, mix)?;
    let plan = Arc::new(plan);
    let witness = Witness::of(&scenario, Arc::clone(&plan));
    let mut market = Market::watched(Arc::clone(&scenario), (Box::new(witness), true), None);
    while market.step() != Pace::Finished {}
    let observer = market.into_observer().map(Observer::into_any);
    let witness = observer.and_then(|observer| observer.downcast::<Witness>().ok());
    let witness = witness.ok_or("the market has lost its observer")?;
    Ok(witness.labelled(seed, &scenario))
}

/// Writes down what the platform sees, and what of it is whose doing.
pub struct Witness {
    plan: Arc<Plan>,
    events: Vec<Event>,
    /// Events that belong to something planned: number of the event, and which of the plan.
    doings: Vec<(u64, u32)>,
    /// By room: the most real viewers.
    peaks: Vec<u64>,
}

impl Witness {
    /// Of the market of a plan.
    pub fn of(scenario: &Scenario, plan: Arc<Plan>) -> Self {
        Self {
            plan,
            events: Vec::new(),
            doings: Vec::new(),
            peaks: vec![0; scenario.rooms.len()],
        }
    }

    fn labelled(self, seed: u64, scenario: &Scenario) -> Labelled {
        let truth = Telling {
            scenario,
            witness: &self,
        };
        let truth = truth.truth();
        Labelled {
            seed,
            events: self.events,
            truth,
        }
    }
}

impl Observer for Witness {
    fn event(&mut self, event: &Event, cause: Option<Cause>) {
        let whose = cause.and_then(|cause| self.plan.cause(cause.room, cause.cue));
        if let Some(planned) = whose {
            self.doings.push((self.events.len() as u64, planned as u32));
        }
        self.events.push(*event);
    }

    fn frame(&mut self, frame: &RoomFrame) {
        let peak = &mut self.peaks[frame.room as usize];
        *peak = (*peak).max(frame.real_viewers);
    }

    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

/// Tells the truth of what was written down.
struct Telling<'a> {
    scenario: &'a Scenario,
    witness: &'a Witness,
}

impl Telling<'_> {
    fn truth(&self) -> Truth {
        let (campaigns, number_of) = self.campaigns();
        let mut truth = Truth {
            campaigns,
            twins: self.twins(),
            rooms: self.rooms(),
            ..Truth::default()
        };
        let mut actors = TokenMap::default();
        for (number, planned) in &self.witness.doings {
            let Some(campaign) = number_of[*planned as usize] else {
                continue;
            };
            let event = &self.witness.events[*number as usize];
            truth.events.push(FalseEvent {
                event: *number,
                campaign,
            });
            match event.what {
                What::Enter(enter) => {
                    actors.entry(enter.account).or_insert((campaign, event.at));
                }
                What::Order(order) => truth.orders.push(FalseOrder {
                    order: order.order,
                    campaign,
                    first_evidence: event.at,
                }),
                _ => {}
            }
        }
        let actors = actors.into_iter();
        truth.actors = actors
            .map(|(account, (campaign, first_evidence))| Actor {
                account,
                campaign,
                first_evidence,
            })
            .collect();
        truth.actors.sort_unstable_by_key(|actor| actor.account);
        truth.orders.sort_unstable_by_key(|order| order.order);
        truth
    }

    /// The deceptions of which anything could be seen, and the number of each among them by its place in the plan.
    fn campaigns(&self) -> (Vec<Campaign>, Vec<Option<u32>>) {
        let plan = &self.witness.plan.all;
        let mut seen: Vec<Option<(Millis, Millis)>> = vec![None; plan.len()];
        for (number, planned) in &self.witness.doings {
            let Event { at, what } = self.witness.events[*number as usize];
            if matches!(what, What::Refund { .. }) {
                // Money that comes back a week later is no part of the evening's crowd.
                continue;
            }
            let span = seen[*planned as usize].get_or_insert((at, at));
            span.1 = span.1.max(at);
        }
        let mut campaigns = Vec::new();
        let mut numbers = vec![None; plan.len()];
        for ((planned, span), number) in plan.iter().zip(seen).zip(&mut numbers) {
            let campaign = self.campaign(planned, span, campaigns.len() as u32);
            *number = campaign.as_ref().map(|campaign| campaign.campaign);
            campaigns.extend(campaign);
        }
        (campaigns, numbers)
    }

    fn campaign(
        &self,
        planned: &Planned,
        span: Option<(Millis, Millis)>,
        campaign: u32,
    ) -> Option<Campaign> {
        let Part::Threat {
            threat,
            farm,
            tactic_is_known,
            operator_is_known,
        } = planned.part
        else {
            return None;
        };
        let (first_evidence, last) = span?;
        let off_air = millis(self.scenario.rooms[planned.room as usize].off_air);
        let last_evidence = match threat.is_about_an_offer() {
            // What was said of an offer stands until its link closes.
            true => self.closes(planned).unwrap_or(off_air),
            false => last,
        };
        Some(Campaign {
            campaign,
            plan: planned.plan,
            threat,
            tactic: planned.name.clone(),
            room: planned.room,
            product: planned.product,
            operator: farm.map_or(String::new(), |farm| {
                self.scenario.farms[farm as usize].name.clone()
            }),
            first_evidence,
            last_evidence: last_evidence.clamp(first_evidence, off_air.max(first_evidence)),
            tactic_is_known,
            operator_is_known,
        })
    }

    fn closes(&self, planned: &Planned) -> Option<Millis> {
        let cues = &self.scenario.rooms[planned.room as usize].cues;
        let product = planned.product?;
        let close = cues.iter().find(|cue| {
            let closed =
                |act: &Act| matches!(*act, Act::CloseLink { product: it } if it == product);
            cue.at > planned.start && closed(&cue.act)
        });
        close.map(|cue| millis(cue.at))
    }

    fn twins(&self) -> Vec<BenignTwin> {
        let plan = &self.witness.plan;
        let mut spans: Vec<Option<(f64, f64)>> = vec![None; plan.all.len()];
        for (room, cue, planned) in plan.cues() {
            let cue = &self.scenario.rooms[room as usize].cues[cue as usize];
            let takes = match cue.act {
                Act::Call { over, .. } => 2.0 * over,
                Act::Giveaway { over, .. } => over,
                _ => 0.0,
            };
            let span = spans[planned].get_or_insert((cue.at, cue.at));
            *span = (span.0.min(cue.at), span.1.max(cue.at + takes));
        }
        let twins = plan.all.iter().zip(spans).filter_map(|(planned, span)| {
            let (Part::Twin(twin), Some((from, until))) = (&planned.part, span) else {
                return None;
            };
            let off_air = millis(self.scenario.rooms[planned.room as usize].off_air);
            Some(BenignTwin {
                twin: *twin,
                room: planned.room,
                product: planned.product,
                from: millis(from),
                until: (millis(until) + AFTERMATH).min(off_air),
            })
        });
        twins.collect()
    }

    fn rooms(&self) -> Vec<RoomFact> {
        let rooms = self.scenario.rooms.iter().zip(0..);
        rooms
            .map(|(room, id): (_, Id)| RoomFact {
                room: id,
                anchor: room.anchor,
                from: millis(room.on_air),
                until: millis(room.off_air),
                peak_viewers: self.witness.peaks[id as usize],
            })
            .collect()
    }
}
