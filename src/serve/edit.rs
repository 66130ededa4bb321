//! A scenario file's text, changed value by value: comments, order and whatever is not changed stay as their author wrote them.
//! Touches text alone; whether the result makes sense is for the loader to say.

use crate::scenario::file::Offset;
use toml_edit::{
    Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, TableLike, Value, value,
};

/// Acts by which something is bought from a farm.
const BOUGHT: [&str; 3] = ["buy", "brush_orders", "farm_coupons"];

/// Acts that deceive by themselves, whoever plays them.
const STAGED: [&str; 8] = [
    "claim_price",
    "claim_sales",
    "promise",
    "shout_orders",
    "staged_quarrel",
    "misbid",
    "wrong_quantity",
    "countdown",
];

/// The script that deceives nobody.
pub const HONEST: &str = "honest_pitch";

/// What the honest pitch takes of the values that another script was given.
const OF_HONEST: [&str; 3] = ["product", "price", "stock"];

/// Steps of a path, at most.
const DEEPEST: usize = 16;

/// A text that is being changed.
#[derive(Debug, Clone)]
pub struct Draft(DocumentMut);

impl Draft {
    /// Reads a text; `None` if it is no TOML.
    pub fn read(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// The text.
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    /// Puts a regime in the place of the scenario's.
    pub fn set_regime(&mut self, regime: &str) {
        self.0["regime"] = value(regime);
    }

    /// Puts a seed in the place of the scenario's.
    pub fn set_seed(&mut self, seed: u64) {
        if let Ok(seed) = i64::try_from(seed) {
            self.0["seed"] = value(seed);
        }
    }

    /// Makes a change that is written as on the command line, `path.to.key=value`; unless `any`, of numbers and of yes and no alone: what names nothing
    /// opens no file.
    ///
    /// # Errors
    /// A sentence.
    pub fn change(&mut self, change: &str, any: bool) -> Result<(), String> {
        let (path, written) = change
            .split_once('=')
            .ok_or_else(|| format!("`{change}` is no change: it is written path.to.key=value"))?;
        let read = written.trim().parse::<Value>();
        let value = read.unwrap_or_else(|_| Value::from(written.trim()));
        let is_plain = value.is_integer() || value.is_float() || value.is_bool();
        if !any && !is_plain {
            return Err(format!(
                "`{change}`: in a file of one's own the page changes numbers and true or false only"
            ));
        }
        match self.set(path.trim(), value) {
            true => Ok(()),
            false => Err(format!("the scenario has nothing at `{path}`")),
        }
    }

    /// Puts a value at a path of keys and positions; tables on the way are made. `false`: there is something else on the way.
    pub fn set(&mut self, path: &str, new: Value) -> bool {
        let steps: Vec<&str> = path.split('.').collect();
        if steps.len() > DEEPEST || steps.iter().any(|step| step.is_empty()) {
            return false;
        }
        put(self.0.as_item_mut(), &steps, new)
    }

    /// The number at a path of keys.
    pub fn number(&self, path: &str) -> Option<f64> {
        let mut item = self.0.as_item();
        for step in path.split('.') {
            item = item.get(step)?;
        }
        number_in(item)
    }

    /// Leaves out whatever is bought from farms.
    pub fn leave_out_bots(&mut self) {
        self.keep_cues(|cue| BOUGHT.iter().all(|act| !cue.contains_key(act)));
        if let Some(generate) = table_at(&mut self.0, "generate") {
            generate.insert("buying_share", value(0.0));
        }
        self.pin(&[("views", Value::from(0)), ("orders", Value::from(0))]);
    }

    /// Plays the same goods at the same price honestly, and leaves out what is claimed and staged.
    pub fn leave_out_scripts(&mut self) {
        self.each_play(|_, play| make_honest(play));
        self.keep_cues(|cue| {
            let staged = STAGED.iter().any(|act| cue.contains_key(act));
            !staged && !is_staged(cue)
        });
        if let Some(generate) = table_at(&mut self.0, "generate") {
            generate.insert("scripts", Item::Table(Table::new()));
        }
        let honest = [
            ("script", Value::from(HONEST)),
            ("inflation", Value::from(1)),
            ("promises", Value::from(false)),
        ];
        self.pin(&honest);
    }

    /// Pins what all generated anchors do, where they choose.
    fn pin(&mut self, what: &[(&str, Value)]) {
        if table_at(&mut self.0, "strategy").is_none() {
            return;
        }
        for (key, pinned) in what {
            self.set(
                &format!("strategy.pinned.anchors.all.{key}"),
                pinned.clone(),
            );
        }
    }

    /// Calls `each` with every play of every room, and the room's name.
    pub fn each_play(&mut self, mut each: impl FnMut(&str, &mut dyn TableLike)) {
        let Some(rooms) = table_at(&mut self.0, "rooms") else {
            return;
        };
        for (room, item) in rooms.iter_mut() {
            if let Some(plays) = item
                .as_table_like_mut()
                .and_then(|room| room.get_mut("play"))
            {
                each_table(plays, |play| each(room.get(), play));
            }
        }
    }

    /// Calls `each` with every cue of every room's own, and the room's name.
    pub fn each_cue(&mut self, mut each: impl FnMut(&str, &mut dyn TableLike)) {
        let Some(rooms) = table_at(&mut self.0, "rooms") else {
            return;
        };
        for (room, item) in rooms.iter_mut() {
            if let Some(cues) = item
                .as_table_like_mut()
                .and_then(|room| room.get_mut("cues"))
            {
                each_table(cues, |cue| each(room.get(), cue));
            }
        }
    }

    /// Adds a cue to those of a room's own, in order of time.
    pub fn add_cue(&mut self, room: &str, at: &str, act: &str, of: InlineTable) {
        let mut cue = InlineTable::new();
        cue.insert("at", Value::from(at));
        cue.insert(act, Value::InlineTable(of));
        let rooms = table_at(&mut self.0, "rooms");
        let Some(room) = rooms
            .and_then(|rooms| rooms.get_mut(room))
            .and_then(Item::as_table_like_mut)
        else {
            return;
        };
        let later = |other: &dyn TableLike| second_of(other) > second_of(&cue);
        match room.get_mut("cues") {
            Some(Item::ArrayOfTables(cues)) => {
                let place = cues.iter().position(|other| later(other));
                let place = place.unwrap_or(cues.len());
                let mut table = cue.into_table();
                // Where a table stands in the text is a number of its own.
                let beside = cues.get(place).or_else(|| cues.iter().last());
                table.set_position(beside.and_then(Table::position));
                cues.insert(place, table);
            }
            Some(Item::Value(Value::Array(cues))) => {
                let tables = cues.iter().filter_map(Value::as_inline_table);
                let place = tables.take_while(|other| !later(*other)).count();
                cues.insert(place, cue);
            }
            _ => {
                let cues: Array = [Value::InlineTable(cue)].into_iter().collect();
                room.insert("cues", value(cues));
            }
        }
    }

    /// The table at a path of keys.
    pub fn table_mut(&mut self, path: &str) -> Option<&mut dyn TableLike> {
        let mut item = self.0.as_item_mut();
        for step in path.split('.') {
            item = item.get_mut(step)?;
        }
        item.as_table_like_mut()
    }

    /// Names below a table, in order.
    pub fn names(&self, table: &str) -> Vec<String> {
        let table = self.0.get(table).and_then(Item::as_table_like);
        let entries = table.into_iter().flat_map(TableLike::iter);
        entries.map(|(name, _)| name.to_owned()).collect()
    }

    /// Keeps the cues of rooms, and of scripts written in this file, that pass.
    pub fn keep_cues(&mut self, keep: impl Fn(&dyn TableLike) -> bool) {
        for holder in ["rooms", "scripts"] {
            let Some(holders) = table_at(&mut self.0, holder) else {
                continue;
            };
            for (_, item) in holders.iter_mut() {
                match item.as_table_like_mut().and_then(|it| it.get_mut("cues")) {
                    Some(Item::ArrayOfTables(cues)) => retain(cues, &keep),
                    Some(Item::Value(Value::Array(cues))) => {
                        cues.retain(|cue| cue.as_inline_table().is_none_or(|cue| keep(cue)));
                    }
                    _ => {}
                }
            }
        }
    }
}

/// When a cue falls, seconds after its room went on air.
fn second_of(cue: &dyn TableLike) -> Option<Offset> {
    Offset::parse(cue.get("at")?.as_str()?)
}

/// A number that stands in an item, whole or not.
pub fn number_in(item: &Item) -> Option<f64> {
    let whole = item.as_integer().map(|whole| whole as f64);
    whole.or_else(|| item.as_float())
}

fn retain(cues: &mut ArrayOfTables, keep: &impl Fn(&dyn TableLike) -> bool) {
    cues.retain(|cue| keep(cue));
}

/// Whether a cue rouses by what is staged, or announces help with the price that nobody gives.
fn is_staged(cue: &dyn TableLike) -> bool {
    let says = |act: &str, key: &str, what: bool| {
        let of = cue.get(act).and_then(Item::as_table_like);
        of.and_then(|of| of.get(key)?.as_bool()) == Some(what)
    };
    says("excite", "staged", true) || says("subsidy", "real", false)
}

/// Plays the honest pitch in the place of a script, with what both take.
fn make_honest(play: &mut dyn TableLike) {
    if play.get("script").and_then(Item::as_str) == Some(HONEST) {
        return;
    }
    play.insert("script", value(HONEST));
    if let Some(with) = play.get_mut("with").and_then(Item::as_table_like_mut) {
        let others: Vec<String> = with
            .iter()
            .map(|(key, _)| key.to_owned())
            .filter(|key| !OF_HONEST.contains(&key.as_str()))
            .collect();
        for other in others {
            with.remove(&other);
        }
    }
}

fn table_at<'a>(document: &'a mut DocumentMut, name: &str) -> Option<&'a mut dyn TableLike> {
    document.get_mut(name)?.as_table_like_mut()
}

