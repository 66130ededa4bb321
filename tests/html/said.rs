//! What a report has to say beside its numbers.

use super::{a_comparison, folder, put, report};
use crate::common::made_up::{Odd, comparison};
use assert_cmd::Command;
use std::fs;
use yellowcart::experiment::compare::{Compared, Comparison};
use yellowcart::report::comparison_table;

/// A metric under another key, its first regime's difference this large.
fn with_difference(made_up: &Comparison, key: &str, mean: f64) -> Compared {
    let mut of = made_up.metrics[0].clone();
    key.clone_into(&mut of.metric.key);
    of.differences[0].mean = mean;
    of
}

#[test]
fn redress_beyond_losses_is_pointed_out_where_it_is_much_of_the_change() {
    let folder = folder();
    let out = a_comparison(folder.path(), false);
    let mut made_up = comparison(2, 12, Odd::default());
    "net_detriment".clone_into(&mut made_up.primary);
    for (beyond, is_said) in [(99.0, false), (400.0, true)] {
        made_up.metrics = vec![
            with_difference(&made_up, "net_detriment", -1_000.0),
            with_difference(&made_up, "uncompensated_detriment", beyond - 1_000.0),
            with_difference(&made_up, "overcompensated", beyond),
        ];
        put(&out, &made_up);
        let sentence = "Redress beyond what was lost changed by +400 yuan, which net detriment counts against the losses of others; detriment not made good changed by \u{2212}600 yuan.";
        assert_eq!(report(&out).contains(sentence), is_said, "{beyond}");
    }
}

/// Sellers settle for fear of fines: they act, and none falls.
#[test]
fn rules_that_act_through_fear_alone_are_told_apart() {
    let folder = folder();
    let out = a_comparison(folder.path(), false);
    let mut made_up = comparison(2, 12, Odd::default());
    made_up.arms[1].rules.push(("fines".to_owned(), 9));
    let mut fines = with_difference(&made_up, "fines", 0.0);
    let expected = "only through what sellers expect of";
    for (fine, is_said) in [(0.0, true), (50.0, false)] {
        fines.means[1].values.fill(Some(0.0));
        fines.means[1].values[3] = Some(fine);
        made_up.metrics.retain(|of| of.metric.key != "fines");
        made_up.metrics.push(fines.clone());
        put(&out, &made_up);
        let table = comparison_table(&made_up, true);
        let line = format!("rules that acted {expected} them: fines (9 of 12)\n");
        assert_eq!(table.contains(&line), is_said, "{table}");
        assert_eq!(report(&out).contains(expected), is_said);
    }
}

/// Of a folder that was changed since it was written a report is made, which says so, as does the command; where none can be made the change is named.
#[test]
fn a_report_of_a_changed_folder_says_so_on_the_terminal_too() {
    let folder = folder();
    let out = a_comparison(folder.path(), false);
    put(&out, &comparison(3, 4, Odd::default()));
    let report = || {
        let mut command = Command::cargo_bin("yellowcart").expect("the program");
        let assert = command.arg("report").arg(&out).arg("--force").assert();
        let output = assert.get_output();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), told)
    };
    let (code, told) = report();
    assert_eq!(code, Some(0), "{told}");
    for part in [
        "comparison.json: has been changed",
        "not as its manifest says, and the report says so",
    ] {
        assert!(told.contains(part), "{told}");
    }
    fs::write(out.join("comparison.json"), "{}").expect("written");
    let (code, told) = report();
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("comparison.json: has been changed"), "{told}");
}
