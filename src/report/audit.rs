//! The audit in words and figures: a table for people, JSON for programs.

use super::summary::columns;
use crate::money::Fen;
use crate::promotion::{
    Audit, Campaign, Finding, Granter, Sampled, Stacked, Verdict, Way, explain, yuan,
};
use serde_json::{Value as Json, json};
use std::fmt::Write;

/// Stacks that the table shows; JSON has all.
const SHOWN: usize = 12;

/// The table of an audit, with the witness of every broken promise and the stacks that go beyond what anybody granted.
pub fn audit_table(campaign: &Campaign, audit: &Audit) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}\n", campaign.title);
    if audit.findings.is_empty() {
        text.push_str("no promises: nothing to be kept or broken\n");
    } else {
        text.push_str(&promises(campaign, audit));
    }
    for finding in &audit.findings {
        let _ = writeln!(text);
        text.push_str(&finding_in_words(campaign, finding));
    }
    let _ = writeln!(text);
    text.push_str(&stacks(campaign, &audit.stacked));
    if !audit.sampled.is_empty() {
        let _ = writeln!(text);
        text.push_str(&baskets(campaign, &audit.sampled));
    }
    text
}

/// What the sample baskets cost buyers of every skill.
fn baskets(campaign: &Campaign, sampled: &[Sampled]) -> String {
    let mut text = String::from(
        "what the same basket costs a buyer who holds every coupon that is to be had then, by what it makes of them\n",
    );
    let titles = [
        "basket",
        "no coupon",
        "the obvious one",
        "best stack",
        "padded",
        "how",
    ];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    for sample in sampled {
        rows.push(vec![
            sample.name.clone(),
            yuan(sample.none),
            yuan(sample.obvious.0),
            yuan(sample.stacked.total),
            yuan(sample.padded.net),
            sampled_in_words(campaign, sample),
        ]);
    }
    columns(&mut text, "", &rows, |column| matches!(column, 0 | 5));
    text
}

fn sampled_in_words(campaign: &Campaign, sample: &Sampled) -> String {
    let name = |coupon: u32| campaign.coupons[coupon as usize].name.as_str();
    let stack: Vec<&str> = sample
        .stacked
        .steps
        .iter()
        .map(|step| name(step.coupon))
        .collect();
    let filler = &sample.padded.filler;
    let padded = match filler.is_empty() {
        true => "padding does not pay".to_owned(),
        false => {
            let what: Vec<String> = filler
                .iter()
                .map(|line| format!("{} {}", line.units, campaign.names.product(line.product)))
                .collect();
            let (total, refund) = (yuan(sample.padded.total), yuan(sample.padded.refund));
            format!(
                "padded with {}: {total} paid, {refund} back",
                what.join(", ")
            )
        }
    };
    let stack = match stack.is_empty() {
        true => "nothing stacks".to_owned(),
        false => stack.join(" + "),
    };
    let obvious = sample.obvious.1.map_or("no coupon", name);
    format!("{obvious}; {stack}; {padded}")
}

fn promises(campaign: &Campaign, audit: &Audit) -> String {
    let titles = [
        "promise", "by", "product", "verdict", "promised", "cheapest", "buyers",
    ];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    for finding in &audit.findings {
        let cheapest = finding.witness.as_ref().map(|way| yuan(way.effective));
        rows.push(vec![
            finding.promise.name.clone(),
            finding.promise.by.clone(),
            campaign.names.product(finding.promise.product).to_owned(),
            finding.verdict.in_words().to_owned(),
            yuan(finding.promise.price),
            cheapest.unwrap_or_else(|| "-".to_owned()),
            buyers_in_words(finding),
        ]);
    }
    let mut text = String::new();
    columns(&mut text, "", &rows, |column| column < 4);
    text
}

fn buyers_in_words(finding: &Finding) -> String {
    match (&finding.witness, finding.buyers) {
        (None, _) => "-".to_owned(),
        (Some(_), None) => "no end".to_owned(),
        (Some(_), Some(buyers)) => crate::report::canvas::number(buyers as f64),
    }
}

