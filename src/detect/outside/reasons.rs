//! Reasons that programs outside, and detectors in other languages, give. A score's reason lives as long as the program, so only so many different ones are kept.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Different reasons that one detector may give.
const OF_A_DETECTOR: usize = 64;

/// Different reasons that are ever kept.
const OF_ALL: usize = 4_096;

/// Most letters of a reason.
const LONGEST: usize = 200;

/// All reasons that have been kept. They are text only: no result depends on which others there are.
static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// The reasons of one detector.
#[derive(Debug, Default)]
pub struct Reasons(BTreeSet<&'static str>);

impl Reasons {
    /// The reason to be kept for a text; empty once there have been too many.
    pub fn keep(&mut self, text: Option<String>) -> &'static str {
        let Some(mut text) = text else {
            return "";
        };
        if let Some((end, _)) = text.char_indices().nth(LONGEST) {
            text.truncate(end);
        }
        if let Some(known) = self.0.get(text.as_str()) {
            return known;
        }
        let kept = if self.0.len() < OF_A_DETECTOR {
            keep(text)
        } else {
            ""
        };
        self.0.insert(kept);
        kept
    }
}

fn keep(text: String) -> &'static str {
    let mut all = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = all.get(text.as_str()) {
        return known;
    }
    if all.len() >= OF_ALL {
        return "";
    }
    let kept: &'static str = Box::leak(text.into_boxed_str());
    all.insert(kept);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detector_has_so_many_reasons_and_no_more() {
        let mut reasons = Reasons::default();
        assert_eq!(reasons.keep(None), "");
        let first = reasons.keep(Some("reason 0".to_owned()));
        for number in 0..OF_A_DETECTOR {
            let text = format!("reason {number}");
            assert_eq!(reasons.keep(Some(text.clone())), text);
        }
        assert_eq!(reasons.keep(Some("one more".to_owned())), "");
        assert!(std::ptr::eq(
            reasons.keep(Some("reason 0".to_owned())),
            first
        ));
        assert_eq!(
            Reasons::default()
                .keep(Some("慢".repeat(500)))
                .chars()
                .count(),
            LONGEST
        );
    }
}
