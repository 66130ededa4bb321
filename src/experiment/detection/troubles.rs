//! What went wrong in a detector's trials, told once with the streams on which it is true. Touches nothing.

/// What went wrong, of what each stream (by its seed) told: each sentence once, with the streams on which it is true; and how many scores were passed over.
pub(super) fn troubles(told: &[(u64, Option<&str>)], passed_over: u64) -> Vec<String> {
    let mut sentences: Vec<(&str, Vec<String>)> = Vec::new();
    for (seed, why) in told {
        let Some(why) = *why else { continue };
        let known = sentences.iter().position(|(sentence, _)| *sentence == why);
        let known = known.unwrap_or_else(|| {
            sentences.push((why, Vec::new()));
            sentences.len() - 1
        });
        sentences[known].1.push(seed.to_string());
    }
    let on_streams = |(why, seeds): &(&str, Vec<String>)| match seeds.len() == told.len() {
        true => format!("on every stream: {}", printable(why)),
        false => format!("stream of seed {}: {}", seeds.join(", "), printable(why)),
    };
    let mut troubles: Vec<String> = sentences.iter().map(on_streams).collect();
    if passed_over > 0 {
        let scores = match passed_over {
            1 => "one score".to_owned(),
            _ => format!("{passed_over} scores"),
        };
        troubles.push(format!(
            "passed over: {scores} on test streams about rooms, accounts, orders or offers that there are not"
        ));
    }
    troubles
}

/// A sentence as a terminal can show it: what a program says may hold anything.
fn printable(sentence: &str) -> String {
    let shown = |letter: char| match letter {
        '\n' => '\n',
        letter if letter.is_control() => char::REPLACEMENT_CHARACTER,
        letter => letter,
    };
    sentence.chars().map(shown).collect()
}