fn finding_in_words(campaign: &Campaign, finding: &Finding) -> String {
    let mut text = String::new();
    let promise = &finding.promise;
    let product = campaign.names.product(promise.product);
    let _ = writeln!(
        text,
        "{}: {} for {product}, promised by {}, {} to {}",
        promise.name,
        yuan(promise.price),
        promise.by,
        campaign.moment(promise.window.from),
        campaign.moment(promise.window.until)
    );
    let Some(way) = &finding.witness else {
        text.push_str("  nobody sells it in this time\n");
        return text;
    };
    let below = promise.price - way.effective;
    let _ = match finding.verdict {
        Verdict::Broken => writeln!(text, "  broken by {}: {}", yuan(below), how(campaign, way)),
        _ => writeln!(
            text,
            "  {}: {}",
            finding.verdict.in_words(),
            how(campaign, way)
        ),
    };
    if finding.verdict == Verdict::Broken {
        let quote = explain(&way.basket, &campaign.coupons, &way.quote, &campaign.names);
        for line in quote.lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    if let Some(returned) = &finding.returned {
        let lost = lost_in_words(campaign, &returned.refund.lost);
        let _ = writeln!(
            text,
            "  returning the filler brings back {}: {product} has then cost {}{lost}",
            yuan(returned.refund.amount),
            yuan(returned.effective)
        );
    }
    let _ = writeln!(
        text,
        "  nothing can be cheaper than {}; by posted prices alone: {}",
        yuan(finding.at_least),
        finding.by_posted_prices.in_words()
    );
    if let Some((verdict, cheapest)) = &finding.as_meant {
        let _ = writeln!(
            text,
            "  {}",
            as_meant_in_words(finding, *verdict, *cheapest)
        );
    }
    text
}

fn how(campaign: &Campaign, way: &Way) -> String {
    let coupons: Vec<&str> = way
        .quote
        .steps
        .iter()
        .map(|step| campaign.coupons[step.coupon as usize].name.as_str())
        .collect();
    let with = match coupons.is_empty() {
        true => String::new(),
        false => format!(" with {}", coupons.join(" and ")),
    };
    let channel = campaign.posted[way.posted].channel;
    format!(
        "{} from {} in {}{with}",
        yuan(way.effective),
        campaign.moment(way.second),
        campaign.names.channel(channel)
    )
}

fn lost_in_words(campaign: &Campaign, lost: &[u32]) -> String {
    let names: Vec<&str> = lost
        .iter()
        .map(|coupon| campaign.coupons[*coupon as usize].name.as_str())
        .collect();
    match names.is_empty() {
        true => " (its share of the discount stays)".to_owned(),
        false => format!(" ({} is lost)", names.join(" and ")),
    }
}

fn as_meant_in_words(finding: &Finding, verdict: Verdict, cheapest: Option<Fen>) -> String {
    let price = cheapest.map_or("none".to_owned(), yuan);
    match (finding.verdict, verdict) {
        (Verdict::Broken, Verdict::Broken) => {
            format!("exclusions as they were meant would not have closed it: {price}")
        }
        (Verdict::Broken, verdict) => {
            let verdict = verdict.in_words();
            format!(
                "exclusions as they were meant would have closed it: {verdict}, cheapest {price}"
            )
        }
        _ => format!(
            "with exclusions as they were meant: {}, {price}",
            verdict.in_words()
        ),
    }
}

fn granter(campaign: &Campaign, granter: Granter) -> String {
    match granter {
        Granter::Channel(channel) => format!("price of {}", campaign.names.channel(channel)),
        Granter::Issuer(issuer) => format!("coupons of {}", campaign.names.issuer(issuer)),
    }
}

fn stacks(campaign: &Campaign, stacked: &[Stacked]) -> String {
    if stacked.is_empty() {
        return "no stack takes more off than a single issuer granted\n".to_owned();
    }
    let mut text = format!(
        "{} more off a product than any single issuer granted{}\n",
        match stacked.len() {
            1 => "1 stack takes".to_owned(),
            count => format!("{count} stacks take"),
        },
        if stacked.len() > SHOWN {
            format!("; the farthest {SHOWN}:")
        } else {
            ":".to_owned()
        }
    );
    let titles = [
        "product", "channel", "from", "off", "largest", "beyond", "price", "stack",
    ];
    let mut rows = vec![titles.map(str::to_owned).to_vec()];
    for stack in stacked.iter().take(SHOWN) {
        let grants: Vec<String> = stack
            .grants
            .iter()
            .map(|(by, grant)| format!("{} {}", granter(campaign, *by), yuan(*grant)))
            .collect();
        let largest = stack.grants.first().map_or(Fen::ZERO, |(_, grant)| *grant);
        rows.push(vec![
            campaign
                .names
                .product(stack.way.basket.0[0].product)
                .to_owned(),
            campaign
                .names
                .channel(campaign.posted[stack.way.posted].channel)
                .to_owned(),
            campaign.moment(stack.way.second),
            yuan(stack.off),
            yuan(largest),
            yuan(stack.beyond()),
            yuan(stack.way.effective),
            grants.join(" + "),
        ]);
    }
    columns(&mut text, "", &rows, |column| column < 3 || column == 7);
    text
}

/// An audit as JSON; money in fen.
pub fn audit_json(campaign: &Campaign, audit: &Audit) -> Json {
    json!({
        "title": campaign.title,
        "version": crate::experiment::VERSION,
        "none_broken": audit.none_broken(),
        "all_proven": audit.all_proven(),
        "promises": audit.findings.iter().map(|finding| finding_json(campaign, finding)).collect::<Vec<_>>(),
        "baskets": audit.sampled.iter().map(|sample| json!({
            "basket": sample.name,
            "none_fen": sample.none.0,
            "obvious_fen": sample.obvious.0.0,
            "stacked_fen": sample.stacked.total.0,
            "padded_fen": sample.padded.net.0,
            "in_words": sampled_in_words(campaign, sample),
        })).collect::<Vec<_>>(),
        "stacks_beyond_any_grant": audit.stacked.iter().map(|stack| json!({
            "way": way_json(campaign, &stack.way),
            "off_fen": stack.off.0,
            "beyond_fen": stack.beyond().0,
            "grants": stack.grants.iter().map(|(by, grant)| json!({
                "by": granter(campaign, *by),
                "fen": grant.0,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn verdict_json(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Broken => "broken",
        Verdict::Kept => "kept",
        Verdict::NotBroken => "not_broken_as_far_as_searched",
        Verdict::NothingSold => "nothing_sold",
    }
}

fn finding_json(campaign: &Campaign, finding: &Finding) -> Json {
    let promise = &finding.promise;
    json!({
        "promise": promise.name,
        "by": promise.by,
        "product": campaign.names.product(promise.product),
        "promised_fen": promise.price.0,
        "from": campaign.moment(promise.window.from),
        "until": campaign.moment(promise.window.until),
        "own_channels_only": promise.own_only,
        "verdict": verdict_json(finding.verdict),
        "verdict_by_posted_prices": verdict_json(finding.by_posted_prices),
        "cheapest_fen": finding.witness.as_ref().map(|way| way.effective.0),
        "at_least_fen": finding.at_least.0,
        "buyers": finding.buyers,
        "witness": finding.witness.as_ref().map(|way| way_json(campaign, way)),
        "filler_returned": finding.returned.as_ref().map(|returned| json!({
            "refund_fen": returned.refund.amount.0,
            "unit_then_fen": returned.effective.0,
            "lost": returned.refund.lost.iter()
                .map(|coupon| &campaign.coupons[*coupon as usize].name).collect::<Vec<_>>(),
        })),
        "as_meant": finding.as_meant.map(|(verdict, cheapest)| json!({
            "verdict": verdict_json(verdict),
            "cheapest_fen": cheapest.map(|price| price.0),
        })),
        "prices": finding.moments.iter().map(|moment| json!({
            "from": campaign.moment(moment.from),
            "until": campaign.moment(moment.until),
            "posted_fen": moment.posted.map(|price| price.0),
            "effective_fen": moment.effective.map(|price| price.0),
        })).collect::<Vec<_>>(),
    })
}

fn way_json(campaign: &Campaign, way: &Way) -> Json {
    let lines = way.basket.0.iter().zip(&way.quote.lines);
    json!({
        "from": campaign.moment(way.second),
        "effective_fen": way.effective.0,
        "total_fen": way.quote.total.0,
        "basket": lines.map(|(line, quoted)| json!({
            "product": campaign.names.product(line.product),
            "channel": campaign.names.channel(line.channel),
            "units": line.units,
            "price_fen": line.price.0,
            "deposit_fen": line.deposit.0,
            "paid_fen": quoted.paid.0,
        })).collect::<Vec<_>>(),
        "coupons": way.quote.steps.iter().map(|step| json!({
            "coupon": campaign.coupons[step.coupon as usize].name,
            "counted_fen": step.basis.0,
            "times": step.times,
            "discount_fen": step.discount.0,
            "shares_fen": step.shares.iter().map(|share| share.0).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "in_words": explain(&way.basket, &campaign.coupons, &way.quote, &campaign.names),
    })
}
