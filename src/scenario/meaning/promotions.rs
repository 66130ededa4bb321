//! What coupons, shelves and promises can get wrong: whom and what they name, their windows, circles, and terms that can never hold.

use super::Meaning;
use crate::money::Fen;
use crate::promotion::{Coupon, Kind, MOST_COUPONS};
use crate::scenario::campaign::PLATFORM;
use crate::scenario::faults::{Fault, Faults, Place, nearest, suggest};
use crate::scenario::file::{
    BasketTable, CampaignFile, CouponTable, FilterTable, Moment, Name, PromiseTable, ShelfTable,
};
use crate::scenario::node::Node;
use std::collections::BTreeMap;

/// The promotions of a scenario or of a campaign file, and what they may name.
pub struct Promotions<'a> {
    root: &'a Node,
    shape: &'a Faults,
    shelf: &'a BTreeMap<Name, ShelfTable>,
    coupons: &'a BTreeMap<Name, CouponTable>,
    promises: &'a BTreeMap<Name, PromiseTable>,
    baskets: &'a BTreeMap<Name, BasketTable>,
    brands: Vec<&'a str>,
    categories: Vec<&'a str>,
    products: Vec<&'a str>,
    rooms: Vec<&'a str>,
    /// Brands by product.
    brand_of: BTreeMap<&'a str, &'a str>,
    /// Anchors that issue; `None`: nobody is declared, anybody may.
    anchors: Option<Vec<&'a str>>,
}

/// Names of a table's entries.
fn keys<T>(table: &BTreeMap<Name, T>) -> Vec<&str> {
    table.keys().map(String::as_str).collect()
}

impl<'a> Promotions<'a> {
    /// Those of a scenario.
    pub fn of_scenario(meaning: &Meaning<'a>) -> Self {
        let file = meaning.file;
        Self {
            root: meaning.root,
            shape: meaning.shape,
            shelf: &file.shelf,
            coupons: &file.coupons,
            promises: &file.promises,
            baskets: &file.baskets,
            brands: keys(&file.brands),
            categories: keys(&file.categories),
            products: keys(&file.products),
            rooms: keys(&file.rooms),
            brand_of: file
                .products
                .iter()
                .map(|(name, table)| (name.as_str(), table.brand.as_str()))
                .collect(),
            anchors: Some(keys(&file.anchors)),
        }
    }

    /// Those of a campaign file.
    pub fn of_campaign(root: &'a Node, file: &'a CampaignFile, shape: &'a Faults) -> Self {
        let products = || file.products.values();
        Self {
            root,
            shape,
            shelf: &file.shelf,
            coupons: &file.coupons,
            promises: &file.promises,
            baskets: &file.baskets,
            brands: products().map(|table| table.brand.as_str()).collect(),
            categories: products().map(|table| table.category.as_str()).collect(),
            products: keys(&file.products),
            rooms: Vec::new(),
            brand_of: BTreeMap::new(),
            anchors: None,
        }
    }

    /// Finds everything that is wrong with names, windows and kinds.
    pub fn check(&self, faults: &mut Faults) {
        for (name, table) in self.shelf {
            self.shelf(name, table, faults);
        }
        for (name, table) in self.promises {
            let path = ["promises", name, "product"];
            self.reference(&path, "product", &table.product, &self.products, faults);
            self.window(
                "promises",
                name,
                (Some(table.from), Some(table.until)),
                faults,
            );
        }
        if self.coupons.len() > MOST_COUPONS {
            let place = self.root.key_place_of(&["coupons"]);
            let message = format!("{} coupons", self.coupons.len());
            let fault = Fault::at(&place, message, "too many");
            faults.push(fault.help(format!("allowed: at most {MOST_COUPONS}")));
        }
        for (name, table) in self.coupons {
            self.coupon(name, table, faults);
        }
        let shelf = keys(self.shelf);
        for (name, table) in self.baskets {
            for (index, line) in table.lines.iter().enumerate() {
                let path = ["baskets", name, "lines", &index.to_string(), "shelf"];
                self.reference(&path, "shelf", &line.shelf, &shelf, faults);
            }
        }
        self.circles(faults);
    }

    fn place(&self, path: &[&str]) -> Place {
        self.root.place_of(path)
    }

    fn reference(
        &self,
        path: &[&str],
        kind: &str,
        name: &str,
        names: &[&str],
        faults: &mut Faults,
    ) {
        if names.contains(&name) {
            return;
        }
        let message = format!("there is no {kind} `{name}`");
        let mut fault = Fault::at(&self.place(path), message, "not found");
        let none = format!("the file has no {kind} at all");
        fault.help = suggest(name, names.iter().copied()).or(Some(none));
        faults.push(fault);
    }

