//! Never says anything: what a detector has to be better than.

use crate::detect::{Detector, Event, Scores, keep, recall};

/// The detector that suspects nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Null;

impl Detector for Null {
    fn name(&self) -> &str {
        "null"
    }

    fn sees_accounts(&self) -> bool {
        false
    }

    fn observe(&mut self, _event: &Event, _scores: &mut Scores) {}

    fn save(&self) -> Option<Vec<u8>> {
        keep(&())
    }

    fn restore(&mut self, memory: &[u8]) -> Result<(), String> {
        recall(&mut (), memory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{Frame, What, hand_over};

    #[test]
    fn it_is_silent_whatever_it_sees() {
        let mut scores = Scores::default();
        for what in [What::Beat, What::Frame(Frame::default())] {
            hand_over(&mut Null, &Event { at: 1, what }, &mut scores);
        }
        assert_eq!(scores.take().count(), 0);
        Null.restore(&Null.save().unwrap()).unwrap();
    }
}
