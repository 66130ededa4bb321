//! The promotion engine against brute force, closed forms and conservation: to the fen, on thousands of random cases.

use proptest::prelude::*;
use yellowcart::money::Fen;
use yellowcart::promotion::*;

fn amount_off(threshold: i64, off: i64, times: u32) -> Kind {
    Kind::AmountOff {
        threshold: Fen(threshold),
        off: Fen(off),
        times,
    }
}

/// A coupon of any kind, on some of three products of two stores, in one of two stacking groups or none.
fn any_coupon() -> impl Strategy<Value = Coupon> {
    let kind = prop_oneof![
        (0_i64..40_000, 0_i64..20_000, 1_u32..4)
            .prop_map(|(threshold, off, times)| amount_off(threshold, off, times)),
        (0_i64..20_000, 0_u32..10_001, prop::option::of(0_i64..5_000)).prop_map(
            |(threshold, basis_points, cap)| Kind::PercentOff {
                threshold: Fen(threshold),
                basis_points,
                cap: cap.map(Fen),
            }
        ),
        (0_i64..12_000).prop_map(|price| Kind::FixedPrice { price: Fen(price) }),
        (0_i64..6_000).prop_map(|worth| Kind::DepositWorth { worth: Fen(worth) }),
    ];
    let on = prop_oneof![
        3 => Just((vec![], vec![])),
        1 => (0_u32..2).prop_map(|store| (vec![store], vec![])),
        1 => prop::collection::vec(0_u32..3, 1..3).prop_map(|products| (vec![], products)),
    ];
    let ways = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        prop::option::of(0_u32..2),
    );
    (kind, on, prop::collection::vec(0_u32..3, 0..2), ways).prop_map(
        |(kind, (stores, products), except, (before, per_unit, loses, group))| Coupon {
            on: Filter {
                stores,
                products,
                ..Filter::default()
            },
            except: Filter {
                products: except,
                ..Filter::default()
            },
            base: if before {
                Base::BeforeCoupons
            } else {
                Base::Remaining
            },
            sharing: if per_unit {
                Sharing::PerUnit
            } else {
                Sharing::ProRata
            },
            on_return: if loses {
                OnReturn::Loses
            } else {
                OnReturn::Keeps
            },
            group,
            ..Coupon::of(kind)
        },
    )
}

fn any_line() -> impl Strategy<Value = Line> {
    (0_u32..3, 1_u32..4, 1_i64..20_000, 0_i64..3).prop_map(|(product, units, price, part)| Line {
        store: product % 2,
        deposit: Fen(price * part / 4),
        ..Line::of(product, units, Fen(price))
    })
}

fn any_basket() -> impl Strategy<Value = Basket> {
    prop::collection::vec(any_line(), 1..5).prop_map(Basket)
}

/// Coupons in some order of application, some of which exclude each other by name.
fn any_coupons(most: usize) -> impl Strategy<Value = Vec<Coupon>> {
    let coupons = prop::collection::vec((any_coupon(), 0_u32..1_000), 0..most);
    (coupons, prop::collection::vec((0_usize..8, 0_u32..8), 0..3)).prop_map(|(coupons, rivals)| {
        let mut coupons: Vec<Coupon> = coupons
            .into_iter()
            .enumerate()
            .map(|(id, (coupon, place))| Coupon {
                name: format!("coupon {id}"),
                place: place * 8 + id as u32,
                ..coupon
            })
            .collect();
        for (one, other) in rivals {
            if one < coupons.len() && (other as usize) < coupons.len() && one != other as usize {
                coupons[one].not_with.push(other);
            }
        }
        coupons
    })
}

