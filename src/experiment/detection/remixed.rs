//! How well detectors rank on streams in which farms have another mix of tactics than the suite's own: each tactic alone, and the mix that farms have come
//! to against this detector. Nobody acts on what is said.

use super::adapt::Player;
use super::bench::{Ground, Ready, Stage, quantile};
use super::jobs::side_by_side;
use super::stream::record;
use crate::detect::scoring::{Judged, Thresholds, Track, Universe, Verdict};
use crate::detect::suite::{Mix, Split};
use crate::experiment::RunError;
use std::sync::Arc;

/// A detector's verdicts by track, in the order of [`Track::ALL`].
type Verdicts = Vec<Verdict>;

/// What a detector comes to on other mixes.
#[derive(Debug, Default)]
pub(super) struct Remixed {
    /// By tactic, alone.
    pub alone: Vec<Verdicts>,
    /// With the mix that farms have come to.
    pub settled: Verdicts,
}

/// A mix, and the players that are tried on it.
struct Trial<'a> {
    mix: &'a Mix,
    players: std::ops::Range<usize>,
}

/// Tries players on streams of every tactic alone, and each on those of the mix that farms have come to against it; by player. Nobody has no verdicts.
///
/// # Errors
/// A market that cannot be made, or an interruption.
pub(super) fn remixed(
    ground: &Ground,
    players: &[Player],
    (alone, settled): (Vec<Mix>, Vec<Mix>),
    stage: &Stage,
) -> Result<Vec<Remixed>, RunError> {
    let everybody = alone.iter().map(|mix| Trial {
        mix,
        players: 0..players.len(),
    });
    let each = settled.iter().enumerate().map(|(who, mix)| Trial {
        mix,
        players: who..who + 1,
    });
    let trials: Vec<Trial> = everybody.chain(each).collect();
    let streams = ground.test.len();
    let tell = |done: usize, of: usize| stage("scores on other mixes", done, of);
    let judged = side_by_side(
        ground.wanted.threads,
        trials.len() * streams,
        &tell,
        |job| {
            let trial = &trials[job / streams];
            judge(
                ground,
                &players[trial.players.clone()],
                trial.mix,
                job % streams,
            )
        },
    )?;
    let mut by_trial = judged.chunks(streams.max(1));
    let mut next = || by_trial.next().unwrap_or_default();
    let by_tactic: Vec<&[Vec<Judged>]> = alone.iter().map(|_| next()).collect();
    let all = players.iter().enumerate().map(|(who, player)| {
        let own = next();
        let Some(one) = player else {
            return Remixed::default();
        };
        Remixed {
            alone: by_tactic
                .iter()
                .map(|tried| verdicts(one, tried, who))
                .collect(),
            settled: verdicts(one, own, 0),
        }
    });
    Ok(all.collect())
}

/// What some players say of the market of a test stream with another mix.
fn judge(
    ground: &Ground,
    players: &[Player],
    mix: &Mix,
    stream: usize,
) -> Result<Vec<Judged>, String> {
    let seed = ground.test[stream].seed;
    let stream = record(ground.wanted.suite, seed, Split::Test, Some(mix))?;
    let universe = Arc::new(Universe::of(&stream.events, &stream.truth));
    let said = |player: &Player| {
        let heard = player.map(|one| one.entrant.hear(&one.lesson, &stream));
        Judged::of(Arc::clone(&universe), &heard.unwrap_or_default().scores)
    };
    Ok(players.iter().map(said).collect())
}

/// The verdicts on one of those who were tried on every stream.
fn verdicts(one: &Ready, tried: &[Vec<Judged>], who: usize) -> Verdicts {
    let test: Vec<Judged> = tried.iter().map(|judged| judged[who].clone()).collect();
    // No threshold is needed to rank.
    let none = Thresholds::default();
    let name = one.entrant.name();
    let verdict = |track| Verdict::of(&name, track, &test, &none, quantile);
    Track::ALL.into_iter().map(verdict).collect()
}
