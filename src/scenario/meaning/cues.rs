//! What cues can get wrong: what they name, their windows, and the links that they need.

use super::Meaning;
use crate::scenario::faults::{Fault, Faults, Place};
use crate::scenario::file::{ObtainedBy, RoomTable};
use crate::scenario::node::Node;
use crate::scenario::scripts::{Origin, Staged};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// A cue at which something may be wrong.
struct Suspect<'a> {
    /// Its one act.
    act: &'a str,
    /// The table of the act.
    about: &'a Json,
    /// The script that it comes from, as the beginning of a sentence.
    whose: &'a str,
    place: &'a Place,
    /// Table of the act in the document, if it stands in the scenario itself.
    keys: Option<&'a Node>,
}

impl Suspect<'_> {
    fn number(&self, key: &str) -> Option<f64> {
        self.about.get(key).and_then(Json::as_f64)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.about.get(key).and_then(Json::as_str)
    }

    /// Where a value stands, or the cue.
    fn place_of(&self, key: &str) -> &Place {
        let entry = self.keys.and_then(|table| table.entry(key));
        entry.map_or(self.place, |entry| &entry.node.place)
    }

    fn fault(&self, message: impl std::fmt::Display, label: &str) -> Fault {
        Fault::at(self.place, format!("{}{message}", self.whose), label)
    }
}

impl Meaning<'_> {
    pub(super) fn cues(
        &self,
        name: &str,
        room: &RoomTable,
        staged: &[Staged],
        mut complete: bool,
        faults: &mut Faults,
    ) {
        let length = (room.off_air.0 - room.on_air.0).num_seconds() as f64;
        let mut open: BTreeSet<String> = BTreeSet::new();
        for cue in staged {
            let place = self.place_of_cue(name, cue.origin);
            let whose = match &cue.script {
                Some(script) => format!("script `{script}`: "),
                None => String::new(),
            };
            if length > 0.0 && cue.at >= length {
                let message = format!("{whose}a cue falls after room `{name}` has gone off air");
                let help = format!("the room is on air until {}", room.off_air);
                faults.push(Fault::at(&place, message, "too late").help(help));
            }
            match one_act(cue, &whose, &place) {
                Ok((act, about)) => {
                    let suspect = Suspect {
                        act: &act,
                        about: &about,
                        whose: &whose,
                        place: &place,
                        keys: self.keys_of_act(name, cue.origin, &act),
                    };
                    let before = faults.0.len();
                    self.names(&suspect, faults);
                    complete &= faults.0.len() == before;
                    price_of_own_store(&suspect, faults);
                    self.issue(&suspect, faults);
                    opening(&suspect, room, faults);
                    shouting(&suspect, faults);
                    // Without all plays and names it is not known which links are open.
                    if complete {
                        link(&suspect, &mut open, faults);
                    }
                }
                Err(fault) if !self.spoilt(name, cue.origin) => faults.push(*fault),
                Err(_) => {}
            }
        }
    }

    /// Whether the shape of a play or of a cue of the room's own is wrong: then nothing is concluded from it.
    pub(super) fn spoilt(&self, room: &str, origin: Origin) -> bool {
        let (list, number) = match origin {
            Origin::Play(number) => ("play", number),
            Origin::Own(number) => ("cues", number),
        };
        let start = |number: usize| {
            let path = ["rooms", room, list, &number.to_string()];
            self.root.at(&path).map(|node| node.place.span.start)
        };
        let from = start(number).unwrap_or(0);
        let until = start(number + 1).unwrap_or(usize::MAX);
        let mut places = self.shape.0.iter().filter_map(|fault| fault.place.as_ref());
        places.any(|place| (from..until).contains(&place.span.start))
    }

    fn place_of_cue(&self, room: &str, origin: Origin) -> Place {
        let (list, number, rest) = match origin {
            Origin::Play(number) => ("play", number, None),
            Origin::Own(number) => ("cues", number, Some("at")),
        };
        let number = number.to_string();
        let path = ["rooms", room, list, &number].into_iter().chain(rest);
        self.root.place_of(&path.collect::<Vec<_>>())
    }

    fn keys_of_act(&self, room: &str, origin: Origin, act: &str) -> Option<&Node> {
        match origin {
            Origin::Play(_) => None,
            Origin::Own(number) => {
                let number = number.to_string();
                self.root.at(&["rooms", room, "cues", &number, act])
            }
        }
    }

    /// Giving out a coupon that everybody has who knows of it, or more of them than there are.
    fn issue(&self, cue: &Suspect, faults: &mut Faults) {
        let (Some(name), true) = (cue.text("coupon"), cue.act == "issue_coupon") else {
            return;
        };
        let Some(coupon) = self.file.coupons.get(name) else {
            return;
        };
        if coupon.obtained == ObtainedBy::Knowing {
            let message = format!("coupon `{name}` is had by whoever knows of it");
            let fault = cue.fault(message, "nothing to give out");
            faults.push(fault.help("set obtained = \"room\" in the coupon, or take the cue out"));
        }
        let count = cue.number("count").unwrap_or(0.0);
        if coupon
            .quantity
            .is_some_and(|quantity| count > quantity as f64)
        {
            let quantity = coupon.quantity.unwrap_or(0);
            let message =
                format!("{count} coupons `{name}` are given out, and there are {quantity}");
            let fault = cue.fault(message, "too many");
            faults.push(fault.help("lower `count`, or raise the coupon's `quantity`"));
        }
    }

    fn names(&self, cue: &Suspect, faults: &mut Faults) {
        let mut named = |key: &str, kind: &str, names: &mut dyn Iterator<Item = &String>| {
            if let Some(name) = cue.text(key) {
                self.reference(cue.place_of(key), kind, name, names, faults);
            }
        };
        named("product", "product", &mut self.file.products.keys());
        named("farm", "farm", &mut self.file.farms.keys());
        named("about_room", "room", &mut self.file.rooms.keys());
        named("coupon", "coupon", &mut self.file.coupons.keys());
        named(
            "segment",
            "segment",
            &mut self.file.population.segments.keys(),
        );
    }
}

