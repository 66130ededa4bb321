//! From a regime file to the plain [`Regime`]: values without their articles, yuan as fen, the moment as a second. What a file leaves out is
//! what [`Regime::default`] says: no such rule.

use super::file::{FineTable, RegimeFile, Sourced};
use super::resolve::Names;
use super::{Bundle, Fine, Regime};
use crate::money::Fen;
use garde::Validate;

/// The plain regime of a bundle.
pub(super) fn regime_of(bundle: &Bundle, names: &Names) -> Regime {
    let file = &bundle.regime;
    let mut regime = Regime {
        name: bundle.regime_name.clone(),
        title: file.title.clone(),
        jurisdiction: file.jurisdiction.clone(),
        from: file.from.map_or(0.0, |moment| names.second(moment)),
        fines: file.fines.iter().map(fine_of).collect(),
        ..Regime::default()
    };
    choices(file, &mut regime);
    flags(file, &mut regime);
    days(file, &mut regime);
    shares(file, &mut regime);
    amounts(file, &mut regime);
    regime
}

/// Sets what the file says; leaves what it does not.
fn set<T, U>(rule: &mut U, said: &Option<Sourced<T>>, plain: impl Fn(T) -> U)
where
    T: Validate<Context = ()> + Copy,
{
    if let Some(sourced) = said {
        *rule = plain(sourced.value);
    }
}

fn choices(file: &RegimeFile, regime: &mut Regime) {
    set(
        &mut regime.claim_substantiation,
        &file.claim_substantiation,
        |value| value,
    );
    set(&mut regime.detector, &file.detector, |value| value);
    set(
        &mut regime.return_freight_payer,
        &file.return_freight_payer,
        |value| value,
    );
    set(
        &mut regime.burden_of_proof,
        &file.burden_of_proof,
        |value| value,
    );
    set(
        &mut regime.platform_liability,
        &file.platform_liability,
        |value| value,
    );
}

fn flags(file: &RegimeFile, regime: &mut Regime) {
    for (rule, said) in [
        (
            &mut regime.disclose_real_counters,
            &file.disclose_real_counters,
        ),
        (&mut regime.ban_fake_viewers, &file.ban_fake_viewers),
        (&mut regime.ban_fake_orders, &file.ban_fake_orders),
        (&mut regime.ban_fake_reviews, &file.ban_fake_reviews),
        (&mut regime.bot_supplier_liable, &file.bot_supplier_liable),
        (
            &mut regime.coupon_counts_in_price_guarantee,
            &file.coupon_counts_in_price_guarantee,
        ),
        (
            &mut regime.price_promise_enforceable,
            &file.price_promise_enforceable,
        ),
        (
            &mut regime.auto_price_protection,
            &file.auto_price_protection,
        ),
        (
            &mut regime.false_promise_is_fraud,
            &file.false_promise_is_fraud,
        ),
        (&mut regime.redress_order, &file.redress_order),
        (&mut regime.correct_counters, &file.correct_counters),
    ] {
        set(rule, said, |value| value.0);
    }
}

fn days(file: &RegimeFile, regime: &mut Regime) {
    for (rule, said) in [
        (
            &mut regime.ref_price_window_days,
            &file.ref_price_window_days,
        ),
        (&mut regime.replay_public_days, &file.replay_public_days),
        (
            &mut regime.replay_authority_days,
            &file.replay_authority_days,
        ),
        (&mut regime.key_room_extra_days, &file.key_room_extra_days),
        (&mut regime.txn_record_days, &file.txn_record_days),
        (&mut regime.cooling_off_days, &file.cooling_off_days),
        (&mut regime.refund_deadline_days, &file.refund_deadline_days),
        (&mut regime.complaint_sla_days, &file.complaint_sla_days),
        (&mut regime.suspension_days, &file.suspension_days),
        (
            &mut regime.enforcement_delay_days,
            &file.enforcement_delay_days,
        ),
    ] {
        set(rule, said, |value| value.0);
    }
}

fn shares(file: &RegimeFile, regime: &mut Regime) {
    for (rule, said) in [
        (
            &mut regime.platform_patrol_small,
            &file.platform_patrol_small,
        ),
        (&mut regime.platform_patrol_key, &file.platform_patrol_key),
        (&mut regime.q_platform, &file.q_platform),
        (&mut regime.throttle, &file.throttle),
        (&mut regime.q_state, &file.q_state),
        (&mut regime.false_positive_rate, &file.false_positive_rate),
        (&mut regime.realised_share, &file.realised_share),
    ] {
        set(rule, said, |value| value.0);
    }
}

fn amounts(file: &RegimeFile, regime: &mut Regime) {
    set(
        &mut regime.detector_threshold,
        &file.detector_threshold,
        |value| value.0,
    );
    set(
        &mut regime.key_room_followers,
        &file.key_room_followers,
        |value| value.0,
    );
    set(
        &mut regime.fraud_damages_multiple,
        &file.fraud_damages_multiple,
        |value| value.0,
    );
    set(
        &mut regime.fraud_damages_floor,
        &file.fraud_damages_floor,
        |value| Fen::from_yuan(value.0),
    );
    set(
        &mut regime.investigates_from_complaints,
        &file.investigates_from_complaints,
        |value| value.0,
    );
    set(
        &mut regime.publicity_shock,
        &file.publicity_shock,
        |value| value.0,
    );
}

fn fine_of(table: &FineTable) -> Fine {
    Fine {
        breach: table.breach,
        party: table.party,
        base: table.base,
        rate: table.rate,
        min: Fen::from_yuan(table.min),
        max: table.max.map_or(Fen::ZERO, Fen::from_yuan),
        repeat_mult: table.repeat_mult,
    }
}
