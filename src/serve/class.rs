//! The class: which lesson it is in, what it voted, and what the model answered.

use super::settings::{PaneSettings, Refusal, Setting, Settings, Text, public_name};
use crate::experiment::{answer, in_words, measured};
use crate::market::Summary;
use crate::scenario::file::{BothTable, LessonFile, PaneTable, QuestionTable};
use crate::scenario::{Lesson, Shelf, shipped};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;
use std::time::SystemTime;

/// Voters that are counted, at most.
const VOTERS: usize = 2_000;

/// Voters of one address: as many as may watch from one.
const VOTERS_OF_ADDRESS: usize = 150;

/// Letters of a voter's name, at most.
const NAME: usize = 64;

/// A lesson as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LessonSign {
    /// Its name.
    pub name: String,
    /// One line.
    pub title: Text,
    /// What happened.
    pub story: Text,
    /// What is worth arguing about.
    pub question: Text,
    /// How long it takes.
    pub minutes: u32,
    /// What is shown.
    pub settings: Settings,
    /// How fast it plays.
    pub speed: f64,
    /// Controls that stand out.
    pub controls: Vec<String>,
    /// What to try.
    #[serde(rename = "try")]
    pub tries: Vec<Text>,
    /// What to look for.
    pub look_for: Vec<Text>,
    /// What is voted on before.
    pub predict: QuestionSign,
    /// What is voted on after.
    pub check: QuestionSign,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionSign {
    /// The question.
    pub question: Text,
    /// Its options.
    pub options: Vec<Text>,
}

impl LessonSign {
    /// As the page shows it.
    pub fn of(lesson: &Lesson) -> Self {
        let file: &LessonFile = &lesson.file;
        let texts = |all: &[BothTable]| all.iter().map(|it| Text::new(&it.en, &it.zh)).collect();
        Self {
            name: lesson.name.clone(),
            title: Text::new(&file.title, &file.title_zh),
            story: Text::new(&file.story, &file.story_zh),
            question: Text::new(&file.question, &file.question_zh),
            minutes: file.minutes,
            settings: Settings {
                scenario: match shipped(Shelf::Scenarios, &file.scenario) {
                    Some(_) => file.scenario.clone(),
                    None => public_name(Path::new(&file.scenario)),
                },
                text: None,
                seed: file.seed,
                changes: file.changes.clone(),
                a: pane_of(&file.a),
                b: file.b.as_ref().map(pane_of),
                lesson: Some(lesson.name.clone()),
            },
            speed: file.speed,
            controls: file.controls.clone(),
            tries: texts(&file.tries),
            look_for: texts(&file.look_for),
            predict: QuestionSign::of(&file.predict),
            check: QuestionSign::of(&file.check),
        }
    }
}

impl QuestionSign {
    fn of(question: &QuestionTable) -> Self {
        let options = question.options.iter();
        Self {
            question: Text::new(&question.question, &question.question_zh),
            options: options
                .map(|option| Text::new(&option.text, &option.text_zh))
                .collect(),
        }
    }
}

fn pane_of(pane: &PaneTable) -> PaneSettings {
    let controls = pane.controls.iter();
    PaneSettings {
        label: (!pane.label.is_empty()).then(|| Text::new(&pane.label, &pane.label_zh)),
        regime: pane.regime.clone(),
        without: pane.without.clone(),
        controls: controls
            .map(|(key, value)| (key.clone(), Setting::of(value)))
            .collect(),
    }
}

/// How far a lesson is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The story is told.
    #[default]
    Story,
    /// The class votes on what will happen.
    Predict,
    /// The evening runs.
    Run,
    /// The class votes on what has happened.
    Check,
    /// The model's answers are shown.
    Answer,
}

/// Which question is voted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Before the evening.
    Predict,
    /// After it.
    Check,
}

/// What the page is told of the class.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ClassState {
    /// The lesson.
    pub lesson: Option<String>,
    /// Which beginning of a lesson this is, so that a browser keeps no vote of another one.
    pub round: u64,
    /// How far it is.
    pub stage: Stage,
    /// Votes by option.
    pub votes: Votes,
    /// Who has voted on anything.
    pub voters: usize,
    /// What the model answers; nobody is told before it is time.
    pub answers: Answers,
}

/// Votes by option.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Votes {
    /// Before the evening.
    pub predict: Vec<u32>,
    /// After it.
    pub check: Vec<u32>,
}

/// What the model answers, once the evening is over.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Answers {
    /// To what was voted on before.
    pub predict: Option<Answer>,
    /// To what was voted on after.
    pub check: Option<Answer>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The option that is right.
    pub option: usize,
    /// What was measured.
    pub value: f64,
    /// The same in words.
    pub in_words: Text,
}

