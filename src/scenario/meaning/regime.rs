//! What a regime can get wrong: rules that do nothing without another, and fines that nothing calls for or that are none.

use super::sourced::sourced;
use crate::scenario::faults::{Fault, Faults, nearest};
use crate::scenario::file::{FineTable, RegimeFile};
use crate::scenario::load::schema_of_regime;
use crate::scenario::node::{Kind, Node};
use crate::scenario::provisions::word;
use crate::scenario::{Breach, FineBase, Party};
use std::collections::BTreeSet;

/// The rules of a regime file, to be checked.
pub struct Rules<'a> {
    root: &'a Node,
    file: &'a RegimeFile,
    /// What is wrong with its shape: values there are stand-ins, from which nothing must be concluded.
    shape: &'a Faults,
    /// Rules that the file sets, or means to set by a misspelt key.
    meant: BTreeSet<&'a str>,
}

/// A rule that does nothing unless one of some others is set too; a value of zero will do, so that one may be swept from there.
const NEEDS: &[(&str, &[&str])] = &[
    ("ref_price_window_days", &["claim_substantiation"]),
    ("bot_supplier_liable", BANS),
    ("key_room_extra_days", &["key_room_followers"]),
    ("platform_patrol_key", &["key_room_followers"]),
    ("fraud_damages_multiple", &["false_promise_is_fraud"]),
    ("fraud_damages_floor", &["false_promise_is_fraud"]),
    ("return_freight_payer", &["cooling_off_days"]),
    ("platform_patrol_small", &["q_platform"]),
    ("platform_patrol_key", &["q_platform"]),
    ("q_platform", PATROLS),
    ("detector", PATROLS),
    ("detector_threshold", PATROLS),
    ("correct_counters", PATROLS),
    ("throttle", PATROLS),
    ("suspension_days", PATROLS),
    ("false_positive_rate", OPENINGS),
    ("enforcement_delay_days", OPENINGS),
    ("redress_order", OPENINGS),
    ("realised_share", &["fines"]),
    ("publicity_shock", SANCTIONS),
];

const BANS: &[&str] = &["ban_fake_viewers", "ban_fake_orders", "ban_fake_reviews"];
const PATROLS: &[&str] = &["platform_patrol_small", "platform_patrol_key"];
/// What opens a procedure.
const OPENINGS: &[&str] = &["q_state", "investigates_from_complaints"];
const SANCTIONS: &[&str] = &["q_platform", "q_state", "investigates_from_complaints"];

impl<'a> Rules<'a> {
    /// Of a file: as it is after mending, as it was `written`, and typed; `shape` is what was mended.
    pub fn new(root: &'a Node, written: &'a Node, file: &'a RegimeFile, shape: &'a Faults) -> Self {
        let known = schema_of_regime()["properties"].as_object();
        let names = || known.into_iter().flatten().map(|(key, _)| key.as_str());
        let entries = match &written.kind {
            Kind::Table(entries) => entries.as_slice(),
            _ => &[],
        };
        let meant = entries.iter().filter_map(|entry| {
            let exact = names().find(|name| *name == entry.key);
            exact.or_else(|| nearest(&entry.key, names()))
        });
        Self {
            root,
            file,
            shape,
            meant: meant.collect(),
        }
    }

    /// Finds everything that is wrong.
    pub fn check(&self, faults: &mut Faults) {
        self.alone(faults);
        self.retention(faults);
        self.evidence(faults);
        for (index, fine) in self.file.fines.iter().enumerate() {
            let place = FinePlace {
                rules: self,
                index: index.to_string(),
            };
            if place.own("base") {
                place.bounds(fine, faults);
                place.rate(fine, faults);
            }
            place.called_for(fine, faults);
            let earlier = self.file.fines[..index]
                .iter()
                .position(|other| same(other, fine));
            place.said_before(earlier, faults);
        }
    }

    fn has_any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.meant.contains(key))
    }

    fn alone(&self, faults: &mut Faults) {
        for (rule, others) in NEEDS {
            let Some(entry) = self.root.entry(rule).filter(|_| !self.has_any(others)) else {
                continue;
            };
            let message = format!("`{rule}` does nothing without {}", either(others));
            let fault = Fault::at(&entry.key_place, message, "does nothing alone");
            faults.push(fault.help(format!("add {}, or leave `{rule}` out", either(others))));
        }
    }

    /// What is open to buyers is open to the authority.
    fn retention(&self, faults: &mut Faults) {
        let (Some(public), Some(authority)) = (
            &self.file.replay_public_days,
            &self.file.replay_authority_days,
        ) else {
            return;
        };
        let (public, authority) = (public.value.0, authority.value.0);
        if authority < public {
            let place = self.root.place_of(&["replay_authority_days", "value"]);
            let message = format!(
                "replays are kept {authority} days for the authority and open to buyers for {public}"
            );
            let fault = Fault::at(&place, message, "shorter than for buyers");
            faults.push(fault.help(format!(
                "write {public} or more, or leave `replay_authority_days` out: what is open to buyers is open to the authority"
            )));
        }
    }

    fn evidence(&self, faults: &mut Faults) {
        let Kind::Table(entries) = &self.root.kind else {
            return;
        };
        for entry in entries {
            match &entry.node.kind {
                Kind::Table(_) => sourced(&entry.node, self.shape, faults),
                Kind::Array(items) => items
                    .iter()
                    .for_each(|item| sourced(item, self.shape, faults)),
                _ => {}
            }
        }
    }
}

