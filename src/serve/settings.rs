//! What a show is made of: a scenario, a seed, and one or two panes that differ in rules, in what is left out, and in controls. A link, a lesson and
//! the page all carry the same [`Settings`]. A pane's settings become changes to the text of the scenario file, and that text is what runs: so what the
//! page shows and what `yellowcart run` makes of the saved file cannot differ.

use super::controls::{self, Control};
use super::edit::Draft;
use crate::scenario::file::{LevelValue, Without};
use crate::scenario::{Bundle, Faults, Request, Shelf, Source, from_source, names, open, shipped};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest text that is taken from a page, bytes.
pub const LARGEST_TEXT: usize = 256 * 1024;

/// Most rooms, over all evenings, that a market of the page may generate: enough for all shipped ones but the one at full size.
const MOST_ROOMS: f64 = 10_000.0;

/// Largest seed: the largest whole number that a browser keeps as it is.
const LARGEST_SEED: u64 = (1 << 53) - 1;

/// What a text that was pasted into the page is called.
pub const PASTED: &str = "pasted";

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese; empty where there is none.
    #[serde(default)]
    pub zh: String,
}

impl Setting {
    /// Where a lesson puts a control.
    pub fn of(value: &LevelValue) -> Self {
        match value {
            LevelValue::Flag(flag) => Setting::Choice(flag.to_string()),
            LevelValue::Whole(whole) => Setting::Number(*whole as f64),
            LevelValue::Number(number) => Setting::Number(*number),
            LevelValue::Text(text) => Setting::Choice(text.clone()),
        }
    }
}

impl Text {
    /// A text in both languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            zh: zh.into(),
        }
    }
}

/// A show.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Name of a scenario that the page offers, or [`PASTED`].
    pub scenario: String,
    /// The text of a pasted scenario.
    pub text: Option<String>,
    /// Seed; `None`: the scenario's own.
    pub seed: Option<u64>,
    /// Changes that hold in both panes, each `path.to.key=value`; from a lesson.
    pub changes: Vec<String>,
    /// The first pane.
    pub a: PaneSettings,
    /// The second pane; `None`: there is one.
    pub b: Option<PaneSettings>,
    /// The lesson that it belongs to.
    pub lesson: Option<String>,
}

/// What distinguishes a pane.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaneSettings {
    /// What it is called; from a lesson.
    pub label: Option<Text>,
    /// Regime; `None`: the scenario's own.
    pub regime: Option<String>,
    /// What is left out.
    pub without: Vec<Without>,
    /// Controls that were moved, by key.
    pub controls: BTreeMap<String, Setting>,
}

/// Where a control stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Setting {
    /// A number.
    Number(f64),
    /// One of its choices.
    Choice(String),
}

/// Why a show cannot be set up.
#[derive(Debug, Clone, Default)]
pub struct Refusal {
    /// One sentence.
    pub why: String,
    /// Everything that is wrong with a text, as the command line prints it.
    pub diagnostics: Option<String>,
}

impl Refusal {
    /// A sentence.
    pub fn of(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            diagnostics: None,
        }
    }

    /// Everything that is wrong with a text.
    pub fn faults(why: &str, faults: &Faults) -> Self {
        Self {
            why: why.to_owned(),
            diagnostics: Some(faults.render(false)),
        }
    }
}

/// The scenarios that may be shown: the shipped ones, and the files that the command line names.
#[derive(Debug, Clone, Default)]
pub struct Offered {
    /// The files: those named, and those of lessons that were named.
    pub files: Vec<PathBuf>,
    /// Most consumers of a market.
    pub largest_population: u64,
}

/// A scenario's text with what it is called and where it lies.
struct Written {
    source: Arc<Source>,
    name: String,
    beside: Option<PathBuf>,
    shipped_only: bool,
}

impl Offered {
    /// The file that the page calls so.
    fn file(&self, name: &str) -> Option<&PathBuf> {
        let mut files = self.files.iter();
        files.find(|path| public_name(path) == name)
    }

    fn written(&self, settings: &Settings) -> Result<Written, Refusal> {
        let name = settings.scenario.as_str();
        let unreadable = |faults: Faults| Refusal::faults("the scenario cannot be read", &faults);
        if name == PASTED {
            let text = settings.text.clone().unwrap_or_default();
            if text.len() > LARGEST_TEXT {
                return Err(Refusal::of("the text is longer than 256 KiB"));
            }
            let name = "pasted.toml".to_owned();
            return Ok(Written {
                source: Arc::new(Source { name, text }),
                name: PASTED.to_owned(),
                beside: None,
                shipped_only: true,
            });
        }
        if let Some(path) = self.file(name) {
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            return Ok(Written {
                source: open(Shelf::Scenarios, &path.display().to_string(), None)
                    .map_err(unreadable)?,
                name: stem.unwrap_or("scenario").to_owned(),
                beside: path.parent().map(PathBuf::from),
                shipped_only: false,
            });
        }
        if shipped(Shelf::Scenarios, name).is_none() {
            let known = names(Shelf::Scenarios).join(", ");
            return Err(Refusal::of(format!(
                "there is no scenario `{name}`; there are: {known}"
            )));
        }
        Ok(Written {
            source: open(Shelf::Scenarios, name, None).map_err(unreadable)?,
            name: name.to_owned(),
            beside: None,
            shipped_only: true,
        })
    }

