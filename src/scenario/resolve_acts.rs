//! Acts of cues resolved: names become indices, and what follows from all cues of a room at once is worked out.

use super::file::CueTable;
use super::resolve::{Names, id};
use super::{Act, Cue, Id, Room};
use crate::money::Fen;
use std::collections::BTreeMap;

/// The act of a cue; there is exactly one.
pub(super) fn act_of(cue: &CueTable, second: f64, names: &Names) -> Result<Act, String> {
    let product = |name: &str| id(&names.products, name, "product");
    let farm = |name: &str| id(&names.farms, name, "farm");
    if let Some(act) = &cue.pitch {
        return Ok(Act::Pitch {
            product: product(&act.product)?,
            claimed_worth: act.claimed_worth,
            arousal: act.arousal,
        });
    }
    if let Some(act) = &cue.claim_price {
        return Ok(Act::ClaimPrice {
            product: product(&act.product)?,
            price: act.price,
        });
    }
    if let Some(act) = &cue.claim_sales {
        return Ok(Act::ClaimSales {
            claimed: act.claimed,
            goal: act.goal,
            arousal: act.arousal,
        });
    }
    if let Some(act) = &cue.promise {
        let about_room = act
            .about_room
            .as_deref()
            .map(|room| id(&names.rooms, room, "room"));
        return Ok(Act::Promise {
            product: product(&act.product)?,
            price: act.price,
            until: second + 86_400.0 * act.window_days,
            scope: act.scope,
            about_room: about_room.transpose()?,
            undercut_from: None,
        });
    }
    if let Some(act) = &cue.open_link {
        return Ok(Act::OpenLink {
            product: product(&act.product)?,
            price: act.price,
            stock: act.stock,
            shown_stock: act.shown_stock,
            limit_per_buyer: act.limit_per_buyer,
            deposit: act.deposit,
            balance_due: act.balance_due.map(|moment| names.second(moment)),
            balance_until: act.balance_until.map(|moment| names.second(moment)),
        });
    }
    if let Some(act) = &cue.set_price {
        return Ok(Act::SetPrice {
            product: product(&act.product)?,
            price: act.price,
        });
    }
    if let Some(act) = &cue.announce_price {
        return Ok(Act::AnnouncePrice {
            product: product(&act.product)?,
            price: act.price,
        });
    }
    if let Some(act) = &cue.staged_quarrel {
        return Ok(Act::StagedQuarrel {
            product: product(&act.product)?,
            intensity: act.intensity,
        });
    }
    if let Some(act) = &cue.shout_orders {
        return Ok(Act::ShoutOrders {
            product: product(&act.product)?,
            from: act.from,
            to: act.to,
            over: act.over_seconds,
        });
    }
    if let Some(act) = &cue.excite {
        return Ok(Act::Excite {
            arousal: act.arousal,
            staged: act.staged,
        });
    }
    if let Some(act) = &cue.subsidy {
        return Ok(Act::Subsidy {
            product: product(&act.product)?,
            amount: act.amount,
            payer: act.payer,
            real: act.real,
            arousal: act.arousal,
        });
    }
    if let Some(act) = &cue.misbid {
        return Ok(Act::Misbid {
            product: product(&act.product)?,
            reduction: act.reduction,
        });
    }
    if let Some(act) = &cue.wrong_quantity {
        return Ok(Act::WrongQuantity {
            product: product(&act.product)?,
            extra_units: act.extra_units,
            delivered_units: act.delivered_units,
        });
    }
    if let Some(act) = &cue.countdown {
        return Ok(Act::Countdown {
            product: product(&act.product)?,
            seconds: act.seconds,
            genuine: false,
        });
    }
    if let Some(act) = &cue.restock {
        return Ok(Act::Restock {
            product: product(&act.product)?,
            units: act.units,
        });
    }
    if let Some(act) = &cue.brush_orders {
        return Ok(Act::BrushOrders {
            product: product(&act.product)?,
            farm: farm(&act.farm)?,
            orders: act.orders,
            over: act.over_seconds,
        });
    }
    if let Some(act) = &cue.buy {
        return Ok(Act::Buy {
            service: act.service,
            farm: farm(&act.farm)?,
            count: act.count,
            over: act.over_seconds,
        });
    }
    if let Some(act) = &cue.call {
        let segment = act.segment.as_deref();
        let segment = segment.map(|name| id(&names.segments, name, "segment"));
        return Ok(Act::Call {
            segment: segment.transpose()?,
            reach: act.reach,
            over: act.over_seconds,
            by: act.by,
            number: 0,
        });
    }
    if let Some(act) = &cue.giveaway {
        return Ok(Act::Giveaway {
            share: act.share,
            over: act.over_seconds,
            number: 0,
        });
    }
    if let Some(act) = &cue.remark {
        return Ok(Act::Remark {
            about: act.about,
            product: act.product.as_deref().map(product).transpose()?,
        });
    }
    if let Some(act) = &cue.farm_coupons {
        return Ok(Act::FarmCoupons {
            coupon: id(&names.coupons, &act.coupon, "coupon")?,
            farm: farm(&act.farm)?,
            accounts: act.accounts,
            over: act.over_seconds,
        });
    }
    if let Some(act) = &cue.close_link {
        return Ok(Act::CloseLink {
            product: product(&act.product)?,
        });
    }
    if let Some(act) = &cue.own_store_price {
        return Ok(Act::OwnStorePrice {
            product: product(&act.product)?,
            price: act.price,
            from: names.second(act.from),
            until: names.second(act.until),
        });
    }
    if let Some(act) = &cue.issue_coupon {
        return Ok(Act::IssueCoupon {
            coupon: id(&names.coupons, &act.coupon, "coupon")?,
            by: act.by,
            count: act.count,
            over: act.over_seconds,
            least_order: Fen::from_yuan(act.least_order),
        });
    }
    Err("a cue does nothing".to_owned())
}