/// The one act of a cue: its name and its table.
fn one_act(cue: &Staged, whose: &str, place: &Place) -> Result<(String, Json), Box<Fault>> {
    let acts: Vec<(String, Json)> = match serde_json::to_value(&cue.cue) {
        Ok(Json::Object(entries)) => entries.into_iter().filter(|(key, _)| key != "at").collect(),
        _ => Vec::new(),
    };
    if acts.is_empty() {
        let fault = Fault::at(place, format!("{whose}this cue does nothing"), "no act");
        let help = "give it one act, such as `set_price`: see `yellowcart explain cues`";
        return Err(Box::new(fault.help(help)));
    }
    if acts.len() > 1 {
        let names: Vec<&str> = acts.iter().map(|(name, _)| name.as_str()).collect();
        let message = format!(
            "{whose}this cue has {} acts: {}",
            acts.len(),
            names.join(", ")
        );
        let help = "write one cue for each act; they may fall at the same time";
        return Err(Box::new(
            Fault::at(place, message, "more than one act").help(help),
        ));
    }
    Ok(acts.into_iter().next().unwrap_or_default())
}

fn price_of_own_store(cue: &Suspect, faults: &mut Faults) {
    if cue.act == "own_store_price" && cue.text("until") <= cue.text("from") {
        let fault = cue.fault("this price ends before it begins", "impossible window");
        faults.push(fault.help("`until` must be after `from`"));
    }
}

fn shouting(cue: &Suspect, faults: &mut Faults) {
    if cue.act == "shout_orders" && cue.number("to") < cue.number("from") {
        let fault = cue.fault("the shouted figure falls", "`to` below `from`");
        faults.push(fault.help("a counter that staff shout climbs from `from` to `to`"));
    }
}

/// The terms of a link: what is shown of the stock, and the two parts of a presale price.
fn opening(cue: &Suspect, room: &RoomTable, faults: &mut Faults) {
    if cue.act != "open_link" {
        return;
    }
    if cue.number("shown_stock") > cue.number("stock") {
        let fault = cue.fault(
            "more stock is shown than there is",
            "shown_stock above stock",
        );
        let help = "shown_stock is for pages that show less; leave it out to show the truth";
        faults.push(fault.help(help));
    }
    let on_air = room.on_air.to_string();
    match (
        cue.number("deposit"),
        cue.text("balance_due"),
        cue.number("price"),
    ) {
        (Some(deposit), _, Some(price)) if deposit >= price => {
            let fault = cue.fault("the deposit is not below the price", "deposit too high");
            faults.push(fault.help("a deposit is a part of the price"));
        }
        (Some(_), None, _) => {
            let message = "a presale needs the moment at which the balance is due";
            let fault = cue.fault(message, "no balance_due");
            faults.push(fault.help("add balance_due = \"2020-11-01 00:00\""));
        }
        (None, Some(_), _) => {
            let fault = cue.fault("a balance is due without a deposit", "no deposit");
            faults.push(fault.help("add deposit, or leave balance_due out"));
        }
        (Some(_), Some(due), _) if cue.text("balance_until").is_some_and(|end| end <= due) => {
            let message = "the balance can be paid until before it can be paid";
            let fault = cue.fault(message, "impossible window");
            faults.push(fault.help("balance_until must be after balance_due"));
        }
        (Some(_), Some(due), _) if due <= on_air.as_str() => {
            let message = "the balance is due before the room is on air";
            let fault = cue.fault(message, "impossible window");
            faults.push(fault.help(format!("the room goes on air at {on_air}")));
        }
        _ => {}
    }
}

/// Acts that need an open link, or one that is not open yet.
fn link(cue: &Suspect, open: &mut BTreeSet<String>, faults: &mut Faults) {
    let Some(product) = cue.text("product") else {
        return;
    };
    let (message, help) = match cue.act {
        "open_link" if !open.insert(product.to_owned()) => (
            format!("the link of `{product}` is open already"),
            "close it first, or use set_price or restock",
        ),
        "close_link" if !open.remove(product) => (
            format!("the link of `{product}` is not open"),
            "open it first with open_link",
        ),
        "set_price" | "misbid" | "wrong_quantity" | "countdown" | "restock"
            if !open.contains(product) =>
        {
            (
                format!("{} on `{product}`, whose link is not open then", cue.act),
                "open it first with open_link",
            )
        }
        _ => return,
    };
    faults.push(cue.fault(message, "here").help(help));
}
