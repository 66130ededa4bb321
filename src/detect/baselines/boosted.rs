//! Supervised: a ceiling for what these features can tell, by 100 boosted trees of depth 4 at a learning rate of 0.1 (see [`BoostedTrees`]).

use super::boosting::BoostedTrees;
use super::supervised::{Learner, Supervised};

/// The detector.
pub type Boosted = Supervised<BoostedTrees>;

impl Learner for BoostedTrees {
    const NAME: &'static str = "boosted";

    fn learn(width: usize, values: &[f64], labels: &[bool]) -> Self {
        Self::fit(width, values, labels).0
    }

    fn log_odds(&self, row: &[f64]) -> f64 {
        self.log_odds_of(row)
    }
}

#[cfg(test)]
mod tests {
    use super::super::staged::{bot, brushed, last_scores, market, ranked, said, survives_saving};
    use super::*;
    use crate::detect::{Detector, Labelled, Score, Subject};

    fn said_of(detector: &Boosted, stream: &Labelled) -> Vec<Score> {
        said(&mut detector.clone(), &stream.events)
    }

    #[test]
    fn a_farm_is_known_again_and_a_stranger_says_nothing() {
        let mut detector = Boosted::default();
        let stream = market(2, true);
        assert!(said(&mut detector, &stream.events).is_empty());
        detector.learn(&[&market(1, true)]);
        let said = said_of(&detector, &stream);
        let (bots, people) = last_scores(&said, |score| match score.about {
            Subject::Account(account) => Some((0..60).any(|number| bot(number) == account)),
            _ => None,
        });
        assert!(ranked(&bots, &people) > 0.99);
        let (false_orders, orders) = last_scores(&said, |score| match score.about {
            Subject::Order(order) => Some((0..30).any(|number| brushed(number) == order)),
            _ => None,
        });
        assert_eq!(false_orders.len(), 30);
        assert_eq!(ranked(&false_orders, &orders), 1.0);
        let calm = said_of(&detector, &market(5, false));
        let alarms = calm.iter().filter(|score| score.score > 0.0).count();
        assert!(alarms * 200 < calm.len(), "{alarms} of {}", calm.len());
        let mut again = Boosted::default();
        again.learn(&[&market(1, true)]);
        assert_eq!(again, detector);
        survives_saving(&detector, &stream.events);
    }
}
