//! Unsupervised: FLOCK, views of a broadcast against a model of honest ones (Shah 2017, "FLOCK: combating astroturfing on livestreaming platforms",
//! WWW).
//!
//! Bots that one program sends come and go together. FLOCK counts the views of a broadcast on a grid of when they start and how long they stay, pools
//! such counts of many broadcasts to a model, calls a broadcast botted whose counts deviate from the model by more than broadcasts of its size do,
//! and in it calls those views botted that are in excess of the model.
//!
//! What is said here and not there, or otherwise, for the sake of judging while a broadcast runs:
//! * A view's start is measured in tens of minutes since the room went on air and not as a share of a duration that nobody knows yet; stays in
//!   octaves of a second.
//! * A view that has not ended counts in the cells of stays that are still possible for it, in the model's proportions.
//! * The deviance is the Kullback-Leibler divergence of the room's distribution from the model's over the starts so far, less (cells - 1) / (2
//!   views), which chance alone brings on average (Wilks 1938): that takes the place of the paper's boundary by size.
//! * A view is in excess by (seen - expected) / (seen + 5) of its cell; an account's score is the mean of that over its views, each times the
//!   deviance of its room. A view is judged when it ends, and once when it has lasted for five minutes.
//!
//! The model is pooled from honest accounts of development streams, or else from the stream's other rooms so far. It holds, for each class of starts,
//! how long its rooms were on air in it: of a class that has just begun, so much less is expected.

mod grid;

use crate::detect::event::Enter;
use crate::detect::{
    Detector, Event, Labelled, Millis, Scores, Token, TokenMap, What, keep, recall,
};
use crate::scenario::Id;
use grid::{Cells, Model, STAYS, deviance, empty, start_class, stay_class, time_in_classes};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Milliseconds of a slot in which views that have not ended are counted.
const SLOT: Millis = 10_000;

/// The last slot, a day after the room went on air: it holds all later views too.
const LAST_SLOT: Millis = 8_640;

/// Views below which a room is not judged.
const LEAST_VIEWS: f64 = 30.0;

/// What is added to the views of a cell when their excess is taken, so that few prove little.
const FEW: f64 = 5.0;

/// Milliseconds after which a view that has not ended is judged.
const LONG_STAY: Millis = 300_000;

/// The detector.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Flock {
    rooms: BTreeMap<Id, Broadcast>,
    /// Views of development streams.
    learned: Option<Model>,
    /// Views of this stream's rooms, as of their last frames.
    pooled: Model,
    /// Each account's views judged so far, and the sum of how suspicious they were.
    accounts: TokenMap<(u32, f64)>,
}

/// A room's views.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Broadcast {
    on_air: Millis,
    /// Views that have ended.
    ended: Cells,
    /// Views that have not, by the slot of their start.
    open: Vec<u32>,
    /// Who watches, and since when.
    watching: TokenMap<Millis>,
    /// Who came within the last five minutes.
    young: VecDeque<(Millis, Token)>,
    /// Its own part of the pooled model.
    pooled: Model,
    verdict: Option<Verdict>,
}

/// What was found at the last frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Verdict {
    deviance: f64,
    /// Views in each cell, and what the model would have there.
    seen: Cells,
    expected: Cells,
}

impl Broadcast {
    fn new(on_air: Millis) -> Self {
        Self {
            on_air,
            ended: empty(),
            open: Vec::new(),
            watching: TokenMap::default(),
            young: VecDeque::new(),
            pooled: Model::default(),
            verdict: None,
        }
    }

    /// The slot in which a view began.
    fn slot(&mut self, since: Millis) -> &mut u32 {
        let slot = (since.saturating_sub(self.on_air) / SLOT).min(LAST_SLOT) as usize;
        if slot >= self.open.len() {
            self.open.resize(slot + 1, 0);
        }
        &mut self.open[slot]
    }

    /// Somebody comes; who comes again without having been seen to leave begins a new view.
    fn enter(&mut self, at: Millis, account: Token) {
        if let Some(since) = self.watching.insert(account, at) {
            let slot = self.slot(since);
            *slot = slot.saturating_sub(1);
        }
        *self.slot(at) += 1;
        self.young.push_back((at, account));
    }