    /// The scenario as it is without any control moved, and its controls.
    ///
    /// # Errors
    /// What is wrong.
    pub fn controls(&self, settings: &Settings) -> Result<Vec<Control>, Refusal> {
        let written = self.written(settings)?;
        let plain = PaneSettings::default();
        let (bundle, text) = self.bundle_and_text(settings, &plain)?;
        let draft = Draft::read(&text).ok_or_else(|| Refusal::of(written.unchangeable()))?;
        Ok(controls::offered(&draft, &bundle, &settings.a))
    }

    /// Whether a market can be run in front of a class: looked up in its text, before anything is made of it.
    fn is_small_enough(&self, draft: &Draft) -> Result<(), Refusal> {
        let anchors = draft.number("generate.rooms").unwrap_or(0.0);
        let rooms = anchors * draft.number("generate.evenings").unwrap_or(1.0);
        if rooms > MOST_ROOMS {
            let why = format!(
                "{rooms} generated rooms are more than this page may simulate ({MOST_ROOMS})"
            );
            return Err(Refusal::of(why));
        }
        let consumers = draft.number("population.consumers").unwrap_or(0.0);
        if consumers > self.largest_population as f64 {
            return Err(Refusal::of(format!(
                "{consumers} consumers are more than this page may simulate ({}); start it with --largest to allow more",
                self.largest_population
            )));
        }
        Ok(())
    }

    /// What a pane runs, and its text.
    ///
    /// # Errors
    /// What is wrong: diagnostics are those of the command line, about the text that was pasted, or about the one that the settings came to.
    pub fn bundle(&self, settings: &Settings, pane: &PaneSettings) -> Result<Bundle, Refusal> {
        self.bundle_and_text(settings, pane)
            .map(|(bundle, _)| bundle)
    }

    /// The text of a pane as a scenario file, which says what was changed.
    ///
    /// # Errors
    /// What is wrong.
    pub fn scenario_file(
        &self,
        settings: &Settings,
        pane: &PaneSettings,
    ) -> Result<String, Refusal> {
        let (bundle, text) = self.bundle_and_text(settings, pane)?;
        let version = crate::experiment::VERSION;
        let head = format!(
            "# Saved from the classroom page of yellowcart {version}: {} with seed {} and regime {}. Comments are those of the scenario it was made from;\n\
             # what the page changed is in the values.\n",
            bundle.name, bundle.seed, bundle.regime_name
        );
        Ok(head + &text)
    }

    fn bundle_and_text(
        &self,
        settings: &Settings,
        pane: &PaneSettings,
    ) -> Result<(Bundle, String), Refusal> {
        let written = self.written(settings)?;
        let draft = Draft::read(&written.source.text);
        if let Some(draft) = &draft {
            self.is_small_enough(draft)?;
        }
        // What is no scenario as it stands is told in the words of its author's text, before anything is changed.
        let bundle = written.load(&written.source)?;
        let mut draft = draft.ok_or_else(|| Refusal::of(written.unchangeable()))?;
        if let Some(regime) = &pane.regime {
            let known = [Shelf::Regimes, Shelf::Retention].map(names).concat();
            if !known.contains(&regime.as_str()) {
                return Err(Refusal::of(format!("there is no regime `{regime}`")));
            }
            draft.set_regime(regime);
        }
        let seed = settings.seed.unwrap_or(bundle.seed);
        if seed > LARGEST_SEED {
            let why = format!("a seed on this page is at most {LARGEST_SEED}");
            return Err(Refusal::of(why));
        }
        draft.set_seed(seed);
        for change in &settings.changes {
            draft
                .change(change, written.shipped_only)
                .map_err(Refusal::of)?;
        }
        // Which controls there are follows from what was changed.
        let bundle = if settings.changes.is_empty() || pane.controls.is_empty() {
            bundle
        } else {
            self.is_small_enough(&draft)?;
            written.load(&written.with_text(draft.text()))?
        };
        for without in &pane.without {
            match without {
                Without::Bots => draft.leave_out_bots(),
                Without::Script => draft.leave_out_scripts(),
            }
        }
        controls::apply(&mut draft, &bundle, pane)?;
        self.is_small_enough(&draft)?;
        let text = draft.text();
        let bundle = written.load(&written.with_text(text.clone()))?;
        Ok((bundle, text))
    }
}

/// What the page calls a file: its name, without the folders that lead to it.
pub fn public_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// Whether a text is a scenario that holds together.
pub fn makes_sense(draft: &Draft) -> bool {
    let source = Arc::new(Source {
        name: String::new(),
        text: draft.text(),
    });
    let request = Request {
        shipped_only: true,
        ..Request::default()
    };
    from_source(&source, "scenario", None, &request).is_ok()
}

impl Written {
    fn unchangeable(&self) -> String {
        format!("{} cannot be changed: it is no TOML", self.source.name)
    }

    /// The same scenario with another text.
    fn with_text(&self, text: String) -> Arc<Source> {
        let name = self.source.name.clone();
        Arc::new(Source { name, text })
    }

    fn load(&self, source: &Arc<Source>) -> Result<Bundle, Refusal> {
        let request = Request {
            what: &self.name,
            shipped_only: self.shipped_only,
            ..Request::default()
        };
        from_source(source, &self.name, self.beside.as_ref(), &request).map_err(|faults| {
            Refusal::faults(
                "this is no scenario yet: everything that is wrong is below",
                &faults,
            )
        })
    }
}
