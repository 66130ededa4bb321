//! Rooms over time, read back from the tables of a results folder for the figures: nothing of a run is kept in memory for them.

use crate::market::{CueRow, RoomFrame};
use crate::money::Fen;
use crate::record::{CUES, Cell, ROOMS, read};
use crate::report::RoomSeries;
use crate::scenario::{Id, Scenario};
use std::collections::BTreeMap;
use std::path::Path;

/// Frames and cues of some rooms, read back from a folder's tables.
///
/// # Errors
/// A sentence.
pub fn series_of(
    folder: &Path,
    scenario: &Scenario,
    rooms: &[Id],
) -> Result<Vec<RoomSeries>, String> {
    let mut series: Vec<RoomSeries> = rooms
        .iter()
        .map(|room| RoomSeries {
            room: *room,
            frames: Vec::new(),
            cues: Vec::new(),
        })
        .collect();
    let of: BTreeMap<&str, usize> = rooms
        .iter()
        .enumerate()
        .map(|(index, room)| (scenario.rooms[*room as usize].name.as_str(), index))
        .collect();
    let mut each = |table, columns, keep: &mut dyn FnMut(&mut RoomSeries, &[Cell])| {
        for part in read::parts_of(folder, table) {
            read::each_row(&part, columns, |row| {
                if let Some(index) = text(row, 1).and_then(|name| of.get(name)) {
                    keep(&mut series[*index], row);
                }
            })?;
        }
        Ok::<(), String>(())
    };
    each("rooms", ROOMS, &mut |of_room, row| {
        let frame = frame_of(row, of_room.room, scenario);
        of_room.frames.push(frame);
    })?;
    each("cues", CUES, &mut |of_room, row| {
        let cue = cue_of(row, of_room.room, scenario);
        of_room.cues.push(cue);
    })?;
    Ok(series)
}

fn text<'a>(row: &[Cell<'a>], at: usize) -> Option<&'a str> {
    match row[at] {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

fn number(row: &[Cell], at: usize) -> f64 {
    match row[at] {
        Cell::Number(number) => number,
        _ => 0.0,
    }
}

fn count(row: &[Cell], at: usize) -> u64 {
    match row[at] {
        Cell::Count(count) => count,
        _ => 0,
    }
}

fn product_of(row: &[Cell], at: usize, scenario: &Scenario) -> Option<Id> {
    let name = text(row, at)?;
    let at = scenario
        .products
        .iter()
        .position(|product| product.name == name)?;
    Some(at as Id)
}

fn frame_of(row: &[Cell], room: Id, scenario: &Scenario) -> RoomFrame {
    RoomFrame {
        time: number(row, 0),
        room,
        displayed_viewers: count(row, 2),
        real_viewers: count(row, 3),
        background_viewers: count(row, 4),
        displayed_views: count(row, 5),
        real_views: count(row, 6),
        displayed_orders: count(row, 7),
        real_orders: count(row, 8),
        displayed_likes: count(row, 9),
        real_likes: count(row, 10),
        displayed_comments: count(row, 11),
        real_comments: count(row, 12),
        displayed_follows: count(row, 13),
        real_follows: count(row, 14),
        displayed_cart_clicks: count(row, 15),
        real_cart_clicks: count(row, 16),
        product: product_of(row, 17, scenario),
        price: match row[18] {
            Cell::Fen(fen) => Fen(fen),
            _ => Fen::ZERO,
        },
        stock: count(row, 19) as u32,
        displayed_stock: count(row, 20) as u32,
        reserved: count(row, 21) as u32,
        arousal: number(row, 22),
        exposure: number(row, 23),
    }
}

fn cue_of(row: &[Cell], room: Id, scenario: &Scenario) -> CueRow {
    let owned = |at| text(row, at).unwrap_or_default().to_owned();
    CueRow {
        time: number(row, 0),
        room,
        act: owned(2),
        script: owned(3),
        product: product_of(row, 4, scenario),
        detail: owned(5),
        seen_by: count(row, 6),
    }
}
