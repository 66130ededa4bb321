//! The aftermath in the summary: what came back, who claimed and with what success, and the account of harm.

use super::paper::Paper;
use super::summary::{count, percent, row, yuan};
use crate::experiment::kinds;
use crate::market::{AftermathTotals, Collective, Rung, Summary};
use std::fmt::Write as _;

/// Writes what came after the sale, where anything was delivered.
pub fn aftermath(out: &mut Paper, summary: &Summary) {
    let after = &summary.aftermath;
    if after.room_parcels[1] + after.shelf_parcels[1] == 0 {
        return;
    }
    let _ = writeln!(out, "After the sale");
    returns(out, after);
    claims(out, after);
    collective(out, summary);
    enforcement(out, after);
    out.gap();
    account(out, summary);
    out.gap();
}

fn returns(out: &mut Paper, after: &AftermathTotals) {
    let share = |part: u64, whole: u64| percent((whole > 0).then(|| part as f64 / whole as f64));
    let rows = vec![
        row(&["", "from rooms", "from shelves"]),
        row(&[
            "delivered",
            &count(after.room_parcels[1]),
            &count(after.shelf_parcels[1]),
        ]),
        row(&[
            "to be sent back, as their buyers found",
            &count(after.returns_wanted[0]),
            &count(after.returns_wanted[1]),
        ]),
        row(&[
            "returned",
            &count(after.returned[0]),
            &count(after.returned[1]),
        ]),
        row(&[
            "share returned",
            &share(after.returned[0], after.room_parcels[1]),
            &share(after.returned[1], after.shelf_parcels[1]),
        ]),
    ];
    out.table(rows);
}

fn claims(out: &mut Paper, after: &AftermathTotals) {
    let _ = writeln!(
        out,
        "  {} buyers learned that others paid less; {} claims were made; {} yuan of differences and defects refunded.",
        count(after.aware),
        count(after.claims),
        yuan(after.refunds.yuan())
    );
    if after.claims == 0 {
        return;
    }
    let mut rows = vec![row(&["claims at", "reached", "granted"])];
    for rung in Rung::ALL {
        rows.push(row(&[
            rung.name(),
            &count(after.reached[rung as usize]),
            &count(after.granted[rung as usize]),
        ]));
    }
    out.table(rows);
    for (figure, text) in [
        (
            after.coupon_grounds,
            "refused because a coupon is said not to be a price",
        ),
        (
            after.lacked_evidence,
            "lost for want of a record of what was said",
        ),
        (after.abandoned, "given up"),
    ] {
        if figure > 0 {
            let _ = writeln!(out, "  {} {text}.", count(figure));
        }
    }
    for (figure, text) in [
        (after.damages, "damages"),
        (after.compensation, "compensation of sellers' own accord"),
        (after.protected, "differences paid without being asked for"),
    ] {
        if figure.0 > 0 {
            let _ = writeln!(out, "  {} yuan: {text}.", yuan(figure.yuan()));
        }
    }
}

/// Collective complaints that are told one by one: those with the most who joined.
const TOLD: usize = 5;

fn collective(out: &mut Paper, summary: &Summary) {
    let joined = |case: &Collective| case.by_day.last().copied().unwrap_or_default();
    let mut cases: Vec<&Collective> = summary.collective.iter().collect();
    cases.sort_by_key(|case| std::cmp::Reverse(joined(case)));
    let (told, others) = cases.split_at(cases.len().min(TOLD));
    for case in told {
        let news = match case.news_day {
            Some(day) => format!("; news on day {day}"),
            None => String::new(),
        };
        let _ = writeln!(
            out,
            "  Collective complaint about {}: {} joined from day {} on, {} handled{news}.",
            case.brand,
            count(joined(case).into()),
            case.first_day,
            percent(Some(case.handled))
        );
    }
    if !others.is_empty() {
        let all = others.iter().map(|case| u64::from(joined(case))).sum();
        let _ = writeln!(
            out,
            "  {} more collective complaints, which {} joined.",
            count(others.len() as u64),
            count(all)
        );
    }
}

fn enforcement(out: &mut Paper, after: &AftermathTotals) {
    if after.patrolled + after.inspected == 0 {
        return;
    }
    let _ = writeln!(
        out,
        "  {} rooms patrolled, {} inquiries; {} sanctions of who broke a rule, {} of who did not; fines {} yuan; {} rooms stayed closed.",
        count(after.patrolled),
        count(after.inspected),
        count(after.true_sanctions),
        count(after.false_sanctions),
        yuan(after.fines.yuan()),
        count(after.closed_rooms)
    );
}

/// The account of harm, each yuan once.
fn account(out: &mut Paper, summary: &Summary) {
    let account = &summary.harm;
    let _ = writeln!(out, "What it comes to for consumers");
    let mut rows = vec![row(&["", "yuan"])];
    rows.extend(kinds(&account.all).map(|(_, label, amount)| row(&[label, &yuan(amount)])));
    rows.push(row(&["gross detriment", &yuan(account.all.gross())]));
    rows.push(row(&["redress", &yuan(-account.all.redress)]));
    rows.push(row(&["net detriment", &yuan(account.all.net())]));
    rows.push(row(&[
        "of it, claims not resolved",
        &yuan(account.unresolved),
    ]));
    rows.push(row(&[
        "of it, unknown to those who bear it",
        &yuan(account.hidden),
    ]));
    out.table(rows);
    if account.overcompensated > 0.0 {
        let _ = writeln!(
            out,
            "  Consumers who got more than they had lost are overcompensated by {} yuan.",
            yuan(account.overcompensated)
        );
    }
    let spread = &account.distribution;
    let _ = writeln!(
        out,
        "  {} consumers bear net detriment, median {} yuan; of all that they bear, the most harmed tenth bears {}, vulnerable consumers {}.",
        count(spread.affected),
        yuan(spread.median),
        percent(Some(spread.top_decile)),
        percent(account.vulnerable_share)
    );
}
