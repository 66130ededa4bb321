//! The check of meaning: what a well-shaped scenario can still get wrong. Every fault is found, each at its place.

use super::check::Checker;
use super::faults::{Fault, Faults, Place, suggest};
use super::file::{RoomTable, ScenarioFile};
use super::load::schema_of_script;
use super::node::{Kind, Node};
use super::scripts::{Origin, ScriptTemplate, Staged, cues_of_room};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// Checks the meaning of a scenario whose shape is right.
pub struct Meaning<'a> {
    /// The document, for places.
    pub root: &'a Node,
    /// The same, typed.
    pub file: &'a ScenarioFile,
    /// Scripts that are played.
    pub scripts: &'a BTreeMap<String, ScriptTemplate>,
}

impl Meaning<'_> {
    /// Finds everything that is wrong.
    pub fn check(&self, faults: &mut Faults) {
        self.clock(faults);
        self.population(faults);
        self.products(faults);
        for (name, room) in &self.file.rooms {
            self.room(name, room, faults);
        }
        self.anchors_in_two_rooms(faults);
        self.generated(faults);
    }

    fn fault(&self, path: &[&str], message: String, label: &str) -> Fault {
        Fault::at(&self.root.place_of(path), message, label)
    }

    /// A name that must be among `names`.
    fn reference<'n>(
        &self,
        place: &Place,
        kind: &str,
        name: &str,
        names: impl Iterator<Item = &'n String>,
        faults: &mut Faults,
    ) {
        let names: Vec<&str> = names.map(String::as_str).collect();
        if !names.contains(&name) {
            let mut fault = Fault::at(place, format!("there is no {kind} `{name}`"), "not found");
            fault.help =
                suggest(name, names).or(Some(format!("the scenario has no {kind} at all")));
            faults.push(fault);
        }
    }

    fn clock(&self, faults: &mut Faults) {
        let clock = &self.file.clock;
        if clock.end <= clock.start {
            faults.push(
                self.fault(
                    &["clock", "end"],
                    "the clock ends before it starts".to_owned(),
                    "not after the start",
                )
                .help(format!("it starts at {}", clock.start)),
            );
        }
        let days = (clock.end.0 - clock.start.0).num_days();
        if days > 366 {
            faults.push(
                self.fault(
                    &["clock", "end"],
                    format!("the clock runs for {days} days"),
                    "too long",
                )
                .help("allowed: at most 366 days"),
            );
        }
        self.divides(
            "tick_seconds",
            clock.tick_seconds,
            clock.display_period_seconds,
            faults,
        );
        let hop = self.file.behaviour.hop_seconds;
        if clock.tick_seconds > hop {
            faults.push(
                self.fault(
                    &["clock", "tick_seconds"],
                    format!(
                        "a tick of {} s is longer than a hop of {hop} s",
                        clock.tick_seconds
                    ),
                    "too long",
                )
                .help("make the tick shorter, or raise behaviour.hop_seconds"),
            );
        }
    }

    fn divides(&self, key: &str, tick: f64, period: f64, faults: &mut Faults) {
        let times = period / tick;
        if (times - times.round()).abs() > 1e-9 {
            faults.push(
                self.fault(
                    &["clock", key],
                    format!("a tick of {tick} s does not divide the display period of {period} s"),
                    "does not divide it",
                )
                .help("choose display_period_seconds as a multiple of tick_seconds"),
            );
        }
    }

    fn population(&self, faults: &mut Faults) {
        let segments = &self.file.population.segments;
        let sum: f64 = segments.values().map(|segment| segment.share).sum();
        if (sum - 1.0).abs() > 1e-6 {
            let place = self.root.key_place_of(&["population", "segments"]);
            faults.push(
                Fault::at(
                    &place,
                    format!("the shares of the segments add up to {sum}"),
                    "should be 1",
                )
                .help("shares of all segments must add up to 1"),
            );
        }
        if self.file.categories.len() > 64 {
            let place = self.root.key_place_of(&["categories"]);
            faults.push(
                Fault::at(
                    &place,
                    format!("{} categories", self.file.categories.len()),
                    "too many",
                )
                .help("allowed: at most 64"),
            );
        }
        for (name, segment) in segments {
            for category in segment.needs.keys() {
                let path = ["population", "segments", name, "needs", category];
                let place = self.root.key_place_of(&path);
                self.reference(
                    &place,
                    "category",
                    category,
                    self.file.categories.keys(),
                    faults,
                );
            }
        }
    }

    fn products(&self, faults: &mut Faults) {
        for (name, product) in &self.file.products {
            let place = |key| self.root.place_of(&["products", name, key]);
            self.reference(
                &place("brand"),
                "brand",
                &product.brand,
                self.file.brands.keys(),
                faults,
            );
            self.reference(
                &place("category"),
                "category",
                &product.category,
                self.file.categories.keys(),
                faults,
            );
        }
    }

    fn room(&self, name: &str, room: &RoomTable, faults: &mut Faults) {
        let place = |key| self.root.place_of(&["rooms", name, key]);
        self.reference(
            &place("anchor"),
            "anchor",
            &room.anchor,
            self.file.anchors.keys(),
            faults,
        );
        if room.off_air <= room.on_air {
            faults.push(
                Fault::at(
                    &place("off_air"),
                    format!("room `{name}` goes off air before it goes on air"),
                    "not after on_air",
                )
                .help(format!("it goes on air at {}", room.on_air)),
            );
        }
        let clock = &self.file.clock;
        if room.on_air < clock.start || room.off_air > clock.end {
            faults.push(
                Fault::at(
                    &place("on_air"),
                    format!("room `{name}` is on air outside of the clock"),
                    "outside",
                )
                .help(format!(
                    "the clock runs from {} to {}",
                    clock.start, clock.end
                )),
            );
        }
        if let Some(preview) = &room.preview {
            for (index, product) in preview.products.iter().enumerate() {
                let path = ["rooms", name, "preview", "products", &index.to_string()];
                let place = self.root.place_of(&path);
                self.reference(
                    &place,
                    "product",
                    product,
                    self.file.products.keys(),
                    faults,
                );
            }
        }
        if let Some(background) = &room.background {
            for (index, pair) in background.viewers.windows(2).enumerate() {
                if pair[1].at <= pair[0].at {
                    let path = [
                        "rooms",
                        name,
                        "background",
                        "viewers",
                        &(index + 1).to_string(),
                    ];
                    faults.push(
                        self.fault(
                            &path,
                            "this point is not after the one before".to_owned(),
                            "out of order",
                        )
                        .help("put the points in order of time"),
                    );
                }
            }
        }
        let before = faults.0.len();
        self.plays(name, room, faults);
        self.own_cues_in_order(name, room, faults);
        match cues_of_room(room, self.scripts) {
            Ok(staged) => self.cues(name, room, &staged, faults),
            // What a play gets wrong has been found already, unless it is something that only reading it finds.
            Err(_) if faults.0.len() > before => {}
            Err(wrong) => {
                for message in wrong {
                    faults.push(Fault::at(
                        &self.root.key_place_of(&["rooms", name]),
                        message,
                        "here",
                    ));
                }
            }
        }
    }

    /// Fills each script in and checks what comes out as if it stood at the play.
    fn plays(&self, name: &str, room: &RoomTable, faults: &mut Faults) {
        let schema = schema_of_script();
        for (number, play) in room.play.iter().enumerate() {
            let number = number.to_string();
            let place = self.root.place_of(&["rooms", name, "play", &number]);
            let Some(template) = self.scripts.get(&play.script) else {
                continue;
            };
            match template.fill(&play.with) {
                Err(wrong) => {
                    for message in wrong {
                        faults.push(Fault::at(
                            &place,
                            format!("script `{}`: {message}", play.script),
                            "this play",
                        ));
                    }
                }
                Ok(filled) => {
                    let node = of_json(&filled, &place);
                    let mut inside = Faults::default();
                    Checker::new(&schema).check(&node, &mut inside);
                    for mut fault in inside.0 {
                        fault.message =
                            format!("script `{}`, filled in: {}", play.script, fault.message);
                        faults.push(fault);
                    }
                }
            }
        }
    }

    fn own_cues_in_order(&self, name: &str, room: &RoomTable, faults: &mut Faults) {
        for (index, pair) in room.cues.windows(2).enumerate() {
            if pair[1].at < pair[0].at {
                let path = ["rooms", name, "cues", &(index + 1).to_string(), "at"];
                faults.push(
                    self.fault(
                        &path,
                        format!("this cue falls at {}, before the one above it", pair[1].at),
                        "out of order",
                    )
                    .help(format!("the cue above falls at {}", pair[0].at)),
                );
            }
        }
    }

    fn place_of_cue(&self, room: &str, origin: Origin) -> Place {
        match origin {
            Origin::Play(number) => {
                self.root
                    .place_of(&["rooms", room, "play", &number.to_string()])
            }
            Origin::Own(number) => {
                self.root
                    .place_of(&["rooms", room, "cues", &number.to_string(), "at"])
            }
        }
    }

    fn cues(&self, name: &str, room: &RoomTable, staged: &[Staged], faults: &mut Faults) {
        let length = (room.off_air.0 - room.on_air.0).num_seconds() as f64;
        let mut open: BTreeSet<String> = BTreeSet::new();
        let mut opened: BTreeSet<String> = BTreeSet::new();
        for cue in staged {
            let place = self.place_of_cue(name, cue.origin);
            let whose = cue
                .script
                .as_ref()
                .map_or(String::new(), |script| format!("script `{script}`: "));
            if cue.at >= length {
                faults.push(
                    Fault::at(
                        &place,
                        format!("{whose}a cue falls after room `{name}` has gone off air"),
                        "too late",
                    )
                    .help(format!("the room is on air until {}", room.off_air)),
                );
            }
            let Some((act, about)) = self.one_act(cue, &place, &whose, faults) else {
                continue;
            };
            self.references(&about, &place, faults);
            self.windows(&act, &about, room, &place, faults);
            self.link(&act, &about, &whose, &place, &mut open, &mut opened, faults);
        }
    }

    /// The one act of a cue: its name and its table.
    fn one_act(
        &self,
        cue: &Staged,
        place: &Place,
        whose: &str,
        faults: &mut Faults,
    ) -> Option<(String, Json)> {
        let json = serde_json::to_value(&cue.cue).ok()?;
        let acts: Vec<(String, Json)> = json
            .as_object()?
            .iter()
            .filter(|(key, _)| *key != "at")
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        match acts.len() {
            1 => acts.into_iter().next(),
            0 => {
                faults.push(
                    Fault::at(place, format!("{whose}this cue does nothing"), "no act").help(
                        "give it one act, such as `drop_price`: see `yellowcart explain cues`"
                            .replace("drop_price", "set_price"),
                    ),
                );
                None
            }
            _ => {
                let names: Vec<&str> = acts.iter().map(|(name, _)| name.as_str()).collect();
                faults.push(
                    Fault::at(
                        place,
                        format!(
                            "{whose}this cue has {} acts: {}",
                            acts.len(),
                            names.join(", ")
                        ),
                        "more than one act",
                    )
                    .help("write one cue for each act; they may fall at the same time"),
                );
                None
            }
        }
    }

    fn references(&self, about: &Json, place: &Place, faults: &mut Faults) {
        let text = |key: &str| about.get(key).and_then(Json::as_str);
        if let Some(product) = text("product") {
            self.reference(place, "product", product, self.file.products.keys(), faults);
        }
        if let Some(farm) = text("farm") {
            self.reference(place, "farm", farm, self.file.farms.keys(), faults);
        }
        if let Some(room) = text("about_room") {
            self.reference(place, "room", room, self.file.rooms.keys(), faults);
        }
    }

    fn windows(
        &self,
        act: &str,
        about: &Json,
        room: &RoomTable,
        place: &Place,
        faults: &mut Faults,
    ) {
        let number = |key: &str| about.get(key).and_then(Json::as_f64);
        let text = |key: &str| about.get(key).and_then(Json::as_str);
        if act == "own_store_price" && text("until") <= text("from") {
            faults.push(
                Fault::at(
                    place,
                    "this price ends before it begins",
                    "impossible window",
                )
                .help("`until` must be after `from`"),
            );
        }
        if act == "open_link" {
            if number("shown_stock") > number("stock") {
                faults.push(
                    Fault::at(
                        place,
                        "more stock is shown than there is",
                        "shown_stock above stock",
                    )
                    .help(
                        "shown_stock is for pages that show less; leave it out to show the truth",
                    ),
                );
            }
            match (number("deposit"), text("balance_due")) {
                (Some(deposit), _) if number("price").is_some_and(|price| deposit >= price) => {
                    faults.push(
                        Fault::at(
                            place,
                            "the deposit is not below the price",
                            "deposit too high",
                        )
                        .help("a deposit is a part of the price"),
                    )
                }
                (Some(_), None) => faults.push(
                    Fault::at(
                        place,
                        "a presale needs the moment at which the balance is due",
                        "no balance_due",
                    )
                    .help("add balance_due = \"2020-11-01 00:00\""),
                ),
                (None, Some(_)) => faults.push(
                    Fault::at(place, "a balance is due without a deposit", "no deposit")
                        .help("add deposit, or leave balance_due out"),
                ),
                (Some(_), Some(due)) if due <= room.on_air.to_string().as_str() => faults.push(
                    Fault::at(
                        place,
                        "the balance is due before the room is on air",
                        "impossible window",
                    )
                    .help(format!("the room goes on air at {}", room.on_air)),
                ),
                _ => {}
            }
        }
        if act == "shout_orders" && number("to") < number("from") {
            faults.push(
                Fault::at(place, "the shouted figure falls", "`to` below `from`")
                    .help("a counter that staff shout climbs from `from` to `to`"),
            );
        }
    }

    /// Acts that need an open link, or one that has been open.
    #[allow(clippy::too_many_arguments)] // the state of the links is the caller's
    fn link(
        &self,
        act: &str,
        about: &Json,
        whose: &str,
        place: &Place,
        open: &mut BTreeSet<String>,
        opened: &mut BTreeSet<String>,
        faults: &mut Faults,
    ) {
        let Some(product) = about.get("product").and_then(Json::as_str) else {
            return;
        };
        let mut wrong = |message: String, help: &str| {
            faults
                .push(Fault::at(place, format!("{whose}{message}"), "here").help(help.to_owned()));
        };
        match act {
            "open_link" => {
                if !open.insert(product.to_owned()) {
                    wrong(
                        format!("the link of `{product}` is open already"),
                        "close it first, or use set_price or restock",
                    );
                }
                opened.insert(product.to_owned());
            }
            "close_link" if !open.remove(product) => wrong(
                format!("the link of `{product}` is not open"),
                "open it first with open_link",
            ),
            "set_price" | "misbid" | "wrong_quantity" | "countdown" | "restock"
                if !open.contains(product) =>
            {
                wrong(
                    format!("{act} on `{product}`, whose link is not open then"),
                    "open it first with open_link",
                )
            }
            _ => {}
        }
    }

    fn anchors_in_two_rooms(&self, faults: &mut Faults) {
        let rooms: Vec<_> = self.file.rooms.iter().collect();
        for (index, (name, room)) in rooms.iter().enumerate() {
            for (other_name, other) in &rooms[..index] {
                let overlap = room.on_air < other.off_air && other.on_air < room.off_air;
                if room.anchor == other.anchor && overlap {
                    faults.push(
                        self.fault(
                            &["rooms", name, "anchor"],
                            format!(
                                "anchor `{}` is on air in `{other_name}` at the same time",
                                room.anchor
                            ),
                            "in two rooms at once",
                        )
                        .help("give the room another anchor or another time"),
                    );
                }
            }
        }
    }

    fn generated(&self, faults: &mut Faults) {
        let Some(table) = &self.file.generate else {
            return;
        };
        let clock = &self.file.clock;
        if table.on_air_until <= table.on_air_from {
            faults.push(
                self.fault(
                    &["generate", "on_air_until"],
                    "the window ends before it begins".to_owned(),
                    "impossible window",
                )
                .help(format!("it begins at {}", table.on_air_from)),
            );
        }
        if table.on_air_from < clock.start || table.on_air_until > clock.end {
            faults.push(
                self.fault(
                    &["generate", "on_air_from"],
                    "rooms go on air outside of the clock".to_owned(),
                    "outside",
                )
                .help(format!(
                    "the clock runs from {} to {}",
                    clock.start, clock.end
                )),
            );
        }
        if let Some(farm) = &table.farm {
            let place = self.root.place_of(&["generate", "farm"]);
            self.reference(&place, "farm", farm, self.file.farms.keys(), faults);
        } else if table.buying_share > 0.0 {
            faults.push(
                self.fault(
                    &["generate", "buying_share"],
                    "rooms buy viewers, but from which farm?".to_owned(),
                    "no farm",
                )
                .help("add farm = \"the name of a farm\""),
            );
        }
        for category in table.categories.keys() {
            let place = self
                .root
                .key_place_of(&["generate", "categories", category]);
            self.reference(
                &place,
                "category",
                category,
                self.file.categories.keys(),
                faults,
            );
        }
        let sum: f64 = table.scripts.values().map(|share| share.0).sum();
        if sum > 1.0 + 1e-9 {
            let place = self.root.key_place_of(&["generate", "scripts"]);
            faults.push(
                Fault::at(
                    &place,
                    format!("the shares of the scripts add up to {sum}"),
                    "more than 1",
                )
                .help("what is left of 1 plays honest_pitch"),
            );
        }
    }
}

/// JSON as nodes that all stand at one place.
fn of_json(json: &Json, place: &Place) -> Node {
    let kind = match json {
        Json::Object(entries) => Kind::Table(
            entries
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| super::node::Entry {
                    key: key.clone(),
                    key_place: place.clone(),
                    node: of_json(value, place),
                })
                .collect(),
        ),
        Json::Array(items) => Kind::Array(items.iter().map(|item| of_json(item, place)).collect()),
        Json::String(text) => Kind::Text(text.clone()),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Kind::Whole(whole),
            None => Kind::Number(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::Bool(flag) => Kind::Flag(*flag),
        Json::Null => Kind::Text(String::new()),
    };
    Node {
        place: place.clone(),
        kind,
    }
}