/// The least that some lines come to, over all sets of coupons.
fn brute_force(basket: &Basket, coupons: &[Coupon], lines: u128) -> i64 {
    let sought = |quote: &Quote| -> i64 {
        let lines = quote
            .lines
            .iter()
            .enumerate()
            .filter(|(line, _)| lines >> line & 1 == 1);
        lines.map(|(_, line)| line.paid.0).sum()
    };
    (0_u32..1 << coupons.len())
        .filter_map(|set| {
            let stack: Vec<u32> = (0..coupons.len() as u32)
                .filter(|id| set >> id & 1 == 1)
                .collect();
            match quote(basket, coupons, &stack, 0) {
                Ok(quote) => Some(sought(&quote)),
                Err(PromotionError::NotTogether(..)) => None,
                Err(other) => panic!("{other}"),
            }
        })
        .min()
        .expect("no coupon at all is a set too")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6_000))]

    #[test]
    fn the_best_stack_is_the_best_there_is(basket in any_basket(), coupons in any_coupons(8), some in any::<u8>()) {
        for lines in [u128::MAX, u128::from(some)] {
            let limits = Limits { lines, ..Limits::default() };
            let best = best_stack(&basket, &coupons, 0, &limits).expect("a basket");
            prop_assert_eq!(best.value.0, brute_force(&basket, &coupons, lines));
            prop_assert_eq!(best.at_least, best.value);
            // What it says it uses is permitted, and comes to what it says.
            let stack: Vec<u32> = best.quote.steps.iter().map(|step| step.coupon).collect();
            let again = quote(&basket, &coupons, &stack, 0).expect("permitted");
            prop_assert_eq!(&again, &best.quote);
        }
    }

    #[test]
    fn a_search_cut_short_bounds_the_best(basket in any_basket(), coupons in any_coupons(8), branches in 1_u64..12) {
        let best = best_stack(&basket, &coupons, 0, &Limits::default()).expect("a basket");
        let cut = Limits { branches, ..Limits::default() };
        let short = best_stack(&basket, &coupons, 0, &cut).expect("a basket");
        prop_assert!(short.at_least <= best.value && best.value <= short.value);
    }

    #[test]
    fn every_fen_of_a_quote_is_somewhere(basket in any_basket(), coupons in any_coupons(6)) {
        let best = best_stack(&basket, &coupons, 0, &Limits::default()).expect("a basket").quote;
        prop_assert_eq!(best.gross, basket.sum().expect("a basket"));
        prop_assert_eq!(best.total, best.lines.iter().map(|line| line.paid).sum());
        prop_assert_eq!(best.discount(), best.steps.iter().map(|step| step.discount).sum());
        for (index, (line, quoted)) in basket.0.iter().zip(&best.lines).enumerate() {
            let off: Fen = best.steps.iter().map(|step| step.shares[index]).sum();
            prop_assert_eq!(quoted.gross - off, quoted.paid);
            prop_assert!(quoted.paid >= quoted.deposit && quoted.paid <= quoted.gross);
            for step in &best.steps {
                let covered = coupons[step.coupon as usize].covers(line);
                prop_assert!(covered || step.shares[index] == Fen::ZERO);
            }
        }
        for step in &best.steps {
            prop_assert_eq!(step.discount, step.shares.iter().copied().sum());
        }
    }

    #[test]
    fn refunds_bring_back_all_in_the_end_and_never_more(
        basket in any_basket(),
        coupons in any_coupons(6),
        back in prop::collection::vec(0_u32..4, 4),
    ) {
        let quoted = best_stack(&basket, &coupons, 0, &Limits::default()).expect("a basket").quote;
        let back: Vec<u32> = basket.0.iter().zip(&back).map(|(line, units)| *units.min(&line.units)).collect();
        let some = refund(&basket, &coupons, &quoted, &back).expect("units of the basket");
        prop_assert!(some.amount >= Fen::ZERO && some.amount <= quoted.total);
        prop_assert_eq!(some.amount + some.kept, quoted.total);
        let nothing = refund(&basket, &coupons, &quoted, &[]).expect("nothing");
        prop_assert_eq!(nothing.amount, Fen::ZERO);
        let all: Vec<u32> = basket.0.iter().map(|line| line.units).collect();
        let everything = refund(&basket, &coupons, &quoted, &all).expect("everything");
        prop_assert_eq!(everything.amount, quoted.total);
        // Where every coupon keeps, a returned unit brings back what was paid for it.
        if quoted.steps.iter().all(|step| coupons[step.coupon as usize].on_return == OnReturn::Keeps) {
            let lines = quoted.lines.iter().zip(&basket.0).zip(&back);
            let paid: i64 = lines.map(|((quoted, line), back)| {
                quoted.paid.0 - of_units(quoted.paid.0, line.units, line.units - back)
            }).sum();
            prop_assert_eq!(some.amount.0, paid);
        }
        // Nothing is lost where nothing can be.
        if coupons.iter().all(|coupon| coupon.on_return == OnReturn::Keeps) {
            prop_assert!(some.lost.is_empty());
        }
    }
}

/// The coat of the case with a style at 1,099 and a dress at 349, and 1,000 off 2,000.
fn coat() -> (Basket, Vec<Coupon>, Names) {
    let president = Coupon {
        name: "president".to_owned(),
        issuer: Issuer::Store(0),
        ..Coupon::of(amount_off(200_000, 100_000, 1))
    };
    let across = Coupon {
        name: "across_stores".to_owned(),
        except: Filter {
            products: vec![0],
            ..Filter::default()
        },
        place: 1,
        ..Coupon::of(amount_off(30_000, 4_000, u32::MAX))
    };
    let coat = Line {
        deposit: Fen(15_000),
        ..Line::of(0, 1, Fen(89_900))
    };
    let style = Line {
        channel: 1,
        ..Line::of(1, 1, Fen(109_900))
    };
    let dress = Line {
        channel: 1,
        ..Line::of(2, 1, Fen(34_900))
    };
    let names = Names {
        products: ["down_coat", "other_style", "dress"]
            .map(str::to_owned)
            .to_vec(),
        stores: vec!["guess".to_owned()],
        channels: vec!["star_room".to_owned(), "store".to_owned()],
        ..Names::default()
    };
    (
        Basket(vec![coat, style, dress]),
        vec![president, across],
        names,
    )
}

