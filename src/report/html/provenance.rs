//! How to make a result again, how to cite it, where its model is described, and the hash of everything in it.

use super::table::framed;
use crate::experiment::VERSION;
use crate::record::{Part, Unhashed};
use maud::{Markup, html};

/// The model's description in the version of this program.
const ODD: &str = include_str!("../../../docs/odd.md");

/// A command as it is typed: whatever a shell would take apart is quoted.
fn typed(words: &[String]) -> String {
    let quoted = |word: &String| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+@%".contains(c);
        if !word.is_empty() && word.chars().all(plain) {
            return word.clone();
        }
        format!("'{}'", word.replace('\'', "'\\''"))
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// The command that made a result, with the program under its own name.
fn command_of(unhashed: &Unhashed) -> Option<String> {
    let (_, arguments) = unhashed.command.split_first()?;
    let words: Vec<String> = std::iter::once("yellowcart".to_owned())
        .chain(arguments.iter().cloned())
        .collect();
    Some(typed(&words))
}

/// How to make the result again.
pub fn again(unhashed: &Unhashed, version: &str, what: &str) -> Markup {
    let command = command_of(unhashed).unwrap_or_else(|| {
        format!("(made by a program that uses the library: there is no command; verify {what})")
    });
    let folder = |words: &[&str]| {
        let words = words.iter().map(|word| (*word).to_owned());
        typed(&words.chain([unhashed.folder.clone()]).collect::<Vec<_>>())
    };
    html! {
        p {
            "With version " (version) " of yellowcart (" code { "yellowcart --version" } " says which one is there) the same command gives the same bytes, on any number of threads:"
        }
        pre.command { code { (command) } }
        p { "Whether a folder holds what its manifest says, and whether a second run gives the same values (" (what) " needs no file beside the folder: scenario and rules are in its manifest):" }
        pre.command { code {
            (folder(&["yellowcart", "verify"])) "\n"
            (folder(&["yellowcart", "verify", "--rerun"]))
        } }
        p { "This report again:" }
        pre.command { code { (folder(&["yellowcart", "report"])) } }
    }
}

/// How to cite the result, and the description of its model.
pub fn cite(version: &str, result: &str, hash: &str) -> Markup {
    html! {
        blockquote {
            p {
                "The Yellowcart developers. " i { "Yellowcart: an agent-based simulator of live-commerce markets" }
                ", version " (version) ". " (result) ", sha256 " code { (hash) } "."
            }
        }
        p {
            "The model is described after the ODD protocol, with the table of all parameters, their units, ranges, sources and evidence codes, in "
            code { "docs/odd.md" } " of the program's source"
            @if version == VERSION {
                " (" a href=(saved_in_page(ODD)) download={ "odd-" (VERSION) ".md" } { "saved in this report" } ")"
            }
            "; " code { "yellowcart explain NAME" } " explains a parameter."
        }
    }
}

/// A text as an address that holds it, so that the page needs no other file.
fn saved_in_page(text: &str) -> String {
    let mut address = String::from("data:text/markdown;charset=utf-8,");
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                address.push(char::from(byte));
            }
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

/// Every hash: what it is of, and the hash.
pub fn hashes(whole: &str, parts: &[Part]) -> Markup {
    let inner = html! {
        thead { tr { th scope="col" { "of" } th scope="col" { "SHA-256" } } }
        tbody {
            tr { th scope="row" { "the whole (sha256_of_hashed)" } td { code { (whole) } } }
            @for part in parts {
                tr { th scope="row" { (part.path) } td { code { (part.sha256) } } }
            }
        }
    };
    html! { div.hashes { (framed("Hashes, as they stand in manifest.json", inner)) } }
}

/// What the files say of themselves: nothing, or what is not as the manifest has it.
pub fn checked(differences: &[String]) -> Option<Markup> {
    if differences.is_empty() {
        return None;
    }
    Some(html! {
        p { b { "This folder is not as its manifest says." } " What is reported below may not be what was simulated:" }
        ul { @for difference in differences { li { (difference) } } }
    })
}

#[cfg(test)]
mod tests {
    use super::{saved_in_page, typed};

    #[test]
    fn commands_can_be_typed() {
        let words = ["yellowcart", "--set", "a.b=[\"x\"]", "it's", ""].map(str::to_owned);
        assert_eq!(
            typed(&words),
            "yellowcart --set 'a.b=[\"x\"]' 'it'\\''s' ''"
        );
    }

    #[test]
    fn a_saved_text_comes_back() {
        let text = "# A \u{e9} & <b>\n100 %";
        let address = saved_in_page(text);
        let (_, coded) = address.split_once(',').expect("a text");
        let mut bytes = Vec::new();
        let mut rest = coded.bytes();
        while let Some(byte) = rest.next() {
            let hex: String = rest
                .by_ref()
                .take(if byte == b'%' { 2 } else { 0 })
                .map(char::from)
                .collect();
            bytes.push(u8::from_str_radix(&hex, 16).unwrap_or(byte));
        }
        assert_eq!(String::from_utf8(bytes).expect("UTF-8"), text);
    }
}