/// The class.
#[derive(Debug, Default)]
pub struct Class {
    lessons: Vec<Lesson>,
    lesson: Option<usize>,
    round: u64,
    stage: Stage,
    votes: BTreeMap<(Option<IpAddr>, String), [Option<usize>; 2]>,
    answers: Answers,
}

impl Class {
    /// A class that can have these lessons.
    pub fn new(lessons: Vec<Lesson>) -> Self {
        Self {
            lessons,
            ..Self::default()
        }
    }

    /// The lessons as the page shows them.
    pub fn lessons(&self) -> Vec<LessonSign> {
        self.lessons.iter().map(LessonSign::of).collect()
    }

    fn current(&self) -> Option<&Lesson> {
        self.lesson.and_then(|lesson| self.lessons.get(lesson))
    }

    /// Begins a lesson, or ends it; what was voted is forgotten.
    ///
    /// # Errors
    /// A lesson that is not there.
    pub fn begin(&mut self, lesson: Option<&str>) -> Result<(), Refusal> {
        self.lesson = match lesson {
            None => None,
            Some(name) => {
                let mut lessons = self.lessons.iter();
                let found = lessons.position(|lesson| lesson.name == name);
                Some(found.ok_or_else(|| Refusal::of(format!("there is no lesson `{name}`")))?)
            }
        };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_millis() as u64);
        self.round = now.max(self.round + 1);
        self.stage = Stage::Story;
        self.votes.clear();
        self.answers = Answers::default();
        Ok(())
    }

    /// Goes on in the lesson.
    pub fn turn_to(&mut self, stage: Stage) {
        self.stage = stage;
    }

    /// Counts a vote, while it is time for it; the last one of a voter counts.
    ///
    /// # Errors
    /// No lesson, another stage of it, no such option, or a class that is too large.
    pub fn vote(
        &mut self,
        question: Question,
        option: usize,
        (address, voter): (Option<IpAddr>, &str),
    ) -> Result<(), Refusal> {
        let lesson = self
            .current()
            .ok_or_else(|| Refusal::of("there is no lesson to vote in"))?;
        let options = match question {
            Question::Predict => lesson.file.predict.options.len(),
            Question::Check => lesson.file.check.options.len(),
        };
        let time = match question {
            Question::Predict => Stage::Predict,
            Question::Check => Stage::Check,
        };
        if self.stage != time {
            return Err(Refusal::of("it is not the time to vote on this"));
        }
        if option >= options {
            return Err(Refusal::of("there is no such option"));
        }
        if voter.is_empty() || voter.len() > NAME {
            return Err(Refusal::of("a voter has a name of 1 to 64 letters"));
        }
        let voter = (address, voter.to_owned());
        if !self.votes.contains_key(&voter) {
            let voters = self.votes.keys();
            let neighbours = voters.filter(|(other, _)| *other == address).count();
            if neighbours >= VOTERS_OF_ADDRESS || self.votes.len() >= VOTERS {
                return Err(Refusal::of("more voters than a class has"));
            }
        }
        self.votes.entry(voter).or_default()[question as usize] = Some(option);
        Ok(())
    }

    /// An evening is over: if it was the lesson's own, with nothing moved, the model answers what the lesson asks.
    pub fn answer(&mut self, settings: &Settings, a: &Summary, b: Option<&Summary>) {
        let lesson = self
            .current()
            .filter(|lesson| LessonSign::of(lesson).settings == *settings);
        let Some(lesson) = lesson else {
            return;
        };
        let answers = Answers {
            predict: answer_to(&lesson.file.predict, a, b),
            check: answer_to(&lesson.file.check, a, b),
        };
        self.answers = answers;
    }

    /// What the page is told.
    pub fn state(&self) -> ClassState {
        let counted = |question: usize, options: usize| {
            let mut votes = vec![0; options];
            for vote in self.votes.values().filter_map(|votes| votes[question]) {
                votes[vote] += 1;
            }
            votes
        };
        let lesson = self.current();
        ClassState {
            lesson: lesson.map(|lesson| lesson.name.clone()),
            round: self.round,
            stage: self.stage,
            votes: Votes {
                predict: counted(0, lesson.map_or(0, |it| it.file.predict.options.len())),
                check: counted(1, lesson.map_or(0, |it| it.file.check.options.len())),
            },
            voters: self.votes.len(),
            answers: match self.stage {
                Stage::Answer => self.answers.clone(),
                _ => Answers::default(),
            },
        }
    }
}

/// The model's answer to a question; `None` where there is no such value.
pub fn answer_to(question: &QuestionTable, a: &Summary, b: Option<&Summary>) -> Option<Answer> {
    let value = measured(&question.measure, a, b)?;
    let [en, zh] = in_words(&question.measure, value);
    Some(Answer {
        option: answer(question, value)?,
        value,
        in_words: Text { en, zh },
    })
}
