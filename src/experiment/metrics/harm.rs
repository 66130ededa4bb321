//! Metrics of harm: what consumers lose, of which kind, through what, and who of them.

use super::{Group, List};
use crate::market::Summary;
use crate::welfare::{Channel, Loss};

/// Losses of consumers by kind, channel and segment, and memo items.
pub fn harm(summary: &Summary, list: &mut List) {
    let (account, of) = (&summary.harm, Group::Harm);
    let all = &account.all;
    list.some(
        of,
        "net_detriment",
        "net detriment: losses less redress",
        "yuan",
        all.net(),
    );
    // Net detriment takes what some get beyond their losses off the losses of others.
    list.some(
        of,
        "uncompensated_detriment",
        "detriment not made good: net of those who lose",
        "yuan",
        all.net() + account.overcompensated,
    );
    list.some(
        of,
        "gross_detriment",
        "gross detriment",
        "yuan",
        all.gross(),
    );
    for (key, label, yuan) in kinds(all) {
        list.some(of, &format!("harm_kind.{key}"), label, "yuan", yuan);
    }
    list.some(
        of,
        "unresolved_detriment",
        "of it: claims not resolved",
        "yuan",
        account.unresolved,
    );
    list.some(
        of,
        "hidden_detriment",
        "of it: unknown to those who bear it",
        "yuan",
        account.hidden,
    );
    let market = &summary.market;
    list.some(
        of,
        "deception_harm",
        "harm of deception at paid orders",
        "yuan",
        market.harm_paid.total,
    );
    list.some(
        of,
        "unbiased_harm",
        "memo: harm against unbiased choice at all orders",
        "yuan",
        market.unbiased_harm.total,
    );
    let memo = &account.memo;
    for (key, label, yuan) in [
        (
            "over_lowest_offered",
            "memo: overpaid against the lowest offered",
            memo.over_lowest_offered,
        ),
        (
            "over_lowest_accessible",
            "memo: overpaid against the lowest accessible",
            memo.over_lowest_accessible,
        ),
        (
            "over_guaranteed",
            "memo: overpaid against the guarantee",
            memo.over_guaranteed,
        ),
        (
            "over_guaranteed_with_coupons",
            "memo: the same with coupons counted",
            memo.over_guaranteed_with_coupons,
        ),
        (
            "false_saving",
            "memo: saving claimed that was none",
            memo.false_saving,
        ),
        ("unwanted", "memo: unwanted purchases", memo.unwanted),
    ] {
        list.some(of, key, label, "yuan", yuan);
    }
    for (channel, yuan) in Channel::ALL.iter().zip(account.by_channel) {
        let key = format!("harm_channel.{}", channel.name());
        list.some(Group::HarmByChannel, &key, channel.title(), "yuan", yuan);
    }
    for (segment, loss) in summary.segments.iter().zip(&account.segments) {
        let key = format!("harm_segment.{}", segment.name);
        list.some(
            Group::HarmBySegment,
            &key,
            &segment.name,
            "yuan",
            loss.net(),
        );
    }
    let vulnerable = account.vulnerable.net();
    list.some(
        Group::HarmBySegment,
        "harm_vulnerable",
        "vulnerable consumers",
        "yuan",
        vulnerable,
    );
}

/// Kinds of loss: key, label, yuan.
pub fn kinds(loss: &Loss) -> [(&'static str, &'static str, f64); 6] {
    [
        ("deception", "(a) deception at the choice", loss.deception),
        ("overpayment", "(b) overpayment beyond it", loss.overpayment),
        ("claiming", "(c) time spent on claims", loss.claiming),
        ("shortfall", "(d) shortfall of quality", loss.shortfall),
        ("returning", "freight and time of returns", loss.returning),
        (
            "forfeited",
            "deposits lost on induced presales",
            loss.forfeited,
        ),
    ]
}

/// Who bears how much.
pub fn distribution(summary: &Summary, list: &mut List) {
    let (account, of) = (&summary.harm, Group::Distribution);
    let spread = &account.distribution;
    let [above, gap, severity] = account.above_line;
    for (key, label, unit, value) in [
        (
            "incidence",
            "consumers who bear net detriment",
            "share",
            spread.incidence,
        ),
        (
            "gini",
            "Gini of detriment over all consumers",
            "index",
            spread.gini,
        ),
        (
            "gini_affected",
            "Gini among those who bear any",
            "index",
            spread.gini_affected,
        ),
        (
            "theil",
            "Theil's T over all consumers",
            "index",
            spread.theil,
        ),
        (
            "top_decile",
            "borne by the most harmed tenth of those who bear any",
            "share",
            spread.top_decile,
        ),
        (
            "top_hundredth",
            "borne by the most harmed hundredth of all consumers",
            "share",
            spread.top_hundredth,
        ),
        (
            "above_line_share",
            "consumers above the line of harm",
            "share",
            above,
        ),
        (
            "above_line_gap",
            "how far above the line they are",
            "lines per 1000 consumers",
            1_000.0 * gap,
        ),
        (
            "above_line_severity",
            "the same squared",
            "squared lines per 1000 consumers",
            1_000.0 * severity,
        ),
        (
            "by_literacy",
            "concentration by literacy (-1: the least literate bear all)",
            "index",
            account.by_literacy,
        ),
    ] {
        list.some(of, key, label, unit, value);
    }
    list.add(
        of,
        "vulnerable_share",
        "borne by vulnerable consumers",
        "share",
        account.vulnerable_share,
    );
}
