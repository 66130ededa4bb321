//! The summary of an evening, for people (aligned text) and for spreadsheets (long CSV).

use super::aftermath::aftermath;
use super::canvas::number;
use super::comparison::counted;
use super::paper::Paper;
use super::prices::prices_table;
use crate::market::{Summary, Totals};
use crate::money::Fen;
use crate::record::measures;
use crate::scenario::Scenario;
use crate::welfare::Channel;
use std::fmt::Write as _;

/// Rooms and accounts in the text, at most.
const SHOWN: usize = 10;

pub(super) fn count(value: u64) -> String {
    number(value as f64)
}

/// Yuan with separators and two digits.
pub(super) fn yuan(value: f64) -> String {
    crate::promotion::yuan(Fen::from_yuan(value))
}

pub(super) fn percent(share: Option<f64>) -> String {
    share.map_or("-".to_owned(), |share| format!("{:.2} %", 100.0 * share))
}

fn share(part: f64, whole: f64) -> String {
    if whole > 0.0 {
        format!("{:.1} %", 100.0 * part / whole)
    } else {
        "-".to_owned()
    }
}

/// Columns of a text; Chinese is two columns wide.
fn width(text: &str) -> usize {
    text.chars()
        .map(|letter| {
            if ('\u{2e80}'..='\u{ffef}').contains(&letter) {
                2
            } else {
                1
            }
        })
        .sum()
}

