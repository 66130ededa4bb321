//! The columns of every table: name, type, unit and meaning, once. They are written into the files as metadata.

use super::table::{Column, Holds};

macro_rules! columns {
    ($($name:literal $holds:ident $unit:literal $meaning:literal;)*) => {
        &[$(Column { name: $name, holds: Holds::$holds, unit: $unit, meaning: $meaning },)*]
    };
}

/// Rooms over time.
pub const ROOMS: &[Column] = columns! {
    "time" Number "s" "second after the scenario's start";
    "room" Text "" "room";
    "displayed_viewers" Count "viewers" "viewers on display";
    "real_viewers" Count "viewers" "real viewers: consumers and background audience";
    "background_viewers" Count "viewers" "of the real ones, the background audience";
    "displayed_views" Count "views" "entries on display since the room went on air";
    "real_views" Count "views" "real entries";
    "displayed_orders" Count "orders" "orders on display";
    "real_orders" Count "orders" "orders of consumers";
    "displayed_likes" Count "likes" "likes on display";
    "real_likes" Count "likes" "likes of consumers";
    "displayed_comments" Count "comments" "comments on display";
    "real_comments" Count "comments" "comments of consumers";
    "displayed_follows" Count "follows" "new follows on display";
    "real_follows" Count "follows" "new follows by consumers";
    "displayed_cart_clicks" Count "clicks" "clicks on the cart link on display";
    "real_cart_clicks" Count "clicks" "looks and refreshes of consumers";
    "product" Text "" "product whose link opened last and is open";
    "price_fen" Fen "fen" "its price";
    "stock" Count "units" "units of it that can be ordered";
    "displayed_stock" Count "units" "units of it on display";
    "reserved" Count "units" "units of it reserved and unpaid";
    "arousal" Number "arousal" "arousal of the room";
    "exposure" Number "share" "share of the platform's exposure";
};

/// Orders with the decision behind them.
pub const ORDERS: &[Column] = columns! {
    "order" Count "" "number of the order in the run";
    "time" Number "s" "second after the scenario's start";
    "room" Text "" "room";
    "product" Text "" "product";
    "consumer" Count "" "index of the consumer; missing for a bot";
    "segment" Text "" "segment of the consumer";
    "vulnerable" Flag "" "whether the consumer counts as vulnerable";
    "origin" Text "" "look, refresh, brushed, filler (pads the basket of another order), shelf (instead of paying a balance) or errand (to the shelf with a coupon)";
    "units" Count "units" "units paid for";
    "price_fen" Fen "fen" "price of all units";
    "due_now_fen" Fen "fen" "what is due now";
    "visit" Count "" "visit of the consumer in the day";
    "look" Count "" "look of the consumer in the day";
    "utility" Number "yuan" "decision utility D";
    "honest_utility" Number "yuan" "D under honest displays";
    "unbiased_utility" Number "yuan" "D of an unbiased person under honest displays";
    "threshold" Number "yuan" "taste threshold s logit(u)";
    "taste_scale" Number "yuan" "taste scale s";
    "private_value" Number "yuan" "private value v";
    "expected_price" Number "yuan" "what it expects to pay";
    "market_price" Number "yuan" "what it thinks the product sells for elsewhere";
    "reference_price" Number "yuan" "its reference price";
    "honest_reference_price" Number "yuan" "the reference price under honest displays";
    "belief" Number "share" "belief in the claimed price";
    "times_seen" Count "" "staged cues of the claim's kind seen before";
    "displayed_orders" Count "orders" "orders on display that it saw";
    "displayed_viewers" Count "viewers" "viewers on display that it saw";
    "searched" Flag "" "whether it had searched elsewhere";
    "would_have_searched" Flag "" "whether it would have without a false promise";
    "impulse" Flag "" "whether the need was an impulse";
    "harm" Number "yuan" "harm against honest displays";
    "harm_reference_price" Number "yuan" "Shapley share";
    "harm_claimed_quality" Number "yuan" "Shapley share";
    "harm_orders" Number "yuan" "Shapley share";
    "harm_viewers" Number "yuan" "Shapley share";
    "harm_scarcity" Number "yuan" "Shapley share";
    "harm_windfall" Number "yuan" "Shapley share";
    "harm_arousal" Number "yuan" "Shapley share";
    "harm_promise" Number "yuan" "Shapley share";
    "unbiased_harm" Number "yuan" "harm against the unbiased benchmark";
    "unbiased_reference_price" Number "yuan" "Shapley share";
    "unbiased_claimed_quality" Number "yuan" "Shapley share";
    "unbiased_orders" Number "yuan" "Shapley share";
    "unbiased_viewers" Number "yuan" "Shapley share";
    "unbiased_scarcity" Number "yuan" "Shapley share";
    "unbiased_windfall" Number "yuan" "Shapley share";
    "unbiased_arousal" Number "yuan" "Shapley share";
    "unbiased_promise" Number "yuan" "Shapley share";
};