/// A fine and where it stands.
struct FinePlace<'a> {
    rules: &'a Rules<'a>,
    index: String,
}

impl FinePlace<'_> {
    fn fault(&self, key: &str, message: String, label: &str) -> Fault {
        let path = ["fines", &self.index, key];
        Fault::at(&self.rules.root.place_of(&path), message, label)
    }

    /// Whether a value is the author's own.
    fn own(&self, key: &str) -> bool {
        let path = ["fines", &self.index, key];
        !self.rules.shape.is_at(&self.rules.root.place_of(&path))
    }

    fn bounds(&self, fine: &FineTable, faults: &mut Faults) {
        match fine.max {
            Some(max) if fine.min > max => {
                let message = format!("a fine of at least {} and at most {max} yuan", fine.min);
                let fault = self.fault("min", message, "above the most");
                faults.push(fault.help(format!("allowed: 0 to {max} (yuan)")));
            }
            None if fine.base == FineBase::Fixed => {
                let message = "a fixed fine without `max`".to_owned();
                let fault = self.fault("base", message, "between which bounds?");
                faults.push(fault.help("give `min` and `max`; for one amount, the same twice"));
            }
            _ => {}
        }
    }

    fn rate(&self, fine: &FineTable, faults: &mut Faults) {
        let (most, meaning) = match fine.base {
            FineBase::Fixed => (1.0, "where a fixed fine lies between its bounds"),
            FineBase::Turnover => (1.0, "share of the turnover"),
            FineBase::Gains => (100.0, "multiple of the gains"),
            FineBase::AdCost => (100.0, "multiple of the advertising cost"),
            FineBase::PerViolation => return,
        };
        if fine.rate > most {
            let message = format!("{} is out of range", fine.rate);
            let fault = self.fault("rate", message, "out of range");
            faults.push(fault.help(format!("allowed: 0 to {most} ({meaning})")));
        }
    }

    /// A fine needs the rule whose breach it is for, and a farm's that farms answer at all.
    fn called_for(&self, fine: &FineTable, faults: &mut Faults) {
        let rules: &[&str] = match fine.breach {
            Breach::FakeViewers => &["ban_fake_viewers"],
            Breach::FakeOrders => &["ban_fake_orders"],
            Breach::FakeReviews => &["ban_fake_reviews"],
            Breach::InflatedReference => &["claim_substantiation"],
            Breach::DeletedReplay => &["replay_public_days", "replay_authority_days"],
            // Without a rule of their own: terms of sellers and platforms promise them too.
            Breach::FalsePromise | Breach::RefusedRedress => &[],
        };
        if !rules.is_empty() && !self.rules.has_any(rules) {
            let message = format!("a fine for {}, which no rule forbids", word(fine.breach));
            let fault = self.fault("breach", message, "not forbidden");
            faults.push(fault.help(format!("add {}, or leave the fine out", either(rules))));
        }
        if fine.party == Party::Farm && !self.rules.has_any(&["bot_supplier_liable"]) {
            let message = "a fine for the farm, which answers for nothing".to_owned();
            let fault = self.fault("party", message, "not liable");
            faults.push(fault.help("add `bot_supplier_liable`, or leave the fine out"));
        }
    }

    fn said_before(&self, earlier: Option<usize>, faults: &mut Faults) {
        if let Some(earlier) = earlier {
            let message = format!("a fine like fines[{earlier}]: same breach, party and base");
            let fault = self.fault("breach", message, "a second time");
            faults.push(fault.help("join the two, or change one of the three"));
        }
    }
}

fn same(one: &FineTable, other: &FineTable) -> bool {
    (one.breach, one.party, one.base) == (other.breach, other.party, other.base)
}

/// "`a`, `b` or `c`".
fn either(keys: &[&str]) -> String {
    let quoted: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, front)) => format!("{} or {last}", front.join(", ")),
        None => String::new(),
    }
}