/// Calls `each` with every table of an array, however it is written.
fn each_table(item: &mut Item, mut each: impl FnMut(&mut dyn TableLike)) {
    match item {
        Item::ArrayOfTables(tables) => tables.iter_mut().for_each(|table| each(table)),
        Item::Value(Value::Array(values)) => values
            .iter_mut()
            .filter_map(Value::as_inline_table_mut)
            .for_each(|table| each(table)),
        _ => {}
    }
}

fn put(item: &mut Item, steps: &[&str], new: Value) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        replace(item, new);
        return true;
    };
    if let Ok(position) = step.parse::<usize>() {
        match item {
            Item::ArrayOfTables(tables) if !rest.is_empty() => {
                let Some(table) = tables.get_mut(position) else {
                    return false;
                };
                return put_in(table, rest, new);
            }
            Item::Value(Value::Array(values)) => {
                let Some(entry) = values.get_mut(position) else {
                    return false;
                };
                let mut inner = Item::Value(entry.clone());
                let done = put(&mut inner, rest, new);
                if let Item::Value(changed) = inner {
                    *entry = changed;
                }
                return done;
            }
            _ => {}
        }
    }
    match item.as_table_like_mut() {
        Some(table) => put_in(table, steps, new),
        None => false,
    }
}

fn put_in(table: &mut dyn TableLike, steps: &[&str], new: Value) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        return false;
    };
    if table.get(step).is_none() {
        let made = match rest.is_empty() {
            true => Item::Value(new.clone()),
            false => Item::Table(implicit()),
        };
        table.insert(step, made);
    }
    table.get_mut(step).is_some_and(|item| put(item, rest, new))
}

