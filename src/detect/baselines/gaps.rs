//! The gaps between events, of accounts and of rooms, for detectors that look for rhythm.
//!
//! Of an account: the gaps between all its acts, judged at each of them from the fifth gap on. Of a room: the gaps between entries of the last five
//! minutes, judged at each of its frames.

use super::acts::actor;
use crate::detect::{Detector, Event, Millis, Scores, Token, TokenMap, What, keep, recall};
use crate::scenario::Id;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;

/// Milliseconds of entries that count for a room.
const WINDOW: Millis = 300_000;

/// Gaps below which an account is not judged.
const LEAST_OF_ACCOUNT: u32 = 5;

/// Gaps below which a room is not judged: fewer are regular by chance.
const LEAST_OF_ROOM: u32 = 20;

/// What a detector makes of gaps.
pub trait Gaps:
    Debug + Clone + Default + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The detector's name.
    const NAME: &'static str;

    /// The score of a room with too few gaps to be judged: below any other.
    const UNJUDGED: f64;

    /// One more gap, in milliseconds.
    fn add(&mut self, gap: Millis);

    /// A gap that was added no longer counts.
    fn remove(&mut self, gap: Millis);

    /// Gaps that count.
    fn count(&self) -> u32;

    /// How suspicious the rhythm is; `None`: no rhythm can be made out.
    fn suspicion(&self) -> Option<f64>;
}

/// A detector of accounts and rooms by their gaps.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GapWatch<Kind> {
    rooms: BTreeMap<Id, Entries<Kind>>,
    accounts: TokenMap<Acts<Kind>>,
}

/// The entries into a room within the window.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Entries<Kind> {
    times: VecDeque<Millis>,
    gaps: Kind,
}

/// The acts of an account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Acts<Kind> {
    last: Option<Millis>,
    gaps: Kind,
}

impl<Kind: Gaps> Entries<Kind> {
    fn enter(&mut self, at: Millis) {
        if let Some(last) = self.times.back() {
            self.gaps.add(at.saturating_sub(*last));
        }
        self.times.push_back(at);
    }

    /// Judges the entries since five minutes before `at`.
    fn judge(&mut self, at: Millis) -> f64 {
        let from = at.saturating_sub(WINDOW);
        while let Some(first) = self.times.front().copied()
            && first < from
        {
            self.times.pop_front();
            if let Some(second) = self.times.front() {
                self.gaps.remove(second.saturating_sub(first));
            }
        }
        let enough = self.gaps.count() >= LEAST_OF_ROOM;
        let suspicion = enough.then(|| self.gaps.suspicion()).flatten();
        suspicion.unwrap_or(Kind::UNJUDGED)
    }
}

impl<Kind: Gaps> Acts<Kind> {
    /// Takes an act in, and judges all.
    fn act(&mut self, at: Millis) -> Option<f64> {
        if let Some(last) = self.last.replace(at) {
            self.gaps.add(at.saturating_sub(last));
        }
        let enough = self.gaps.count() >= LEAST_OF_ACCOUNT;
        enough.then(|| self.gaps.suspicion()).flatten()
    }
}

impl<Kind: Gaps> GapWatch<Kind> {
    fn act(&mut self, at: Millis, account: Token, scores: &mut Scores) {
        if let Some(score) = self.accounts.entry(account).or_default().act(at) {
            scores.account(account, score);
        }
    }
}

impl<Kind: Gaps> Detector for GapWatch<Kind> {
    fn name(&self) -> &str {
        Kind::NAME
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        match event.what {
            What::Enter(enter) => self.rooms.entry(enter.room).or_default().enter(event.at),
            What::Frame(frame) => {
                let score = self.rooms.entry(frame.room).or_default().judge(event.at);
                scores.room(frame.room, score);
            }
            _ => (),
        }
        if let Some(account) = actor(&event.what) {
            self.act(event.at, account, scores);
        }
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
    use super::*;
    use crate::detect::event::{Enter, Source};
    use crate::detect::{Frame, Subject};

    /// The gaps themselves, and their sum as the suspicion.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    struct All(Vec<Millis>);

    impl Gaps for All {
        const NAME: &'static str = "all";
        const UNJUDGED: f64 = -1.0;
        fn add(&mut self, gap: Millis) {
            self.0.push(gap);
        }
        fn remove(&mut self, gap: Millis) {
            assert_eq!(self.0.remove(0), gap);
        }
        fn count(&self) -> u32 {
            self.0.len() as u32
        }
        fn suspicion(&self) -> Option<f64> {
            Some(self.0.iter().sum::<Millis>() as f64)
        }
    }

    fn see(watch: &mut GapWatch<All>, at: Millis, what: What) -> Vec<(Subject, f64)> {
        let mut scores = Scores::default();
        watch.observe(&Event { at, what }, &mut scores);
        let said = scores.take().map(|said| (said.about, said.score));
        said.collect()
    }

    fn enter(account: u64) -> What {
        What::Enter(Enter {
            room: 7,
            account: Token::of(account),
            device: Token::of(0),
            address: Token::of(0),
            source: Source::Feed,
        })
    }

    #[test]
    fn a_room_is_judged_by_the_entries_of_five_minutes() {
        let mut watch = GapWatch::default();
        let frame = What::Frame(Frame {
            room: 7,
            ..Frame::default()
        });
        assert_eq!(see(&mut watch, 0, frame), vec![(Subject::Room(7), -1.0)]);
        for number in 0..30 {
            assert_eq!(see(&mut watch, 1_000 * number, enter(number)), vec![]);
        }
        let said = see(&mut watch, 30_000, frame);
        assert_eq!(said, vec![(Subject::Room(7), 29_000.0)]);
        let said = see(&mut watch, 305_000, frame);
        assert_eq!(said, vec![(Subject::Room(7), 24_000.0)]);
        let said = see(&mut watch, 900_000, frame);
        assert_eq!(said, vec![(Subject::Room(7), -1.0)]);
    }

    #[test]
    fn an_account_is_judged_from_its_fifth_gap_on() {
        let mut watch = GapWatch::default();
        let account = Token::of(3);
        for number in 0..5 {
            assert_eq!(see(&mut watch, 100 * number, enter(3)), vec![]);
        }
        let like = What::Like { room: 7, account };
        let expected = vec![(Subject::Account(account), 900.0)];
        assert_eq!(see(&mut watch, 900, like), expected);
        let mut other = GapWatch::default();
        other.restore(&watch.save().unwrap()).unwrap();
        assert_eq!(watch, other);
    }
}