#[test]
fn a_quote_explains_itself_line_by_line() {
    let (basket, coupons, names) = coat();
    let best = best_stack(&basket, &coupons, 0, &Limits::default()).expect("a basket");
    let expected = "\
1 x down_coat at 899.00 (star_room)                                   899.00
1 x other_style at 1,099.00 (store)                                 1,099.00
1 x dress at 349.00 (store)                                           349.00
president of guess: 1,000.00 off from 2,000.00                     -1,000.00
  counted 2,347.00
  shared in proportion: down_coat 383.04, other_style 468.26, dress 148.70
across_stores of platform: 40.00 off each full 300.00                 -80.00
  counted 831.04: 2 times
  shared in proportion: other_style 60.72, dress 19.28
to pay                                                              1,267.00
  deposit paid before                                                 150.00
  still due                                                         1,117.00
  of it for down_coat                                                 515.96
  of it for other_style                                               570.02
  of it for dress                                                     181.02
";
    assert_eq!(explain(&basket, &coupons, &best.quote, &names), expected);
}

#[test]
fn returning_the_filler_keeps_or_loses_the_discount_as_the_coupon_says() {
    let (basket, mut coupons, _) = coat();
    coupons.truncate(1);
    let quoted = best_stack(&basket, &coupons, 0, &Limits::default())
        .expect("a basket")
        .quote;
    let kept = refund(&basket, &coupons, &quoted, &[0, 1, 1]).expect("a refund");
    assert_eq!(
        (kept.amount, kept.kept),
        (Fen(134_700 - 51_596), Fen(51_596))
    );
    coupons[0].on_return = OnReturn::Loses;
    let lost = refund(&basket, &coupons, &quoted, &[0, 1, 1]).expect("a refund");
    // 1,347 paid, 899 for the coat alone without the coupon.
    assert_eq!(
        (lost.amount, lost.kept, lost.lost),
        (Fen(44_800), Fen(89_900), vec![0])
    );
}

#[test]
fn what_is_wrong_with_a_basket_or_a_stack_is_said() {
    let coupon = Coupon::of(amount_off(0, 100, 1));
    let coupons = [
        coupon.clone(),
        Coupon {
            not_with: vec![0],
            ..coupon.clone()
        },
    ];
    let basket = Basket(vec![Line::of(0, 1, Fen(500))]);
    let said = |basket: &Basket, stack: &[u32], at| {
        quote(basket, &coupons, stack, at).map_err(|why| why.to_string())
    };
    let error = |sentence: &str| Err(sentence.to_owned());
    assert_eq!(
        said(&basket, &[0, 1], 0),
        error("coupons 0 and 1 cannot be used together")
    );
    assert_eq!(
        said(&basket, &[1, 1], 0),
        error("coupons 1 and 1 cannot be used together")
    );
    assert_eq!(said(&basket, &[7], 0), error("coupon 7 is not one"));
    assert_eq!(
        said(&basket, &[0], i64::MAX),
        error("coupon 0 cannot be used then")
    );
    let negative = Basket(vec![Line::of(0, 1, Fen(-1))]);
    assert_eq!(
        said(&negative, &[], 0),
        error("not a line of a basket: 1 units at -0.01 with a deposit of 0.00")
    );
    let huge = Basket(vec![Line::of(0, 3, Fen(i64::MAX / 2))]);
    assert_eq!(
        said(&huge, &[], 0),
        error("an amount of money that does not fit into 64 bits")
    );
    let long = Basket(vec![Line::of(0, 1, Fen(1)); 129]);
    assert_eq!(
        said(&long, &[], 0),
        error("a basket of 129 lines: at most 128")
    );
}

#[test]
fn amounts_at_the_edge_of_64_bits_neither_panic_nor_overflow() {
    let most = i64::MAX / 4;
    let coupons = [
        Coupon::of(amount_off(1, i64::MAX, u32::MAX)),
        Coupon {
            place: 1,
            ..Coupon::of(Kind::PercentOff {
                threshold: Fen(0),
                basis_points: 10_000,
                cap: Some(Fen(i64::MAX)),
            })
        },
        Coupon {
            place: 2,
            ..Coupon::of(Kind::FixedPrice {
                price: Fen(i64::MAX),
            })
        },
        Coupon {
            place: 3,
            ..Coupon::of(Kind::DepositWorth {
                worth: Fen(i64::MAX),
            })
        },
        Coupon {
            place: 4,
            base: Base::BeforeCoupons,
            ..Coupon::of(amount_off(7, i64::MAX / 3, 9))
        },
    ];
    let line = Line {
        deposit: Fen(most / 2),
        ..Line::of(0, 1, Fen(most))
    };
    let basket = Basket(vec![line, Line::of(1, 2, Fen(most))]);
    let best = best_stack(&basket, &coupons, 0, &Limits::default()).expect("it fits");
    assert_eq!(best.quote.total, Fen(most / 2));
    for id in 0..coupons.len() as u32 {
        let alone = quote(&basket, &coupons, &[id], 0).expect("it fits");
        assert!(alone.total <= alone.gross && alone.total >= alone.deposit);
        refund(&basket, &coupons, &alone, &[1, 1]).expect("it fits");
    }
}