    /// The cell of the view that has ended; `None` if it was not seen to begin.
    fn leave(&mut self, at: Millis, account: Token) -> Option<usize> {
        let since = self.watching.remove(&account)?;
        let slot = self.slot(since);
        *slot = slot.saturating_sub(1);
        let start = start_class(since.saturating_sub(self.on_air));
        let cell = start * STAYS + stay_class(at.saturating_sub(since));
        self.ended[cell] += 1.0;
        Some(cell)
    }

    /// Views in each cell, those that have not ended in the cells still possible, in the model's proportions.
    fn seen(&self, at: Millis, shares: &[f64]) -> Cells {
        let mut waiting = empty();
        for (slot, count) in self
            .open
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
        {
            let since_air = slot as Millis * SLOT;
            let age = at.saturating_sub(self.on_air + since_air + SLOT / 2);
            waiting[start_class(since_air) * STAYS + stay_class(age)] += f64::from(*count);
        }
        let mut seen = self.ended.clone();
        for (cell, count) in waiting
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0.0)
        {
            let possible = cell..(cell / STAYS + 1) * STAYS;
            let total: f64 = shares[possible.clone()].iter().sum();
            for later in possible.filter(|_| total > 0.0) {
                seen[later] += count * shares[later] / total;
            }
        }
        seen
    }

    /// Compares the room with a model; gives its own part of one.
    fn judge(&mut self, at: Millis, model: &Model) -> Model {
        let on_air = time_in_classes(at.saturating_sub(self.on_air));
        let shares = model.distribution(&on_air);
        let cells = self.seen(at, &shares);
        let known = cells
            .iter()
            .zip(&shares)
            .map(|(count, share)| if *share > 0.0 { *count } else { 0.0 });
        let seen: Cells = known.collect();
        let views: f64 = seen.iter().sum();
        if views >= LEAST_VIEWS {
            self.verdict = Some(Verdict {
                deviance: deviance(&seen, &shares, views),
                expected: shares.iter().map(|share| share * views).collect(),
                seen,
            });
        }
        Model { cells, on_air }
    }

    /// The next view that has lasted for five minutes: whose it is, and its cells still possible.
    fn long_view(&mut self, at: Millis) -> Option<(Token, std::ops::Range<usize>)> {
        while let Some((since, account)) = self.young.front().copied() {
            if since + LONG_STAY > at {
                return None;
            }
            self.young.pop_front();
            if self.watching.get(&account) == Some(&since) {
                let start = start_class(since.saturating_sub(self.on_air));
                return Some((
                    account,
                    start * STAYS + stay_class(LONG_STAY)..(start + 1) * STAYS,
                ));
            }
        }
        None
    }
}

impl Verdict {
    /// How suspicious a view in some cells is.
    fn suspicion(&self, cells: std::ops::Range<usize>) -> f64 {
        let seen: f64 = self.seen[cells.clone()].iter().sum();
        let expected: f64 = self.expected[cells].iter().sum();
        ((seen - expected) / (seen + FEW)).max(0.0) * self.deviance
    }
}

impl Flock {
    fn room(&mut self, at: Millis, room: Id) -> &mut Broadcast {
        self.rooms.entry(room).or_insert_with(|| Broadcast::new(at))
    }

    /// A room goes on air, or off: then who is still there has left, so to say, unseen.
    fn air(&mut self, at: Millis, room: Id, on: bool) {
        let broadcast = self.room(at, room);
        broadcast.watching.clear();
        broadcast.young.clear();
        broadcast.open.clear();
        if on {
            *broadcast = Broadcast::new(at);
        }
    }

    /// Judges a room, and its views that have lasted for five minutes.
    fn frame(&mut self, at: Millis, room: Id, scores: &mut Scores) {
        let broadcast = self.rooms.entry(room).or_insert_with(|| Broadcast::new(at));
        self.pooled.add(&broadcast.pooled, -1.0);
        let model = self.learned.as_ref().unwrap_or(&self.pooled);
        broadcast.pooled = broadcast.judge(at, model);
        self.pooled.add(&broadcast.pooled, 1.0);
        if let Some(verdict) = &broadcast.verdict {
            scores.room(room, verdict.deviance);
        }
        while let Some((account, cells)) = self.room(at, room).long_view(at) {
            self.account(room, account, cells, scores);
        }
    }

