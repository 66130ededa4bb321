//! A whole detector in Rust: it suspects accounts that share a device, and rooms by how many such accounts came last. Run it by
//! `cargo run --example write_a_detector`.

use std::collections::{BTreeMap, BTreeSet};
use yellowcart::detect::causality::check_causality;
use yellowcart::detect::event::{Enter, Source};
use yellowcart::detect::{
    Detector, Event, Millis, Scores, Token, TokenMap, What, hand_over, keep, recall,
};

/// Accounts on one device from which they are suspicious.
const CROWDED: usize = 3;

/// What it remembers. Tokens say nothing but "the same again", so that is all that is counted.
#[derive(Default)]
struct SharedDevices {
    /// Accounts seen on a device.
    accounts: TokenMap<BTreeSet<Token>>,
    /// Entries of a room since the last beat, and how many of them came from crowded devices. Ordered, so that scores come in the same order every
    /// time.
    rooms: BTreeMap<u32, (u32, u32)>,
}

impl SharedDevices {
    fn see(&mut self, enter: &Enter, scores: &mut Scores) {
        let accounts = self.accounts.entry(enter.device).or_default();
        let new = accounts.insert(enter.account);
        let suspicion = 1.0 - 1.0 / accounts.len() as f64;
        if new && accounts.len() == CROWDED {
            accounts
                .iter()
                .for_each(|account| scores.account(*account, suspicion));
        } else if new && accounts.len() > CROWDED {
            scores.account(enter.account, suspicion);
        }
        let crowded = accounts.len() >= CROWDED;
        let (entries, suspicious) = self.rooms.entry(enter.room).or_default();
        *entries += 1;
        *suspicious += u32::from(crowded);
    }
}

impl Detector for SharedDevices {
    fn name(&self) -> &str {
        "shared_devices"
    }

    fn observe(&mut self, event: &Event, scores: &mut Scores) {
        if let What::Enter(enter) = event.what {
            self.see(&enter, scores);
        }
    }

    /// A room's score holds until the next one: say one at every beat.
    fn beat(&mut self, _: Millis, scores: &mut Scores) {
        for (room, (entries, suspicious)) in &mut self.rooms {
            scores.room(*room, f64::from(*suspicious) / f64::from((*entries).max(1)));
            (*entries, *suspicious) = (0, 0);
        }
    }

    fn save(&self) -> Option<Vec<u8>> {
        keep(&(&self.accounts, &self.rooms))
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        let mut both = (TokenMap::default(), BTreeMap::new());
        recall(&mut both, memory)?;
        (self.accounts, self.rooms) = both;
        Ok(())
    }
}

/// Four people with a device each come into room 1, four accounts on one device into room 2.
fn events() -> Vec<Event> {
    let enter = |number: u64| {
        let (room, device) = if number < 4 { (1, number) } else { (2, 100) };
        let [account, device] = [Token::of(number), Token::of(device)];
        let what = What::Enter(Enter {
            room,
            account,
            device,
            address: device,
            source: Source::Feed,
        });
        Event {
            at: 1_000 * number,
            what,
        }
    };
    let beat = Event {
        at: 10_000,
        what: What::Beat,
    };
    (0..8).map(enter).chain([beat]).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (events, mut scores) = (events(), Scores::default());
    let mut detector = SharedDevices::default();
    for event in &events {
        hand_over(&mut detector, event, &mut scores);
    }
    for score in scores.take() {
        println!("{:>6} ms  {:?}  {:.2}", score.at, score.about, score.score);
    }
    // Whoever writes a detector should check that it uses nothing that comes.
    check_causality(|| Box::new(SharedDevices::default()), &events, &[0, 3, 6])?;
    let memory = detector.save().ok_or("it cannot be saved")?;
    SharedDevices::default().restore(&memory)?;
    Ok(())
}
