//! Freight of returns: whoever pays it, it is lost to everybody.

use super::{Ran, under};
use yellowcart::experiment::metrics_of;
use yellowcart::market::{Account, Summary};
use yellowcart::money::Fen;
use yellowcart::scenario::FreightPayer;

/// What of deadweight is freight and time of returns.
fn of_returns(summary: &Summary) -> f64 {
    let measured = metrics_of(summary);
    let deadweight = measured.iter().find(|of| of.0.key == "deadweight");
    let deadweight = deadweight.and_then(|of| of.1).expect("it has a value");
    let farms = summary.earned.iter();
    let farms = farms.filter(|earned| earned.account.starts_with("farm "));
    let bots: f64 = farms.map(|earned| earned.net.yuan().max(0.0)).sum();
    deadweight - bots - summary.market.search_time_cost - summary.harm.all.claiming
}

/// Freight that somebody else than the buyer paid, by the ledger's rows.
fn paid_by_sellers(ran: &Ran) -> Fen {
    let rows = ran.kept.ledger.iter();
    let of_sellers = rows.filter(|row| row.purpose == "freight" && row.from != Account::Consumers);
    of_sellers.fold(Fen::ZERO, |sum, row| sum + row.amount)
}

#[test]
fn freight_that_changes_hands_is_lost_all_the_same() {
    let changes = &[
        "population.consumers=60000",
        "aftermath.return_freight=20.0",
        "behaviour.return_effort=30.0",
    ];
    let run = |payer: FreightPayer| {
        let ran = under("no_exchange", changes, |regime| {
            regime.return_freight_payer = payer;
        });
        let by_sellers = paid_by_sellers(&ran);
        assert_eq!(ran.summary.sellers_freight, by_sellers);
        let rows = ran.kept.aftermath.iter();
        let sent_back = rows.filter(|row| row.event == "sent_back").count() as f64;
        assert!(sent_back > 30.0, "{sent_back}");
        (of_returns(&ran.summary) / sent_back, by_sellers)
    };
    let (buyer, by_few) = run(FreightPayer::Buyer);
    let (seller, by_all) = run(FreightPayer::Seller);
    assert!(by_all > by_few);
    // 20 yuan of freight and 30 of effort, and the time of claims about what went back.
    assert!(
        buyer >= 50.0 - 1e-9 && seller >= 50.0 - 1e-9,
        "{buyer} {seller}"
    );
    assert!(seller >= 0.98 * buyer, "{buyer} {seller}");
}