    fn window(
        &self,
        table: &str,
        name: &str,
        (from, until): (Option<Moment>, Option<Moment>),
        faults: &mut Faults,
    ) {
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            let message = format!("`{name}` ends before it begins");
            let place = self.place(&[table, name, "until"]);
            let fault = Fault::at(&place, message, "impossible window");
            faults.push(fault.help(format!("it begins at {from}")));
        }
    }

    fn shelf(&self, name: &str, table: &ShelfTable, faults: &mut Faults) {
        let path = ["shelf", name, "product"];
        self.reference(&path, "product", &table.product, &self.products, faults);
        self.window("shelf", name, (table.from, table.until), faults);
        self.channel(name, table, faults);
        if table.deposit.is_some_and(|deposit| deposit >= table.price) {
            let place = self.place(&["shelf", name, "deposit"]);
            let message = "the deposit is not below the price";
            let fault = Fault::at(&place, message, "deposit too high");
            faults.push(fault.help("a deposit is a part of the price"));
        }
    }

    /// A room posts the prices of its cues; a shelf has a name of its own.
    fn channel(&self, name: &str, table: &ShelfTable, faults: &mut Faults) {
        let brand = self.brand_of.get(table.product.as_str()).copied();
        let channel = table.channel.as_deref().or(brand);
        let Some(room) = channel.filter(|channel| self.rooms.contains(channel)) else {
            return;
        };
        let key = if table.channel.is_some() {
            "channel"
        } else {
            "product"
        };
        let message = format!("`{room}` is a room, whose prices are those of its cues");
        let fault = Fault::at(&self.place(&["shelf", name, key]), message, "a room");
        faults.push(fault.help("give the shelf a channel with a name of its own"));
    }

    fn coupon(&self, name: &str, table: &CouponTable, faults: &mut Faults) {
        self.kind(name, table, faults);
        self.issuer(name, table, faults);
        self.window("coupons", name, (table.from, table.until), faults);
        for (key, filter) in [
            ("on", &table.on),
            ("except", &table.except),
            ("meant_to_except", &table.meant_to_except),
        ] {
            self.filter(name, key, filter, faults);
        }
        let others = keys(self.coupons);
        for (key, named) in [("not_with", &table.not_with), ("after", &table.after)] {
            for (index, other) in named.iter().enumerate() {
                let index = index.to_string();
                let path = ["coupons", name, key, &index];
                self.reference(&path, "coupon", other, &others, faults);
                if other == name {
                    let message = format!("coupon `{name}` names itself");
                    let fault = Fault::at(&self.place(&path), message, "itself");
                    faults.push(fault.help("name another coupon, or take this out"));
                }
            }
        }
        for (index, before) in table.after.iter().enumerate() {
            self.contradiction(name, table, index, before, faults);
        }
        self.amounts(name, table, faults);
        self.percent(name, table, faults);
    }

    /// A coupon that is applied after one with which it can never be used.
    fn contradiction(
        &self,
        name: &str,
        table: &CouponTable,
        index: usize,
        before: &str,
        faults: &mut Faults,
    ) {
        let Some(other) = self.coupons.get(before).filter(|_| before != name) else {
            return;
        };
        let same_group = table.group.is_some() && table.group == other.group;
        let excluded = table.not_with.iter().any(|rival| rival == before)
            || other.not_with.iter().any(|rival| rival == name);
        if same_group || excluded {
            let path = ["coupons", name, "after", &index.to_string()];
            let message = format!(
                "coupon `{name}` is applied after `{before}`, with which it cannot be used"
            );
            let fault = Fault::at(&self.place(&path), message, "contradiction");
            let help = if same_group {
                "of one stacking group one coupon is used: take this out, or change a `group`"
            } else {
                "take this out, or take the other coupon out of `not_with`"
            };
            faults.push(fault.help(help));
        }
    }

    fn kind(&self, name: &str, table: &CouponTable, faults: &mut Faults) {
        let kinds = [
            ("amount_off", table.amount_off.is_some()),
            ("percent_off", table.percent_off.is_some()),
            ("fixed_price", table.fixed_price.is_some()),
            ("deposit_worth", table.deposit_worth.is_some()),
        ];
        let given: Vec<&str> = kinds
            .iter()
            .filter(|(_, given)| *given)
            .map(|(kind, _)| *kind)
            .collect();
        let place = self.root.key_place_of(&["coupons", name]);
        // A kind whose shape is wrong has been reported; what stands in for it decides nothing.
        let mut reported = self.shape.0.iter().filter_map(|fault| fault.place.as_ref());
        if given.is_empty() && !reported.any(|other| other.begins_at(&place)) {
            let fault = Fault::at(&place, format!("coupon `{name}` grants nothing"), "no kind");
            faults.push(fault.help(
                "give it one of amount_off, percent_off, fixed_price and deposit_worth, such as \
                 amount_off = { threshold = 2000, off = 1000 }",
            ));
        }
        if given.len() > 1 {
            let message = format!(
                "coupon `{name}` is of {} kinds: {}",
                given.len(),
                given.join(", ")
            );
            let fault = Fault::at(&place, message, "more than one kind");
            faults.push(fault.help("write one coupon for each; they may stack"));
        }
    }

    fn issuer(&self, name: &str, table: &CouponTable, faults: &mut Faults) {
        let issuer = table.issuer.as_str();
        let Some(anchors) = &self.anchors else {
            // Anybody may issue in a campaign file; a slip of the pen in the one fixed name is still one.
            if issuer != PLATFORM
                && nearest(issuer, [PLATFORM]).is_some()
                && !self.brands.contains(&issuer)
            {
                let place = self.place(&["coupons", name, "issuer"]);
                let message = format!("there is no issuer `{issuer}`");
                let mut fault = Fault::at(&place, message, "not found");
                fault.help = suggest(issuer, [PLATFORM]);
                faults.push(fault);
            }
            return;
        };
        let mut names = vec![PLATFORM];
        names.extend(&self.brands);
        names.extend(anchors);
        let path = ["coupons", name, "issuer"];
        self.reference(&path, "platform, brand or anchor", issuer, &names, faults);
        if self.brands.contains(&issuer) && anchors.contains(&issuer) {
            let message = format!("`{issuer}` is a brand and an anchor");
            let fault = Fault::at(&self.place(&path), message, "which?");
            faults
                .push(fault.help("rename one of them: whoever issues a coupon bears its discount"));
        }
    }

    fn filter(&self, name: &str, key: &str, filter: &FilterTable, faults: &mut Faults) {
        let mut channels = self.rooms.clone();
        channels.extend(
            self.shelf
                .values()
                .filter_map(|table| table.channel.as_deref()),
        );
        channels.extend(&self.brands);
        for (list, kind, named, names) in [
            ("brands", "brand", &filter.brands, &self.brands),
            (
                "categories",
                "category",
                &filter.categories,
                &self.categories,
            ),
            ("products", "product", &filter.products, &self.products),
            ("channels", "channel", &filter.channels, &channels),
        ] {
            for (index, wanted) in named.iter().enumerate() {
                let path = ["coupons", name, key, list, &index.to_string()];
                self.reference(&path, kind, wanted, names, faults);
            }
        }
    }

    fn amounts(&self, name: &str, table: &CouponTable, faults: &mut Faults) {
        if let Some(amount) = &table.amount_off
            && amount.threshold > 0.0
            && amount.off > amount.threshold
        {
            let place = self.place(&["coupons", name, "amount_off", "off"]);
            let message = format!(
                "{} off from {} is more than the basket may come to",
                amount.off, amount.threshold
            );
            let fault = Fault::at(&place, message, "above the threshold");
            faults.push(fault.help("raise the threshold, or set it to 0 if none is meant"));
        }
        if let Some(amount) = &table.amount_off
            && amount.times > 1
            && amount.threshold == 0.0
        {
            let place = self.place(&["coupons", name, "amount_off", "threshold"]);
            let message = "an amount off each full 0 has no end".to_owned();
            let fault = Fault::at(&place, message, "no threshold");
            faults.push(fault.help("give the threshold of each time, or leave `times` out"));
        }
    }

    /// Percentages go to hundredths.
    fn percent(&self, name: &str, table: &CouponTable, faults: &mut Faults) {
        if let Some(percent) = &table.percent_off
            && (100.0 * percent.percent - (100.0 * percent.percent).round()).abs() > 1e-6
        {
            let place = self.place(&["coupons", name, "percent_off", "percent"]);
            let message = format!("{} % has more than two decimals", percent.percent);
            let fault = Fault::at(&place, message, "too fine");
            faults.push(fault.help("round it to hundredths of a percent"));
        }
    }

    fn circles(&self, faults: &mut Faults) {
        let names = keys(self.coupons);
        let index = |name: &String| names.binary_search(&name.as_str()).ok();
        let after: Vec<Vec<usize>> = self
            .coupons
            .values()
            .map(|table| table.after.iter().filter_map(index).collect())
            .collect();
        let stand_ins: Vec<Coupon> = names
            .iter()
            .map(|_| Coupon::of(Kind::FixedPrice { price: Fen::ZERO }))
            .collect();
        if let Err(circle) = crate::promotion::order_of(&stand_ins, &after)
            && circle.0.len() > 1
        {
            let path: Vec<&str> = circle.0.iter().map(|coupon| names[*coupon]).collect();
            let place = self.place(&["coupons", path[0], "after"]);
            let message = format!(
                "the order of application goes in a circle: {} after {}",
                path.join(" after "),
                path[0]
            );
            let fault = Fault::at(&place, message, "circle");
            faults.push(fault.help("take one of these out of an `after`"));
        }
    }
}
