//! Population: consumers in cohort blocks, and their traits, which are recomputed from keys whenever they are needed.
//!
//! A cohort is an entity that holds some thousands of consumers of one segment as columns. A sleeping consumer is one index into the
//! sparse memories, and a place in the day's plan if it goes online that day; nothing touches it in a tick.

use crate::draws::{Draws, Identity, Mechanism, identity_of_pair, lognormal, share};
use crate::scenario::file::{PositiveTrait, RateTrait, SegmentTable, ShareTrait};
use crate::scenario::{Id, Scenario, Segment};
use bevy_ecs::prelude::*;
use std::ops::Range;

/// Consumers in a cohort, at most.
pub const COHORT: u64 = 16_384;

/// Global index of a consumer: segments in order of name, members in order of index.
pub type ConsumerId = u32;

/// Which consumers a cohort entity holds.
#[derive(Component, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cohort {
    /// Their segment.
    pub segment: u32,
    /// Index within the segment of the first of them.
    pub first_in_segment: u64,
    /// Global index of the first of them.
    pub first: ConsumerId,
    /// How many.
    pub count: u32,
}

/// Which memory each consumer of a cohort has; [`NO_MEMORY`] for most.
#[derive(Component, Debug, Clone, PartialEq)]
pub struct MemoryOf(pub Vec<u32>);

/// No memory.
pub const NO_MEMORY: u32 = u32::MAX;

/// Finds cohorts and keys by the global index of a consumer.
#[derive(Resource, Debug, Default)]
pub struct Census {
    /// Cohort entities, in order of their first consumer.
    pub cohorts: Vec<Entity>,
    /// By segment: first consumer, first cohort, key.
    segments: Vec<(u64, usize, Identity)>,
    /// Consumers in all.
    pub consumers: u64,
}

impl Census {
    /// Spawns the cohorts of a scenario.
    pub fn take(world: &mut World, scenario: &Scenario) -> Self {
        let mut census = Census::default();
        for (segment, id) in scenario.population.segments.iter().zip(0..) {
            census
                .segments
                .push((census.consumers, census.cohorts.len(), segment.key));
            let mut first_in_segment = 0;
            while first_in_segment < segment.count {
                let count = COHORT.min(segment.count - first_in_segment);
                let cohort = Cohort {
                    segment: id,
                    first_in_segment,
                    first: (census.consumers + first_in_segment) as ConsumerId,
                    count: count as u32,
                };
                let memory = MemoryOf(vec![NO_MEMORY; count as usize]);
                let plan = super::plan::Plan::default();
                census
                    .cohorts
                    .push(world.spawn((cohort, memory, plan)).id());
                first_in_segment += count;
            }
            census.consumers += segment.count;
        }
        census
    }

    /// The segment of a consumer and its index within it.
    #[inline]
    pub fn segment_of(&self, consumer: ConsumerId) -> (u32, u64) {
        let consumer = u64::from(consumer);
        let segment = self
            .segments
            .partition_point(|(first, ..)| *first <= consumer)
            .saturating_sub(1);
        (segment as u32, consumer - self.segments[segment].0)
    }

    /// The consumers of a segment, or all of them.
    pub fn members(&self, segment: Option<Id>) -> Range<u64> {
        let Some(segment) = segment else {
            return 0..self.consumers;
        };
        let begins = |segment: usize| self.segments.get(segment).map(|(first, ..)| *first);
        let first = begins(segment as usize).unwrap_or(self.consumers);
        first..begins(segment as usize + 1).unwrap_or(self.consumers)
    }

    /// The stable identity of a consumer.
    #[inline]
    pub fn key_of(&self, consumer: ConsumerId) -> Identity {
        let (segment, index) = self.segment_of(consumer);
        identity_of_pair(self.segments[segment as usize].2, index)
    }

    /// The cohort of a consumer and its row there.
    #[inline]
    pub fn place_of(&self, consumer: ConsumerId) -> (Entity, usize) {
        let (segment, index) = self.segment_of(consumer);
        let cohort = self.segments[segment as usize].1 + (index / COHORT) as usize;
        (self.cohorts[cohort], (index % COHORT) as usize)
    }
}

