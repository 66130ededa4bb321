//! The measures of totals, as rows of a table: name, unit, value.

use crate::market::Totals;
use crate::welfare::Channel;

/// Every measure of totals: name, unit, value.
pub fn measures(totals: &Totals) -> Vec<(String, &'static str, f64)> {
    let mut all: Vec<(String, &'static str, f64)> = [
        ("displayed_views", "views", totals.displayed_views as f64),
        ("real_views", "views", totals.real_views as f64),
        (
            "peak_displayed_viewers",
            "viewers",
            totals.peak_displayed_viewers as f64,
        ),
        (
            "peak_real_viewers",
            "viewers",
            totals.peak_real_viewers as f64,
        ),
        ("looks", "looks", totals.looks as f64),
        ("displayed_orders", "orders", totals.displayed_orders as f64),
        ("real_orders", "orders", totals.real_orders as f64),
        ("brushed_orders", "orders", totals.brushed_orders as f64),
        ("brushed_refunded", "orders", totals.brushed_refunded as f64),
        ("brushed_refunds", "yuan", totals.brushed_refunds.yuan()),
        (
            "distinct_buyers",
            "consumers",
            totals.distinct_buyers as f64,
        ),
        ("paid_orders", "orders", totals.paid_orders as f64),
        ("lapsed_orders", "orders", totals.lapsed_orders as f64),
        ("sold_out_tries", "tries", totals.sold_out_tries as f64),
        ("displayed_sales", "yuan", totals.displayed_sales.yuan()),
        ("paid_sales", "yuan", totals.paid_sales.yuan()),
        ("balances_open", "yuan", totals.balances_open.yuan()),
        ("balances_paid", "orders", totals.balances_paid as f64),
        ("forfeited_orders", "orders", totals.forfeited_orders as f64),
        (
            "forfeited_deposits",
            "yuan",
            totals.forfeited_deposits.yuan(),
        ),
        ("coupon_discounts", "yuan", totals.coupon_discounts.yuan()),
        ("shelf_orders", "orders", totals.shelf_orders as f64),
        ("shelf_sales", "yuan", totals.shelf_sales.yuan()),
        ("filler_sales", "yuan", totals.filler_sales.yuan()),
        ("filler_refunds", "yuan", totals.filler_refunds.yuan()),
        ("searches", "searches", totals.searches as f64),
        ("search_time_cost", "yuan", totals.search_time_cost),
    ]
    .into_iter()
    .map(|(name, unit, value)| (name.to_owned(), unit, value))
    .collect();
    let conversions = [
        ("apparent_conversion", totals.apparent_conversion()),
        ("true_conversion", totals.true_conversion()),
    ];
    for (name, value) in conversions {
        if let Some(value) = value {
            all.push((name.to_owned(), "share", value));
        }
    }
    for (name, harm) in [
        ("harm", &totals.harm),
        ("harm_paid", &totals.harm_paid),
        ("unbiased_harm", &totals.unbiased_harm),
    ] {
        all.push((name.to_owned(), "yuan", harm.total));
        all.push((
            format!("{name}_induced_orders"),
            "orders",
            harm.induced_orders as f64,
        ));
        for channel in Channel::ALL {
            let value = harm.by_channel[channel as usize];
            all.push((format!("{name}_{}", channel.name()), "yuan", value));
        }
    }
    all
}
