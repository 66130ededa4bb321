//! Quotes in words and figures: every line, every coupon with what it counted, and what that comes to.

use super::basket::Basket;
use super::coupon::{Base, Coupon, Issuer, Kind, Sharing};
use super::quote::{Quote, Step};
use crate::money::{Fen, in_thousands};
use std::fmt::Write;

/// Names of what quotes refer to by index.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Products.
    pub products: Vec<String>,
    /// Stores.
    pub stores: Vec<String>,
    /// Anchors.
    pub anchors: Vec<String>,
    /// Channels.
    pub channels: Vec<String>,
}

impl Names {
    /// The product of a line.
    pub fn product(&self, id: u32) -> &str {
        name_in(&self.products, id)
    }

    /// The channel of a line.
    pub fn channel(&self, id: u32) -> &str {
        name_in(&self.channels, id)
    }

    /// Who issues a coupon.
    pub fn issuer(&self, issuer: Issuer) -> &str {
        match issuer {
            Issuer::Platform => "platform",
            Issuer::Store(id) => name_in(&self.stores, id),
            Issuer::Anchor(id) => name_in(&self.anchors, id),
        }
    }
}

fn name_in(names: &[String], id: u32) -> &str {
    names.get(id as usize).map_or("?", String::as_str)
}

/// An amount with its thousands apart: "1,499.00".
pub fn yuan(amount: Fen) -> String {
    let plain = amount.to_string();
    let (sign, rest) = plain
        .strip_prefix('-')
        .map_or(("", plain.as_str()), |rest| ("-", rest));
    let (whole, fen) = rest.split_once('.').unwrap_or((rest, "00"));
    let grouped = in_thousands(whole);
    format!("{sign}{grouped}.{fen}")
}

/// What a coupon grants, in words: "1,000.00 off from 2,000.00".
pub fn grant_in_words(kind: &Kind) -> String {
    let from = |threshold: Fen| match threshold {
        Fen::ZERO => String::new(),
        threshold => format!(" from {}", yuan(threshold)),
    };
    match *kind {
        Kind::AmountOff {
            threshold,
            off,
            times: 1,
        } => format!("{} off{}", yuan(off), from(threshold)),
        Kind::AmountOff { threshold, off, .. } => {
            format!("{} off each full {}", yuan(off), yuan(threshold))
        }
        Kind::PercentOff {
            threshold,
            basis_points,
            cap,
        } => {
            let percent = f64::from(basis_points) / 100.0;
            let cap = cap.map_or(String::new(), |cap| format!(", at most {}", yuan(cap)));
            format!("{percent} % off{}{cap}", from(threshold))
        }
        Kind::FixedPrice { price } => format!("{} a unit", yuan(price)),
        Kind::DepositWorth { worth } => format!("a deposit that counts for {}", yuan(worth)),
    }
}

/// A quote in words and figures, line by line.
pub fn explain(basket: &Basket, coupons: &[Coupon], quote: &Quote, names: &Names) -> String {
    let mut text = String::new();
    for (line, quoted) in basket.0.iter().zip(&quote.lines) {
        let what = format!(
            "{} x {} at {} ({})",
            line.units,
            names.product(line.product),
            yuan(line.price),
            names.channel(line.channel)
        );
        let _ = writeln!(text, "{what:<64}{:>12}", yuan(quoted.gross));
    }
    for step in &quote.steps {
        if let Some(coupon) = coupons.get(step.coupon as usize) {
            text.push_str(&step_in_words(basket, coupon, step, names));
        }
    }
    let _ = writeln!(text, "{:<64}{:>12}", "to pay", yuan(quote.total));
    if quote.deposit > Fen::ZERO {
        let _ = writeln!(
            text,
            "{:<64}{:>12}",
            "  deposit paid before",
            yuan(quote.deposit)
        );
        let _ = writeln!(text, "{:<64}{:>12}", "  still due", yuan(quote.due()));
    }
    for (line, quoted) in basket.0.iter().zip(&quote.lines) {
        let name = names.product(line.product);
        let unit = Fen(quoted.paid.0 / i64::from(line.units.max(1)));
        let each = match line.units {
            1 => format!("  of it for {name}"),
            _ => format!("  of it for {name}, {} a unit", yuan(unit)),
        };
        let _ = writeln!(text, "{each:<64}{:>12}", yuan(quoted.paid));
    }
    text
}

fn step_in_words(basket: &Basket, coupon: &Coupon, step: &Step, names: &Names) -> String {
    let mut text = String::new();
    let what = format!(
        "{} of {}: {}",
        coupon.name,
        names.issuer(coupon.issuer),
        grant_in_words(&coupon.kind)
    );
    let _ = writeln!(
        text,
        "{what:<64}{:>12}",
        format!("-{}", yuan(step.discount))
    );
    let basis = match coupon.base {
        Base::Remaining => "counted",
        Base::BeforeCoupons => "counted before coupons",
    };
    let reached = match (&coupon.kind, step.times) {
        (Kind::FixedPrice { .. } | Kind::DepositWorth { .. }, _) => String::new(),
        (_, 0) => format!("  {basis} {}: not enough\n", yuan(step.basis)),
        (Kind::AmountOff { times, .. }, reached) if *times > 1 => {
            format!("  {basis} {}: {reached} times\n", yuan(step.basis))
        }
        _ => format!("  {basis} {}\n", yuan(step.basis)),
    };
    text.push_str(&reached);
    let shared = step
        .shares
        .iter()
        .filter(|share| **share > Fen::ZERO)
        .count();
    if shared > 1 {
        let how = match coupon.sharing {
            Sharing::ProRata => "in proportion",
            Sharing::PerUnit => "the same for every unit",
        };
        let parts: Vec<String> = basket
            .0
            .iter()
            .zip(&step.shares)
            .filter(|(_, share)| **share > Fen::ZERO)
            .map(|(line, share)| format!("{} {}", names.product(line.product), yuan(*share)))
            .collect();
        let _ = writeln!(text, "  shared {how}: {}", parts.join(", "));
    }
    text
}
