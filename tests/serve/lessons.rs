//! Every shipped lesson can be shown as it is written, and the model answers what it asks.

use crate::same::{offered, on_the_page};
use std::net::IpAddr;
use yellowcart::experiment::check_lesson;
use yellowcart::scenario::{Shelf, load_lesson, names};
use yellowcart::serve::class::{Class, LessonSign, Question, Stage};

#[test]
fn every_lesson_can_be_shown_and_its_questions_are_answered() {
    let shelf = names(Shelf::Lessons);
    assert!(shelf.len() >= 5, "{shelf:?}");
    let mut told = String::new();
    for name in shelf {
        let lesson = load_lesson(name, &[]).unwrap_or_else(|faults| panic!("{faults}"));
        check_lesson(&lesson).unwrap_or_else(|faults| panic!("{faults}"));
        let sign = LessonSign::of(&lesson);
        let settings = &sign.settings;
        let controls = offered()
            .controls(settings)
            .unwrap_or_else(|why| panic!("{name}: {why:?}"));
        for key in &sign.controls {
            assert!(
                controls.iter().any(|control| control.key == *key),
                "{name}: no control {key}"
            );
        }
        let a = on_the_page(settings, &settings.a);
        let b = settings.b.as_ref().map(|b| on_the_page(settings, b));
        let mut class = Class::new(vec![lesson]);
        class.begin(Some(name)).expect("it is there");
        class.answer(settings, &a, b.as_ref());
        assert_eq!(
            class.state().answers.predict,
            None,
            "nobody is told before it is time"
        );
        class.turn_to(Stage::Answer);
        let answers = class.state().answers;
        for (question, answer) in [
            (&sign.predict, answers.predict),
            (&sign.check, answers.check),
        ] {
            let answer = answer.unwrap_or_else(|| panic!("{name} is answered"));
            let option = &question.options[answer.option];
            told.push_str(&format!(
                "{name}: {}\n  {} {}\n  {}\n",
                question.question.en, option.en, option.zh, answer.in_words.en
            ));
            assert!(!answer.in_words.zh.is_empty());
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn the_last_vote_of_a_voter_counts_and_each_has_its_time() {
    let lesson = load_lesson("bought_crowd", &[]).expect("it is shipped");
    let mut class = Class::new(vec![lesson]);
    let vote = |class: &mut Class, question, option, voter| {
        let voted = class.vote(question, option, (None, voter));
        voted.map_err(|why| why.why)
    };
    let told = |why: &str| Err(why.to_owned());
    assert_eq!(
        vote(&mut class, Question::Predict, 0, "a"),
        told("there is no lesson to vote in")
    );
    class.begin(Some("bought_crowd")).expect("it is there");
    let early = "it is not the time to vote on this";
    assert_eq!(vote(&mut class, Question::Predict, 0, "a"), told(early));
    class.turn_to(Stage::Predict);
    for (option, voter) in [(0, "a"), (1, "b"), (2, "a")] {
        assert_eq!(vote(&mut class, Question::Predict, option, voter), Ok(()));
    }
    assert_eq!(vote(&mut class, Question::Check, 0, "a"), told(early));
    assert_eq!(
        vote(&mut class, Question::Predict, 9, "c"),
        told("there is no such option")
    );
    assert_eq!(
        vote(&mut class, Question::Predict, 0, ""),
        told("a voter has a name of 1 to 64 letters")
    );
    let state = class.state();
    assert_eq!((state.votes.predict, state.voters), (vec![0, 1, 1], 2));
    let again = class.begin(Some("no_such")).map_err(|why| why.why);
    assert_eq!(again, told("there is no lesson `no_such`"));
    class.begin(Some("bought_crowd")).expect("it begins again");
    assert_eq!(class.state().voters, 0);
    assert!(class.state().round > state.round);
}

#[test]
fn one_address_cannot_vote_for_all() {
    let lesson = load_lesson("bought_crowd", &[]).expect("it is shipped");
    let mut class = Class::new(vec![lesson]);
    class.begin(Some("bought_crowd")).expect("it is there");
    class.turn_to(Stage::Check);
    let [flooding, honest] = [1, 2].map(|last| Some(IpAddr::from([10, 0, 0, last])));
    let counted = (0..3_000).filter(|voter| {
        let voter = voter.to_string();
        class.vote(Question::Check, 0, (flooding, &voter)).is_ok()
    });
    assert_eq!(counted.count(), 150);
    assert!(class.vote(Question::Check, 1, (honest, "me")).is_ok());
}
