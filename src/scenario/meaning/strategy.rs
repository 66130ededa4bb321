//! What strategy can get wrong: nobody to choose, menus that name an option twice, and pins that are not on the menu.

use super::Meaning;
use crate::scenario::HONEST;
use crate::scenario::faults::{Fault, Faults};
use crate::scenario::file::{GenerateTable, PinnedAnchor, StrategyTable};
use std::fmt::Display;

/// The path of an entry of a menu.
fn entry<'a>([table, whose, menu]: [&'a str; 3], number: &'a str) -> [&'a str; 4] {
    [table, whose, menu, number]
}

/// The name under which everybody is pinned who has no entry of its own.
const ALL: &str = "all";

impl Meaning<'_> {
    pub(super) fn strategy(&self, faults: &mut Faults) {
        let Some(table) = &self.file.strategy else {
            return;
        };
        let Some(generate) = &self.file.generate else {
            let place = self.root.key_place_of(&["strategy"]);
            let message = "anchors choose, but there are none".to_owned();
            let fault = Fault::at(&place, message, "nobody to choose");
            faults.push(fault.help("strategy is for generated anchors: add [generate]"));
            return;
        };
        self.idle(generate, faults);
        self.menus(table, faults);
        self.pins(table, generate, faults);
    }

    /// What generated rooms do where anchors do not choose does nothing where they do.
    fn idle(&self, generate: &GenerateTable, faults: &mut Faults) {
        let idle = [
            (!generate.scripts.is_empty(), "scripts"),
            (generate.buying_share > 0.0, "buying_share"),
        ];
        for (is_set, key) in idle {
            if is_set {
                let place = self.root.key_place_of(&["generate", key]);
                let message = format!("generate.{key} does nothing where anchors choose");
                let fault = Fault::at(&place, message, "without effect");
                faults.push(fault.help("leave it out, or pin it in [strategy.pinned.anchors.all]"));
            }
        }
    }

    /// Every option of a menu is chosen by its own worth: one that stands there twice would weigh twice.
    fn menus(&self, table: &StrategyTable, faults: &mut Faults) {
        self.course(&table.anchors.scripts, faults);
        for (path, menu) in [
            (["strategy", "anchors", "views"], &table.anchors.views),
            (["strategy", "anchors", "orders"], &table.anchors.orders),
            (
                ["strategy", "anchors", "inflation"],
                &table.anchors.inflation,
            ),
            (["strategy", "farms", "markups"], &table.farms.markups),
        ] {
            self.doubled(path, menu, faults);
        }
    }

    /// Whoever plays what the course teaches counts as deceiving.
    fn course(&self, scripts: &[String], faults: &mut Faults) {
        let path = ["strategy", "anchors", "scripts"];
        let honest = scripts.iter().position(|script| script == HONEST);
        if let Some(number) = honest {
            let message = format!("`{HONEST}` is no script of a course");
            let fault = self.fault(&entry(path, &number.to_string()), message, "not taught");
            let help = format!("{HONEST} is what an anchor plays without the course: leave it out");
            faults.push(fault.help(help));
        }
        self.doubled(path, scripts, faults);
    }

    /// Options that stand on a menu more than once, each where it stands again.
    fn doubled<T: PartialEq + Display>(&self, path: [&str; 3], menu: &[T], faults: &mut Faults) {
        for (number, option) in menu.iter().enumerate() {
            if menu[..number].contains(option) {
                let message = format!("{option} stands twice in {}", path.join("."));
                let fault = self.fault(&entry(path, &number.to_string()), message, "once more");
                faults.push(fault.help("it would weigh twice: name each option once"));
            }
        }
    }

    fn pins(&self, table: &StrategyTable, generate: &GenerateTable, faults: &mut Faults) {
        let anchors = |number: u32| format!("g{number:05}");
        let brands = |number: u32| format!("b{number:05}");
        for (name, pin) in &table.pinned.anchors {
            let place = self
                .root
                .key_place_of(&["strategy", "pinned", "anchors", name]);
            let known = name == ALL || (1..=generate.rooms).any(|number| anchors(number) == *name);
            if !known {
                let message = format!("there is no generated anchor `{name}`");
                let fault = Fault::at(&place, message, "not found");
                let last = anchors(generate.rooms);
                faults.push(fault.help(format!("they are g00001 to {last}, or all")));
            }
            self.pin(table, name, pin, faults);
        }
        for name in table.pinned.brands.keys() {
            let own = (1..=generate.rooms).any(|number| anchors(number) == *name);
            let hiring = (1..=table.brands.count).any(|number| brands(number) == *name);
            if name != ALL && !own && !hiring {
                let place = self
                    .root
                    .key_place_of(&["strategy", "pinned", "brands", name]);
                let message = format!("there is no generated brand `{name}`");
                let fault = Fault::at(&place, message, "not found");
                let (own, hiring) = (anchors(generate.rooms), brands(table.brands.count));
                let help = format!("they are g00001 to {own}, b00001 to {hiring}, or all");
                faults.push(fault.help(help));
            }
        }
        for name in table.pinned.farms.keys().filter(|name| *name != ALL) {
            let place = self
                .root
                .key_place_of(&["strategy", "pinned", "farms", name]);
            self.reference(&place, "farm", name, self.file.farms.keys(), faults);
        }
    }

    fn pin(&self, table: &StrategyTable, name: &str, pin: &PinnedAnchor, faults: &mut Faults) {
        let path = |key| ["strategy", "pinned", "anchors", name, key];
        let anchors = &table.anchors;
        if let Some(script) = &pin.script
            && script != HONEST
            && !anchors.scripts.contains(script)
        {
            let message = format!("`{script}` is not on the menu");
            let fault = self.fault(&path("script"), message, "not a script of the course");
            let scripts = anchors.scripts.join(", ");
            faults.push(fault.help(format!("on the menu: {HONEST}, {scripts}")));
        }
        for (key, value, none, menu) in [
            ("views", pin.views, 0.0, &anchors.views),
            ("orders", pin.orders, 0.0, &anchors.orders),
            ("inflation", pin.inflation, 1.0, &anchors.inflation),
        ] {
            let off = value.filter(|value| *value != none && !menu.contains(value));
            if let Some(value) = off {
                let message = format!("{key} = {value} is not on the menu");
                let fault = self.fault(&path(key), message, "not an option");
                let options: Vec<String> = menu.iter().map(f64::to_string).collect();
                let help = format!("on the menu: {none}, {}", options.join(", "));
                faults.push(fault.help(help));
            }
            let bought = key != "inflation" && value.is_some_and(|value| value != none);
            if bought && off.is_none() && self.file.farms.is_empty() {
                let message = format!("{key} are pinned, and there is no farm to buy them from");
                let fault = self.fault(&path(key), message, "nobody sells them");
                faults.push(fault.help("add a [farms.NAME], or pin 0"));
            }
        }
        if pin.promises == Some(true) && !anchors.promises {
            let message = "promises are pinned, and are not on the menu".to_owned();
            let fault = self.fault(&path("promises"), message, "not an option");
            faults.push(fault.help("leave strategy.anchors.promises at true, or pin false"));
        }
    }
}
