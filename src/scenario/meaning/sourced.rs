//! What a value with an article can get wrong: an assumption that does not say so, and a range to sweep what is none.

use crate::scenario::faults::{Fault, Faults};
use crate::scenario::file::{ASSUMPTION, Evidence};
use crate::scenario::node::{Kind, Node};

/// Checks a rule or a fine; nothing is concluded from what its `shape` has at fault.
pub fn sourced(rule: &Node, shape: &Faults, faults: &mut Faults) {
    let own = |path: &[&str]| !shape.is_at(&rule.place_of(path));
    let (Some(article), Some(code)) = (text(rule, "article"), text(rule, "evidence")) else {
        return;
    };
    if !own(&["evidence"]) {
        return;
    }
    let assumed = code == Evidence::A.code();
    if assumed != article.starts_with(ASSUMPTION) {
        let place = rule.place_of(&["article"]);
        faults.push(match assumed {
            true => Fault::at(&place, UNMARKED, "not marked").help(MARK_IT),
            false => {
                let message = format!("an assumption with the evidence code {code}");
                let help = "write evidence = \"A\", or name the article that says it";
                Fault::at(&place, message, "marked as an assumption").help(help)
            }
        });
    }
    let of_range = [
        ["value"].as_slice(),
        &["sweep"],
        &["sweep", "0"],
        &["sweep", "1"],
    ];
    if of_range.into_iter().all(own) {
        sweep(rule, assumed, faults);
    }
}

const UNMARKED: &str = "evidence A, and the article does not say that it is an assumption";
const MARK_IT: &str = "begin it with \"assumption: \" and say why, or give the evidence code of the article: SEED, V, VS, S, D, R";

/// A range to sweep goes with a number that is an assumption, and holds it.
fn sweep(rule: &Node, assumed: bool, faults: &mut Faults) {
    let Some(entry) = rule.entry("sweep") else {
        return;
    };
    let mut wrong = |message: String, label: &str, help: &str| {
        faults.push(Fault::at(&entry.key_place, message, label).help(help));
    };
    let (value, low, high) = (
        number(rule, &["value"]),
        number(rule, &["sweep", "0"]),
        number(rule, &["sweep", "1"]),
    );
    let (Some(value), Some(low), Some(high)) = (value, low, high) else {
        let message = "a range of what is no number".to_owned();
        return wrong(
            message,
            "not a number",
            "leave `sweep` out: it is for numbers",
        );
    };
    if !assumed {
        let help = "leave `sweep` out: what a law says is not swept";
        wrong(
            "a range of what is no assumption".to_owned(),
            "not an assumption",
            help,
        );
    } else if !(low..=high).contains(&value) {
        let message = format!("{value} is not between {low} and {high}");
        let help = format!("write sweep = [LEAST, MOST] with {value} between them");
        wrong(message, "does not hold the value", &help);
    }
}

fn text<'a>(rule: &'a Node, key: &str) -> Option<&'a str> {
    match &rule.at(&[key])?.kind {
        Kind::Text(text) => Some(text),
        _ => None,
    }
}

fn number(rule: &Node, path: &[&str]) -> Option<f64> {
    match rule.at(path)?.kind {
        Kind::Whole(whole) => Some(whole as f64),
        Kind::Number(number) => Some(number),
        _ => None,
    }
}