/// What became of orders.
pub const PAYMENTS: &[Column] = columns! {
    "order" Count "" "number of the order";
    "time" Number "s" "second after the scenario's start";
    "event" Text "" "paid, deposit_paid, lapsed, balance_paid, deposit_forfeited or refunded";
    "amount_fen" Fen "fen" "money that moved";
};

/// Lines that consumers paid, where there are coupons or a shelf.
pub const PURCHASES: &[Column] = columns! {
    "order" Count "" "number of the order";
    "time" Number "s" "second at which it was paid, after the scenario's start";
    "consumer" Count "" "index of the consumer";
    "segment" Text "" "segment of the consumer";
    "vulnerable" Flag "" "whether the consumer counts as vulnerable";
    "skill" Text "" "what it makes of coupons: none, obvious, stacks or pads";
    "role" Text "" "wanted, balance (of a presale), instead_of_balance (from a shelf), errand (to a shelf with a coupon) or filler";
    "product" Text "" "product";
    "channel" Text "" "room or channel whose price it was";
    "units" Count "units" "units";
    "listed_fen" Fen "fen" "list price of all units";
    "posted_fen" Fen "fen" "posted price of all units, before coupons";
    "paid_fen" Fen "fen" "what was paid for them, deposit included";
    "effective_fen" Fen "fen" "the same for a unit, with the deposit forfeited for it, rounded down";
    "deposit_fen" Fen "fen" "the part of it that had been paid as a deposit";
    "forfeited_fen" Fen "fen" "deposit forfeited for it, beside what was paid";
    "off_seller_fen" Fen "fen" "discount that the seller bore";
    "off_platform_fen" Fen "fen" "discount that the platform bore";
    "off_anchors_fen" Fen "fen" "discount that anchors bore";
    "coupons" Text "" "coupons used on it, in the order of application; missing for none";
    "sent_back" Flag "" "whether it will be sent back";
};

/// What happened to purchases after the sale.
pub const AFTERMATH: &[Column] = columns! {
    "day" Count "" "simulated day, from 0; it happens at the day's end";
    "order" Count "" "number of the order";
    "consumer" Count "" "index of the consumer";
    "segment" Text "" "segment of the consumer";
    "product" Text "" "product";
    "room" Text "" "room that the order goes with";
    "event" Text "" "delivered, sent_back, refunded, defect_showed, learned, claimed, granted, refused, gave_up, joined, damages, compensated, protected or replay_deleted";
    "rung" Text "" "where a claim stands: seller, anchor, platform, board or authority; missing where it is none";
    "amount_fen" Fen "fen" "money asked for, or paid";
    "detail" Text "" "why, or what about; missing where there is nothing to say";
};

/// What platform and authority did about rules.
pub const ENFORCEMENT: &[Column] = columns! {
    "time" Number "s" "second after the scenario's start";
    "by" Text "" "platform or authority";
    "room" Text "" "room that it is about; missing where it is about none in particular";
    "party" Text "" "against whom";
    "action" Text "" "what was done";
    "reason" Text "" "what for";
    "is_true" Flag "" "whether the party had broken the rule (ground truth)";
    "amount_fen" Fen "fen" "fine";
};

/// What generated anchors did, evening by evening, where anchors choose (ground truth).
pub const CONDUCT: &[Column] = columns! {
    "day" Count "" "simulated day, from 0";
    "room" Text "" "room";
    "anchor" Text "" "anchor";
    "script" Text "" "script that it played";
    "farm" Text "" "farm from which it bought; missing where it bought nothing";
    "views_bought" Count "viewers" "viewers that it bought";
    "orders_bought" Count "orders" "orders that it had brushed";
    "inflation" Number "ratio" "claimed over honest prior price; 1: nothing false is claimed";
    "promises" Flag "" "whether it promised the lowest price";
    "earned" Number "yuan" "commissions and fees of the day, less commissions given back; what it paid to farms and in fines is not in it";
    "usual" Number "yuan" "what it thinks an evening without any of it earns";
};

/// Cues that took effect.
pub const CUES: &[Column] = columns! {
    "time" Number "s" "second after the scenario's start";
    "room" Text "" "room";
    "act" Text "" "act";
    "script" Text "" "script it came from; missing for a cue of the room's own";
    "product" Text "" "product it is about";
    "detail" Text "" "what was said and done";
    "seen_by" Count "viewers" "real viewers who were there";
};

/// Money moved, by day, pair of accounts and purpose.
pub const LEDGER: &[Column] = columns! {
    "day" Count "" "simulated day";
    "from" Text "" "who paid";
    "to" Text "" "who received";
    "purpose" Text "" "what for";
    "amount_fen" Fen "fen" "how much";
};

/// Totals of the run in long form.
pub const TOTALS: &[Column] = columns! {
    "scope" Text "" "market, room, anchor, segment or vulnerable";
    "name" Text "" "name within the scope";
    "measure" Text "" "what is measured";
    "unit" Text "" "its unit";
    "value" Number "" "the value";
};