/// The traits of one consumer (MODEL section 1), as its segment spreads them. Units are those of the segment's table; rates are per second.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)] // each is documented at its namesake in scenario/file/population.rs
pub struct Traits {
    pub budget: f64,
    pub taste_scale: f64,
    pub anchoring: f64,
    pub loss_aversion: f64,
    pub bargain_weight: f64,
    pub susceptibility: f64,
    pub literacy: f64,
    pub trust: f64,
    pub dwell_seconds: f64,
    pub look_rate: f64,
    pub search_rate: f64,
    pub like_rate: f64,
    pub comment_rate: f64,
    pub follow_rate: f64,
    pub session_seconds: f64,
    pub value_of_time: f64,
    pub vulnerable: bool,
}

impl Traits {
    /// The traits of the consumer with this key. Sixteen normals from four blocks, in a fixed order; adding a trait appends.
    pub fn of(segment: &SegmentTable, key: Identity, draws: Draws) -> Self {
        let block = |ordinal| draws.at(Mechanism::Traits, key, ordinal).normals();
        let (a, b, c, d) = (block(0), block(1), block(2), block(3));
        let rest = draws.at(Mechanism::Traits, key, 4);
        let spread = segment.susceptibility_spread;
        Self {
            budget: positive(segment.budget, a[0]),
            taste_scale: positive(segment.taste_scale, a[1]),
            anchoring: between(segment.anchoring, a[2]),
            loss_aversion: positive(segment.loss_aversion, a[3]),
            bargain_weight: between(segment.bargain_weight, b[0]),
            // The mean is 1 whatever the spread, so that the weights of the displays are identified (MODEL section 6).
            susceptibility: lognormal(libm::exp(-0.5 * spread * spread), spread, b[1]),
            literacy: between(segment.literacy, b[LITERACY.1]),
            trust: between(segment.trust, b[3]),
            dwell_seconds: 60.0 * positive(segment.dwell_minutes, c[0]),
            look_rate: rate(segment.looks_per_minute, c[1]) / 60.0,
            search_rate: rate(segment.searches_per_minute, c[2]) / 60.0,
            like_rate: rate(segment.likes_per_minute, c[3]) / 60.0,
            comment_rate: rate(segment.comments_per_minute, d[0]) / 60.0,
            follow_rate: rate(segment.follows_per_hour, d[1]) / 3_600.0,
            session_seconds: 60.0 * positive(segment.session_minutes, d[2]),
            value_of_time: positive(segment.value_of_time, d[3]),
            vulnerable: rest.uniform(0) < segment.vulnerable_share,
        }
    }
}

/// The literacy of the consumer with this key alone, bit for bit that of its [`Traits`], for a fifth of the draws.
pub fn literacy_of(segment: &SegmentTable, key: Identity, draws: Draws) -> f64 {
    let normals = draws.at(Mechanism::Traits, key, LITERACY.0).normals();
    between(segment.literacy, normals[LITERACY.1])
}

/// The block of a consumer's traits in which literacy is drawn, and its place there.
const LITERACY: (u32, usize) = (1, 2);

fn positive(spread_trait: PositiveTrait, normal: f64) -> f64 {
    lognormal(spread_trait.median, spread_trait.spread, normal)
}

fn rate(rate_trait: RateTrait, normal: f64) -> f64 {
    lognormal(rate_trait.median, rate_trait.spread, normal).min(RateTrait::MOST)
}

fn between(share_trait: ShareTrait, normal: f64) -> f64 {
    share(share_trait.median, share_trait.spread, normal)
}

/// Whether a consumer needs a category in this campaign (MODEL section 6): a keyed draw below the segment's probability.
#[inline]
pub fn needs(
    segment: &Segment,
    category: usize,
    category_key: Identity,
    key: Identity,
    draws: Draws,
) -> bool {
    let words = draws.at(Mechanism::Need, identity_of_pair(key, category_key), 0);
    words.uniform(0) < segment.needs[category]
}