/// Columns side by side, two spaces apart, behind an indent: flush left where `left` says so, else flush right.
pub(super) fn columns(
    out: &mut String,
    indent: &str,
    rows: &[Vec<String>],
    left: impl Fn(usize) -> bool,
) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| width(cell)).max().unwrap_or(0)
        })
        .collect();
    for row in rows {
        let mut line = String::from(indent);
        for (column, cell) in row.iter().enumerate() {
            if column > 0 {
                line.push_str("  ");
            }
            let padding = " ".repeat(widths[column] - width(cell));
            let (first, second) = match left(column) {
                true => (cell, &padding),
                false => (&padding, cell),
            };
            line.push_str(first);
            line.push_str(second);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

pub(super) fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// How large a market is: titles and stories tell of it as it is shipped, and may be changed.
pub fn size(scenario: &Scenario) -> String {
    let consumers = counted(scenario.population.consumers as usize, "consumer");
    format!("{consumers}, {}", counted(scenario.rooms.len(), "room"))
}

/// The summary as text.
pub fn summary_table(scenario: &Scenario, summary: &Summary) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", scenario.title);
    let _ = writeln!(
        out,
        "scenario {}, seed {}, regime {}; {}\n",
        scenario.name,
        scenario.seed,
        scenario.regime.name,
        size(scenario)
    );
    out.push_str(&summary_paper(scenario, summary).text());
    out
}

/// The summary under its headings.
pub fn summary_paper(scenario: &Scenario, summary: &Summary) -> Paper {
    let mut out = Paper::default();
    evening(&mut out, scenario, summary);
    prices_table(&mut out, scenario, summary);
    harm(&mut out, summary);
    aftermath(&mut out, summary);
    segments(&mut out, summary);
    super::season::section(&mut out, scenario, summary);
    rooms(&mut out, summary);
    earned(&mut out, summary);
    rules(&mut out, scenario, summary);
    out
}

fn evening(out: &mut Paper, scenario: &Scenario, summary: &Summary) {
    let market = &summary.market;
    let _ = writeln!(out, "The evening");
    let rows = vec![
        row(&["", "on display", "real"]),
        row(&[
            "views",
            &count(market.displayed_views),
            &count(market.real_views),
        ]),
        row(&[
            "peak viewers of a room",
            &count(market.peak_displayed_viewers),
            &count(market.peak_real_viewers),
        ]),
        row(&[
            "orders",
            &count(market.displayed_orders),
            &count(market.real_orders),
        ]),
        row(&[
            "conversion",
            &percent(market.apparent_conversion()),
            &percent(market.true_conversion()),
        ]),
        row(&[
            "sales, yuan",
            &yuan(market.displayed_sales.yuan()),
            &yuan(market.paid_sales.yuan()),
        ]),
    ];
    out.table(rows);
    let _ = writeln!(
        out,
        "  Conversion: orders per view as displayed; in truth, people who paid per view of a consumer."
    );
    if scenario.rooms.iter().any(|room| room.background.is_some()) {
        let _ = writeln!(
            out,
            "  Real views are those of consumers; among peak viewers is the background audience too, which watches and is not followed."
        );
    }
    if market.brushed_orders > 0 {
        let _ = writeln!(
            out,
            "  {} orders were brushed; {} of them were refunded by the end ({} yuan).",
            count(market.brushed_orders),
            count(market.brushed_refunded),
            yuan(market.brushed_refunds.yuan())
        );
    }
    let online = match summary.state_hashes.len() {
        0 | 1 => format!(
            "{} of {} consumers went online",
            count(summary.online_consumers),
            count(scenario.population.consumers)
        ),
        days => format!(
            "{} consumers went online {} times in {days} days",
            count(scenario.population.consumers),
            count(summary.online_consumers)
        ),
    };
    let _ = writeln!(
        out,
        "  {online}; {} looks; {} orders paid, {} lapsed; {} tries met a sold-out link.",
        count(market.looks),
        count(market.paid_orders),
        count(market.lapsed_orders),
        count(market.sold_out_tries)
    );
    let _ = writeln!(
        out,
        "  {} searches elsewhere took time worth {} yuan.",
        count(market.searches),
        yuan(market.search_time_cost)
    );
    if market.coupon_discounts.0 > 0 {
        let _ = writeln!(
            out,
            "  Coupons took {} yuan off; {} orders from shelves for {} yuan; filler in baskets cost {} yuan, of which {} came back.",
            yuan(market.coupon_discounts.yuan()),
            count(market.shelf_orders),
            yuan(market.shelf_sales.yuan()),
            yuan(market.filler_sales.yuan()),
            yuan(market.filler_refunds.yuan())
        );
    }
    if market.balances_paid + market.forfeited_orders > 0 {
        let _ = writeln!(
            out,
            "  {} balances of presales were paid; {} deposits were forfeited ({} yuan).",
            count(market.balances_paid),
            count(market.forfeited_orders),
            yuan(market.forfeited_deposits.yuan())
        );
    }
    if market.balances_open.0 > 0 {
        let _ = writeln!(
            out,
            "  Presale buyers still owe balances of {} yuan.",
            yuan(market.balances_open.yuan())
        );
    }
    out.gap();
}

fn harm(out: &mut Paper, summary: &Summary) {
    let (honest, unbiased) = (&summary.market.harm, &summary.market.unbiased_harm);
    let per = |value: f64| {
        let orders = summary.market.real_orders.max(1) as f64;
        yuan(1_000.0 * value / orders)
    };
    let _ = writeln!(out, "Harm to consumers, yuan, over all orders placed");
    let mut rows = vec![row(&[
        "",
        "honest displays",
        "per 1,000 orders",
        "unbiased person",
        "per 1,000 orders",
    ])];
    for channel in Channel::ALL {
        let (a, b) = (
            honest.by_channel[channel as usize],
            unbiased.by_channel[channel as usize],
        );
        rows.push(row(&[
            channel.title(),
            &yuan(a),
            &per(a),
            &yuan(b),
            &per(b),
        ]));
    }
    let (a, b) = (honest.total, unbiased.total);
    rows.push(row(&["all", &yuan(a), &per(a), &yuan(b), &per(b)]));
    rows.push(row(&[
        "orders induced",
        &count(honest.induced_orders),
        "",
        &count(unbiased.induced_orders),
        "",
    ]));
    out.table(rows);
    if honest.total == 0.0 {
        let _ = writeln!(out, "  No deception-induced harm.");
    }
    out.gap();
}

fn segments(out: &mut Paper, summary: &Summary) {
    let _ = writeln!(
        out,
        "Who bears the harm of deception (against honest displays, over all orders placed)"
    );
    let market = &summary.market;
    let mut rows = vec![row(&[
        "segment",
        "orders",
        "share of orders",
        "deception, yuan",
        "share of it",
    ])];
    let mut add = |name: &str, totals: &Totals| {
        rows.push(row(&[
            name,
            &count(totals.real_orders),
            &share(totals.real_orders as f64, market.real_orders as f64),
            &yuan(totals.harm.total),
            &share(totals.harm.total, market.harm.total),
        ]));
    };
    for segment in &summary.segments {
        add(&segment.name, &segment.totals);
    }
    add("(vulnerable, of all segments)", &summary.vulnerable);
    out.table(rows);
    out.gap();
}

fn rooms(out: &mut Paper, summary: &Summary) {
    let mut rooms: Vec<_> = summary.rooms.iter().collect();
    rooms.sort_by_key(|room| (-room.totals.paid_sales.0, room.id));
    let shown = rooms.len().min(SHOWN);
    let _ = writeln!(out, "Rooms ({shown} of {}, by paid sales)", rooms.len());
    let mut rows = vec![row(&[
        "room",
        "peak shown",
        "real",
        "orders shown",
        "real",
        "conv. shown",
        "true",
        "paid, yuan",
        "harm",
    ])];
    for room in rooms.into_iter().take(SHOWN) {
        let totals = &room.totals;
        let name: String = room.name.chars().take(24).collect();
        rows.push(row(&[
            &name,
            &count(totals.peak_displayed_viewers),
            &count(totals.peak_real_viewers),
            &count(totals.displayed_orders),
            &count(totals.real_orders),
            &percent(totals.apparent_conversion()),
            &percent(totals.true_conversion()),
            &number(totals.paid_sales.yuan().round()),
            &number(totals.harm.total.round()),
        ]));
    }
    out.table(rows);
    out.gap();
}

fn earned(out: &mut Paper, summary: &Summary) {
    let mut accounts: Vec<_> = summary.earned.iter().collect();
    accounts.sort_by_key(|account| -account.net.0.abs());
    let _ = writeln!(out, "Who earned what, yuan (received less paid)");
    let rows: Vec<_> = accounts
        .iter()
        .take(SHOWN)
        .map(|account| row(&[&account.account, &yuan(account.net.yuan())]))
        .collect();
    out.table(rows);
    if accounts.len() > SHOWN {
        let _ = writeln!(out, "  and {} more in the ledger", accounts.len() - SHOWN);
    }
}

fn rules(out: &mut Paper, scenario: &Scenario, summary: &Summary) {
    if summary.rules.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nRules of regime {}", scenario.regime.name);
    for (rule, first) in &summary.rules {
        if let Some(second) = first {
            let when = scenario.market_time(*second);
            let _ = writeln!(out, "  {rule}: first acted at {when}");
        }
    }
    let idle = summary.rules.iter().filter(|(_, first)| first.is_none());
    let idle: Vec<&str> = idle.map(|(rule, _)| rule.as_str()).collect();
    if !idle.is_empty() {
        let _ = writeln!(out, "  never acted: {}", idle.join(", "));
    }
}

/// The summary as long CSV: scope, name, measure, unit, value.
pub fn summary_csv(_: &Scenario, summary: &Summary) -> String {
    let mut out = String::from("scope,name,measure,unit,value\n");
    for (scope, name, totals) in summary.scopes() {
        for (measure, unit, value) in measures(totals) {
            let _ = writeln!(out, "{scope},{name},{measure},{unit},{value}");
        }
    }
    out
}
