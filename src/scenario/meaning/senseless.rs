//! What only a whole campaign shows to be wrong: terms that can never hold, and baskets that nobody can fill.

use crate::money::Fen;
use crate::promotion::{Campaign, Kind, Posted, Window, yuan};
use crate::scenario::faults::{Fault, Faults};
use crate::scenario::file::{CouponTable, Name, ObtainedBy};
use crate::scenario::node::Node;
use std::collections::BTreeMap;

/// What only the whole campaign shows: coupons that cover nothing, thresholds that nothing reaches, prices that are none, coupons that no
/// room gives out, or more than there are; baskets that nobody can fill. `issued`: how many cues give out; `None`: there are no rooms.
pub fn senseless(
    root: &Node,
    campaign: &Campaign,
    coupons: &BTreeMap<Name, CouponTable>,
    issued: Option<&BTreeMap<String, u64>>,
    faults: &mut Faults,
) {
    for (coupon, (name, table)) in campaign.coupons.iter().zip(coupons) {
        let place = root.key_place_of(&["coupons", name]);
        let covered: Vec<&Posted> = campaign
            .posted
            .iter()
            .filter(|posted| coupon.covers(&campaign.line(posted, 1)))
            .filter(|posted| overlap(posted.window, coupon.window))
            .collect();
        let mut fault = |key: &[&str], message: String, label: &str, help: String| {
            let path: Vec<&str> = ["coupons", name].iter().chain(key).copied().collect();
            let place = match key.is_empty() {
                true => place.clone(),
                false => root.place_of(&path),
            };
            faults.push(Fault::at(&place, message, label).help(help));
        };
        if covered.is_empty() {
            let message =
                format!("coupon `{name}` covers nothing that is sold while it can be used");
            let help = "look at `on`, `except`, `from` and `until`: every line must be in each list of `on` and in none of `except`";
            fault(&[], message, "covers nothing", help.to_owned());
            continue;
        }
        let most = most_in_a_basket(&covered);
        if i128::from(coupon.threshold().0) > most {
            let kind = if table.amount_off.is_some() {
                "amount_off"
            } else {
                "percent_off"
            };
            let message = format!(
                "coupon `{name}` can never reach {}",
                yuan(coupon.threshold())
            );
            let help = format!(
                "all that one buyer can put into a basket comes to {}: lower the threshold or raise a limit_per_buyer",
                yuan(Fen(most.min(i128::from(i64::MAX)) as i64))
            );
            fault(&[kind, "threshold"], message, "out of reach", help);
        }
        let lowest = covered
            .iter()
            .map(|posted| posted.price)
            .max()
            .unwrap_or_default();
        match coupon.kind {
            Kind::FixedPrice { price } if price >= lowest => {
                let message = format!("coupon `{name}` lowers no price");
                let help = format!("the highest that it covers is {}", yuan(lowest));
                fault(
                    &["fixed_price", "price"],
                    message,
                    "not below any price",
                    help,
                );
            }
            Kind::DepositWorth { worth } if !covered.iter().any(|posted| raises(posted, worth)) => {
                let message = format!("coupon `{name}` makes no deposit worth more");
                let help = "it needs a presale that it covers, with a deposit below its worth";
                fault(
                    &["deposit_worth", "worth"],
                    message,
                    "no such deposit",
                    help.to_owned(),
                );
            }
            _ => {}
        }
        let given = issued
            .and_then(|issued| issued.get(name))
            .copied()
            .unwrap_or(0);
        if let Some(quantity) = table.quantity.filter(|quantity| given > *quantity) {
            let message =
                format!("cues give out {given} coupons `{name}`, and there are {quantity}");
            let help = "lower the counts of the cues, or raise the quantity".to_owned();
            fault(&["quantity"], message, "too few", help);
        }
        if table.obtained == ObtainedBy::Room
            && issued.is_some_and(|issued| !issued.contains_key(name))
        {
            let message = format!("coupon `{name}` comes from a room, and no cue gives it out");
            let help = "add a cue issue_coupon to a room, or set obtained = \"knowing\"";
            fault(&["obtained"], message, "not given out", help.to_owned());
        }
    }
    for sample in &campaign.samples {
        let place = root.key_place_of(&["baskets", &sample.name]);
        for (index, units) in &sample.lines {
            let posted = &campaign.posted[*index];
            let product = campaign.names.product(posted.product);
            if !posted.window.holds(sample.second) {
                let message = format!("{product} is not on this shelf when the basket is paid");
                let fault = Fault::at(&place, message, "closed then");
                faults.push(fault.help("choose another `at`, or another price of the shelf"));
            }
            if *units > posted.limit {
                let message = format!(
                    "{units} {product} in a basket: one buyer may order {}",
                    posted.limit
                );
                let fault = Fault::at(&place, message, "above the limit");
                faults.push(fault.help("lower `units`, or raise limit_per_buyer"));
            }
        }
    }
}

fn raises(posted: &Posted, worth: Fen) -> bool {
    posted.deposit > Fen::ZERO && posted.deposit < worth
}

fn overlap(a: Window, b: Window) -> bool {
    a.from < b.until && b.from < a.until
}

/// The most that one buyer's basket can come to: of each product in each channel the highest price, times the limit.
fn most_in_a_basket(covered: &[&Posted]) -> i128 {
    let mut most: BTreeMap<(u32, u32), i128> = BTreeMap::new();
    for posted in covered {
        let amount = i128::from(posted.price.0) * i128::from(posted.limit);
        let entry = most.entry((posted.product, posted.channel)).or_default();
        *entry = (*entry).max(amount);
    }
    most.values().sum()
}
