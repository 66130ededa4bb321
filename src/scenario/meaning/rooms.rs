//! What rooms can get wrong: whom they name, when they are on air, and what they play.

use super::Meaning;
use crate::scenario::check::Checker;
use crate::scenario::faults::{Fault, Faults};
use crate::scenario::file::{PlayTable, RoomTable};
use crate::scenario::load::schema_of_script;
use crate::scenario::node::Node;
use crate::scenario::scripts::{Origin, cues_of_room};

impl Meaning<'_> {
    pub(super) fn room(&self, name: &str, room: &RoomTable, faults: &mut Faults) {
        let anchor = self.root.place_of(&["rooms", name, "anchor"]);
        let anchors = self.file.anchors.keys();
        self.reference(&anchor, "anchor", &room.anchor, anchors, faults);
        self.times(name, room, faults);
        self.preview(name, room, faults);
        self.background(name, room, faults);
        let before = faults.0.len();
        for (number, play) in room.play.iter().enumerate() {
            self.play(name, number, play, faults);
        }
        let in_order = self.own_cues_in_order(name, room, faults);
        let (staged, wrong) = cues_of_room(room, self.scripts);
        let complete = in_order && wrong.is_empty();
        self.cues(name, room, &staged, complete, faults);
        // What a play gets wrong has been found already, unless it is something that only reading it finds.
        if faults.0.len() == before && !self.lacks_a_script(room) {
            let place = self.root.key_place_of(&["rooms", name]);
            for message in wrong {
                faults.push(Fault::at(&place, message, "here"));
            }
        }
    }

    fn lacks_a_script(&self, room: &RoomTable) -> bool {
        room.play
            .iter()
            .any(|play| !self.scripts.contains_key(&play.script))
    }

    fn times(&self, name: &str, room: &RoomTable, faults: &mut Faults) {
        if !self.own(&[&["rooms", name, "on_air"], &["rooms", name, "off_air"]]) {
            return;
        }
        if room.off_air <= room.on_air {
            let message = format!("room `{name}` goes off air before it goes on air");
            let fault = self.fault(&["rooms", name, "off_air"], message, "not after on_air");
            faults.push(fault.help(format!("it goes on air at {}", room.on_air)));
        }
        let clock = &self.file.clock;
        if !self.own(&[&["clock", "start"], &["clock", "end"]]) || clock.end <= clock.start {
            return;
        }
        if room.on_air < clock.start || room.off_air > clock.end {
            let message = format!("room `{name}` is on air outside of the clock");
            let fault = self.fault(&["rooms", name, "on_air"], message, "outside");
            faults.push(fault.help(format!(
                "the clock runs from {} to {}",
                clock.start, clock.end
            )));
        }
    }

    fn preview(&self, name: &str, room: &RoomTable, faults: &mut Faults) {
        let Some(preview) = &room.preview else {
            return;
        };
        for (index, product) in preview.products.iter().enumerate() {
            let path = ["rooms", name, "preview", "products", &index.to_string()];
            let place = self.root.place_of(&path);
            let products = self.file.products.keys();
            self.reference(&place, "product", product, products, faults);
        }
    }

    fn background(&self, name: &str, room: &RoomTable, faults: &mut Faults) {
        let Some(background) = &room.background else {
            return;
        };
        for (index, pair) in background.viewers.windows(2).enumerate() {
            if pair[1].at <= pair[0].at {
                let number = (index + 1).to_string();
                let path = ["rooms", name, "background", "viewers", &number];
                let message = "this point is not after the one before".to_owned();
                let fault = self.fault(&path, message, "out of order");
                faults.push(fault.help("put the points in order of time"));
            }
        }
    }

    /// Fills a script in and checks what comes out as if it stood at the play.
    fn play(&self, room: &str, number: usize, play: &PlayTable, faults: &mut Faults) {
        let Some(template) = self.scripts.get(&play.script) else {
            return;
        };
        if self.spoilt(room, Origin::Play(number)) {
            return;
        }
        let place = self
            .root
            .place_of(&["rooms", room, "play", &number.to_string()]);
        match template.fill(&play.with) {
            Err(wrong) => {
                for message in wrong {
                    let message = format!("script `{}`: {message}", play.script);
                    faults.push(Fault::at(&place, message, "this play"));
                }
            }
            Ok(filled) => {
                let mut node = Node::of_json(&filled, &place);
                let mut inside = Faults::default();
                Checker::new(schema_of_script()).check(&mut node, &mut inside);
                for mut fault in inside.0 {
                    fault.message =
                        format!("script `{}`, filled in: {}", play.script, fault.message);
                    faults.push(fault);
                }
            }
        }
    }

    fn own_cues_in_order(&self, name: &str, room: &RoomTable, faults: &mut Faults) -> bool {
        let before = faults.0.len();
        for (index, pair) in room.cues.windows(2).enumerate() {
            if pair[1].at < pair[0].at {
                let path = ["rooms", name, "cues", &(index + 1).to_string(), "at"];
                let message = format!("this cue falls at {}, before the one above it", pair[1].at);
                let fault = self.fault(&path, message, "out of order");
                faults.push(fault.help(format!("the cue above falls at {}", pair[0].at)));
            }
        }
        faults.0.len() == before
    }

    pub(super) fn anchors_in_two_rooms(&self, faults: &mut Faults) {
        let rooms: Vec<_> = self.file.rooms.iter().collect();
        for (index, (name, room)) in rooms.iter().enumerate() {
            for (other_name, other) in &rooms[..index] {
                let overlap = room.on_air < other.off_air && other.on_air < room.off_air;
                if room.anchor == other.anchor && overlap {
                    let message = format!(
                        "anchor `{}` is on air in `{other_name}` at the same time",
                        room.anchor
                    );
                    let fault =
                        self.fault(&["rooms", name, "anchor"], message, "in two rooms at once");
                    faults.push(fault.help("give the room another anchor or another time"));
                }
            }
        }
    }
}