    /// Judges a view.
    fn account(
        &mut self,
        room: Id,
        account: Token,
        cells: std::ops::Range<usize>,
        scores: &mut Scores,
    ) {
        let Some(verdict) = self.rooms.get(&room).and_then(|room| room.verdict.as_ref()) else {
            return;
        };
        let (views, sum) = self.accounts.entry(account).or_default();
        *views += 1;
        *sum += verdict.suspicion(cells);
        scores.account(account, *sum / f64::from(*views));
    }
}

impl Detector for Flock {
    fn name(&self) -> &str {
        "flock"
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        let at = event.at;
        match event.what {
            What::Air { room, on, .. } => self.air(at, room, on),
            What::Enter(Enter { room, account, .. }) => self.room(at, room).enter(at, account),
            What::Leave { room, account } => {
                if let Some(cell) = self.room(at, room).leave(at, account) {
                    self.account(room, account, cell..cell + 1, scores);
                }
            }
            What::Frame(frame) => self.frame(at, frame.room, scores),
            _ => {}
        }
    }

    fn learn(&mut self, streams: &[&Labelled]) {
        let mut model = Model::default();
        let mut unheard = Scores::default();
        for stream in streams {
            let bots: BTreeSet<Token> = stream
                .truth
                .actors
                .iter()
                .map(|actor| actor.account)
                .collect();
            let mut pool = Flock::default();
            for event in &stream.events {
                let honest = |enter: &Enter| !bots.contains(&enter.account);
                if !matches!(&event.what, What::Enter(enter) if !honest(enter)) {
                    pool.observe(event, &mut unheard);
                    unheard.take();
                }
            }
            model.add(&pool.pooled, 1.0);
        }
        self.learned = Some(model);
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(self)
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        recall(self, memory)
    }
}

#[cfg(test)]
mod tests {
    use super::super::staged::{FARMED, bot, last_scores, market, ranked, said, survives_saving};
    use super::*;
    use crate::detect::{Score, Subject};

    #[test]
    fn views_that_go_on_are_spread_over_what_is_possible() {
        let mut shares = empty();
        (shares[0], shares[8], shares[9]) = (0.5, 0.375, 0.125);
        let mut broadcast = Broadcast::new(0);
        for number in 0..8 {
            broadcast.enter(0, Token::of(number));
        }
        // After 200 s only stays of the classes 7 (127 to 255 s) and above are possible.
        let seen = broadcast.seen(200_000, &shares);
        assert_eq!((seen[0], seen[8], seen[9]), (0.0, 6.0, 2.0));
        assert_eq!(broadcast.leave(1_500, Token::of(3)), Some(1));
        assert_eq!(broadcast.leave(1_500, Token::of(3)), None);
        assert_eq!(broadcast.open.iter().sum::<u32>(), 7);
        broadcast.enter(25_000, Token::of(4));
        assert_eq!(broadcast.open, [6, 0, 1]);
    }

    fn of_rooms(scores: &[Score], at: Millis) -> (Vec<f64>, Vec<f64>) {
        last_scores(scores, |score| match score.about {
            Subject::Room(room) if score.at == at => Some(FARMED.contains(&room)),
            _ => None,
        })
    }

    #[test]
    fn a_farm_is_found_by_its_own_past_or_by_what_was_learned() {
        let stream = market(1, true);
        let mut learned = Flock::default();
        learned.learn(&[&market(2, true), &market(3, false)]);
        for fresh in [&Flock::default(), &learned] {
            let scores = said(&mut fresh.clone(), &stream.events);
            let (farmed, calm) = of_rooms(&scores, 2_700_000);
            assert_eq!(farmed.len() + calm.len(), 6);
            assert_eq!(ranked(&farmed, &calm), 1.0, "{farmed:?} {calm:?}");
            let (bots, people) = last_scores(&scores, |score| match score.about {
                Subject::Account(account) => Some((0..60).any(|number| bot(number) == account)),
                _ => None,
            });
            let apart = ranked(&bots, &people);
            assert!(bots.len() == 60 && apart > 0.9, "{} {apart}", bots.len());
            survives_saving(fresh, &stream.events);
        }
    }

    #[test]
    fn calm_rooms_do_not_deviate() {
        let mut learned = Flock::default();
        learned.learn(&[&market(2, false), &market(3, false)]);
        let scores = said(&mut learned, &market(1, false).events);
        let worst = |score: &Score| matches!(score.about, Subject::Room(_)) && score.score > 0.1;
        assert!(!scores.iter().any(worst));
    }
}
