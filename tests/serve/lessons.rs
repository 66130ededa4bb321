//! Every shipped lesson can be shown as it is written, and the model answers what it asks.

use crate::same::{offered, on_the_page};
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
fn the_last_vote_of_a_voter_counts_and_answers_wait_for_the_evening() {
    let lesson = load_lesson("bought_crowd", &[]).expect("it is shipped");
    let mut class = Class::new(vec![lesson]);
    let vote = |class: &mut Class, option, voter| {
        class
            .vote(Question::Predict, option, voter)
            .map_err(|why| why.why)
    };
    assert_eq!(
        vote(&mut class, 0, "a"),
        Err("there is no lesson to vote in".to_owned())
    );
    class.begin(Some("bought_crowd")).expect("it is there");
    class.turn_to(Stage::Predict);
    for (option, voter) in [(0, "a"), (1, "b"), (2, "a")] {
        assert_eq!(vote(&mut class, option, voter), Ok(()));
    }
    assert_eq!(
        vote(&mut class, 9, "c"),
        Err("there is no such option".to_owned())
    );
    assert_eq!(
        vote(&mut class, 0, ""),
        Err("a voter has a name of 1 to 64 letters".to_owned())
    );
    let state = class.state();
    assert_eq!((state.votes.predict, state.voters), (vec![0, 1, 1], 2));
    assert_eq!(state.answers.predict, None);
    assert_eq!(
        class.begin(Some("no_such")).map_err(|why| why.why),
        Err("there is no lesson `no_such`".to_owned())
    );
    class.begin(None).expect("it ends");
    assert_eq!(class.state().voters, 0);
}

#[test]
fn a_class_has_an_end() {
    let lesson = load_lesson("bought_crowd", &[]).expect("it is shipped");
    let mut class = Class::new(vec![lesson]);
    class.begin(Some("bought_crowd")).expect("it is there");
    let let_in = (0..3_000)
        .filter(|voter| class.vote(Question::Check, 0, &voter.to_string()).is_ok())
        .count();
    assert_eq!(let_in, 2_000);
}
