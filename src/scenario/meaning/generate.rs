//! What a generated market can get wrong.

use super::{Meaning, rounded};
use crate::scenario::faults::{Fault, Faults};
use crate::scenario::file::GenerateTable;

/// Products of a generated market, on average, that fit into the memory of an ordinary machine.
const MOST_PRODUCTS: f64 = 3_000_000.0;

/// Rooms on all evenings together that do.
const MOST_ROOMS: f64 = 1_000_000.0;

impl Meaning<'_> {
    pub(super) fn generated(&self, faults: &mut Faults) {
        let Some(table) = &self.file.generate else {
            return;
        };
        self.window(table, faults);
        let products = f64::from(table.rooms) * table.products_per_room;
        let sessions =
            f64::from(table.rooms) * (1.0 + f64::from(table.evenings - 1) * table.on_air_share);
        if sessions > MOST_ROOMS {
            let message = format!("{sessions} rooms on all evenings");
            let fault = self.fault(&["generate", "evenings"], message, "too many");
            let help = format!("rooms times evenings may be {MOST_ROOMS} at most");
            faults.push(fault.help(help));
        }
        if products > MOST_PRODUCTS {
            let message = format!("{products} products in all rooms");
            let fault = self.fault(&["generate", "rooms"], message, "too many");
            let help = format!("rooms times products_per_room may be {MOST_PRODUCTS} at most");
            faults.push(fault.help(help));
        }
        self.farm(table, faults);
        let categories = &self.file.categories;
        for category in table.categories.keys() {
            let path = ["generate", "categories", category];
            let place = self.root.key_place_of(&path);
            self.reference(&place, "category", category, categories.keys(), faults);
        }
        let sum: f64 = table.scripts.values().map(|share| share.0).sum();
        if sum > 1.0 + 1e-9 {
            let place = self.root.key_place_of(&["generate", "scripts"]);
            let message = format!("the shares of the scripts add up to {}", rounded(sum));
            let fault = Fault::at(&place, message, "more than 1");
            faults.push(fault.help("what is left of 1 plays honest_pitch"));
        }
    }

    fn window(&self, table: &GenerateTable, faults: &mut Faults) {
        let (from, until) = (["generate", "on_air_from"], ["generate", "on_air_until"]);
        if !self.own(&[&from, &until]) {
            return;
        }
        if table.on_air_until <= table.on_air_from {
            let message = "the window ends before it begins".to_owned();
            let fault = self.fault(&until, message, "impossible window");
            faults.push(fault.help(format!("it begins at {}", table.on_air_from)));
        }
        let clock = &self.file.clock;
        if !self.own(&[&["clock", "start"], &["clock", "end"]]) {
            return;
        }
        let later = chrono::Duration::days(i64::from(table.evenings) - 1);
        let last = table.on_air_until.0.checked_add_signed(later);
        if last.is_none_or(|last| last > clock.end.0) && table.evenings > 1 {
            let message = format!("{} evenings go beyond the clock", table.evenings);
            let fault = self.fault(&["generate", "evenings"], message, "too many");
            faults.push(fault.help(format!("the clock runs until {}", clock.end)));
        }
        if table.on_air_from < clock.start || table.on_air_until > clock.end {
            let message = "rooms go on air outside of the clock".to_owned();
            let fault = self.fault(&from, message, "outside");
            faults.push(fault.help(format!(
                "the clock runs from {} to {}",
                clock.start, clock.end
            )));
        }
    }

    fn farm(&self, table: &GenerateTable, faults: &mut Faults) {
        if let Some(farm) = &table.farm {
            let place = self.root.place_of(&["generate", "farm"]);
            self.reference(&place, "farm", farm, self.file.farms.keys(), faults);
        } else if table.buying_share > 0.0 {
            let message = "rooms buy viewers, but from which farm?".to_owned();
            let fault = self.fault(&["generate", "buying_share"], message, "no farm");
            faults.push(fault.help("add farm = \"the name of a farm\""));
        }
    }
}