/// A table without a heading of its own as long as nothing stands directly in it.
fn implicit() -> Table {
    let mut table = Table::new();
    table.set_implicit(true);
    table
}

/// Puts a value in the place of another, whose comment stays.
fn replace(item: &mut Item, mut new: Value) {
    if let Item::Value(old) = item {
        *new.decor_mut() = old.decor().clone();
    }
    *item = Item::Value(new);
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"# what it is
title = "x"
[population]
consumers = 100 # many
[rooms.one]
play = [
  { script = "staged_quarrel", at = "0:30:00", with = { product = "a", price = 98, stock = 5, counter_price = 1599 } }, # [F6]
]
cues = [{ at = "0:01:00", claim_sales = { claimed = 1, goal = 2 } }, { at = "0:02:00", buy = { service = "views" } }]
[[rooms.two.cues]]
at = "0:03:00"
brush_orders = { orders = 3 }
[[rooms.two.cues]]
at = "0:04:00"
pitch = { product = "a" }
"#;

    fn draft() -> Draft {
        Draft::read(TEXT).expect("it is TOML")
    }

    #[test]
    fn a_value_changes_and_its_comment_stays() {
        let mut draft = draft();
        assert!(draft.set("population.consumers", Value::from(7)));
        assert!(
            draft.text().contains("consumers = 7 # many"),
            "{}",
            draft.text()
        );
        assert_eq!(draft.number("population.consumers"), Some(7.0));
    }

    #[test]
    fn a_value_in_an_array_of_tables_and_in_an_inline_one_changes() {
        let mut draft = draft();
        assert!(draft.set("rooms.two.cues.0.brush_orders.orders", Value::from(9)));
        assert!(draft.set("rooms.one.play.0.with.price", Value::from(50)));
        assert!(draft.text().contains("orders = 9"));
        assert!(draft.text().contains("price = 50"));
        assert!(!draft.set("rooms.two.cues.7.brush_orders.orders", Value::from(9)));
        assert!(!draft.set("title.below", Value::from(9)));
    }

    #[test]
    fn tables_on_the_way_are_made() {
        let mut draft = draft();
        assert!(draft.set("behaviour.scepticism", Value::from(0.5)));
        assert!(
            draft.text().contains("[behaviour]\nscepticism = 0.5"),
            "{}",
            draft.text()
        );
    }

    #[test]
    fn bots_are_left_out_and_nothing_else() {
        let mut draft = draft();
        draft.leave_out_bots();
        let text = draft.text();
        assert!(
            !text.contains("buy") && !text.contains("brush_orders"),
            "{text}"
        );
        assert!(
            text.contains("claim_sales") && text.contains("pitch"),
            "{text}"
        );
    }

    #[test]
    fn scripts_become_honest_at_the_same_price() {
        let mut draft = draft();
        draft.leave_out_scripts();
        let text = draft.text();
        assert!(
            text.contains("honest_pitch") && text.contains("price = 98"),
            "{text}"
        );
        assert!(
            !text.contains("counter_price") && !text.contains("claim_sales"),
            "{text}"
        );
        assert!(
            text.contains("brush_orders") && text.contains("# [F6]"),
            "{text}"
        );
    }

    #[test]
    fn a_change_is_written_as_on_the_command_line() {
        let mut draft = draft();
        assert_eq!(draft.change("population.consumers=5", true), Ok(()));
        assert_eq!(draft.change("title=two words", true), Ok(()));
        assert!(draft.text().contains("title = \"two words\""));
        assert!(draft.change("regime=/etc/passwd", false).is_err());
        assert_eq!(draft.change("population.consumers=6", false), Ok(()));
        assert_eq!(
            draft.change("population", true),
            Err("`population` is no change: it is written path.to.key=value".to_owned())
        );
        assert_eq!(
            draft.change("title.x=1", true),
            Err("the scenario has nothing at `title.x`".to_owned())
        );
    }

    #[test]
    fn a_cue_is_added_in_order_of_time_to_whatever_the_room_has() {
        let mut draft = draft();
        let mut act = InlineTable::new();
        act.insert("service", Value::from("views"));
        for (room, at) in [("one", "0:01:30"), ("two", "0:03:30"), ("two", "0:09:00")] {
            draft.add_cue(room, at, "buy", act.clone());
        }
        let text = draft.text();
        let read = Draft::read(&text).expect("it is TOML still");
        let times = |room: &str| {
            let mut times = Vec::new();
            read.clone().each_cue(|of, cue| {
                if of == room {
                    times.extend(second_of(cue).map(|at| at.0));
                }
            });
            times
        };
        assert_eq!(times("one"), [60, 90, 120], "{text}");
        assert_eq!(times("two"), [180, 210, 240, 540], "{text}");
    }
}