/// When each product's link first opens in a room.
pub(super) fn first_openings(room: &Room) -> BTreeMap<Id, f64> {
    let mut first = BTreeMap::new();
    for cue in &room.cues {
        if let Act::OpenLink { product, .. } = cue.act {
            first.entry(product).or_insert(cue.at);
        }
    }
    first
}

/// Numbers the calls and giveaways of a room, each kind from 0: who follows them is drawn by that number.
pub(super) fn number_invitations(cues: &mut [Cue]) {
    let (mut calls, mut giveaways) = (0, 0);
    for cue in cues {
        let (number, count) = match &mut cue.act {
            Act::Call { number, .. } => (number, &mut calls),
            Act::Giveaway { number, .. } => (number, &mut giveaways),
            _ => continue,
        };
        *number = *count;
        *count += 1;
    }
}

/// A countdown is genuine if something scheduled makes the offer worse within one display period of its end.
pub(super) fn mark_countdowns(cues: &mut [Cue], period: f64) {
    let mut price: BTreeMap<Id, f64> = BTreeMap::new();
    for index in 0..cues.len() {
        let at = cues[index].at;
        match cues[index].act {
            Act::OpenLink {
                product,
                price: now,
                ..
            }
            | Act::SetPrice {
                product,
                price: now,
            } => {
                price.insert(product, now);
            }
            Act::Misbid { product, reduction } => {
                price.entry(product).and_modify(|now| *now -= reduction);
            }
            _ => {}
        }
        if let Act::Countdown {
            product, seconds, ..
        } = cues[index].act
        {
            let end = at + seconds;
            let now = price.get(&product).copied().unwrap_or(f64::INFINITY);
            let worse = cues[index + 1..].iter().any(|later| {
                let near = (later.at - end).abs() <= period;
                near && match later.act {
                    Act::CloseLink { product: closed } => closed == product,
                    Act::SetPrice {
                        product: other,
                        price,
                    } => other == product && price > now,
                    _ => false,
                }
            });
            if let Act::Countdown { genuine, .. } = &mut cues[index].act {
                *genuine = worse;
            }
        }
    }
}
