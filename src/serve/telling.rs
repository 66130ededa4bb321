//! What the engine tells: ticks, status, the class, and the whole show to whoever has just come.

use super::class::ClassState;
use super::engine::{BEAT, Doing, Engine};
use super::message::{Show, Sign, State, Status, Story, Tick};
use super::pane::Pane;
use super::samples::windows;
use super::settings::Settings;
use super::stage::Message;
use crate::welfare::Channel;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Instant;

impl Engine {
    /// Tells of the class, where it has changed: many votes at once are told together.
    pub(super) fn tell_class(&mut self) {
        if self.class_changed && self.class_told.elapsed() >= BEAT {
            (self.class_changed, self.class_told) = (false, Instant::now());
            let state = self.class().state();
            self.tell("class", &state);
        }
    }

    fn tell(&self, event: &'static str, data: &impl Serialize) {
        // Nobody may be watching: that is no error.
        let _ = self.messages.send(message(event, data));
    }

    pub(super) fn tell_tick(&mut self) {
        self.told = Instant::now();
        self.joined = None;
        let tick = Tick {
            id: self.id,
            time: self.time(),
            panes: self.panes.iter_mut().map(Pane::tick).collect(),
        };
        self.tell("tick", &tick);
    }

    /// How it is played.
    fn status_now(&self) -> Status {
        let state = match self.doing {
            _ if self.ended() => State::Ended,
            Doing::Standing => State::Paused,
            Doing::Playing => State::Playing,
            Doing::Rushing { .. } => State::Running,
        };
        Status {
            state,
            speed: self.speed,
            time: self.time(),
            watching: self.watching.load(Ordering::Relaxed),
            error: self.error.clone(),
        }
    }

    /// Tells how it is played, where that has changed; time goes by with ticks.
    pub(super) fn tell_status(&mut self) {
        let status = self.status_now();
        let changed = self.status.as_ref().is_none_or(|told| {
            let same_time = Status {
                time: told.time,
                ..status.clone()
            };
            same_time != *told
        });
        if changed {
            self.tell("status", &status);
            self.joined = None;
            self.status = Some(status);
        }
    }

    /// The show for whoever comes now; written once as long as nothing happens.
    pub(super) fn whole_show(&mut self) -> Message {
        if let Some(message) = &self.joined {
            return message.clone();
        }
        let message = message("show", &self.show(false));
        self.joined = Some(message.clone());
        message
    }

    pub(super) fn show(&mut self, whole: bool) -> Show {
        let (class, status) = (self.class().state(), self.status_now());
        let panes = self.panes.iter_mut().map(|pane| pane.info(whole)).collect();
        let Some(first) = self.panes.first() else {
            return Show {
                status,
                class,
                ..Show::empty(self.id, self.settings.clone())
            };
        };
        let plot = &first.scenario;
        Show {
            scenario: Story {
                name: plot.name.clone(),
                title: plot.title.clone(),
                story: plot.story.clone(),
                look_for: plot.look_for.clone(),
            },
            seed: plot.seed,
            start: plot.clock.start.format("%Y-%m-%d %H:%M").to_string(),
            end: plot.clock.end,
            tick: plot.clock.tick,
            windows: windows(plot),
            rooms: first.rooms(),
            rooms_in_all: plot.rooms.len(),
            consumers: plot.population.consumers,
            products: first.products(),
            metrics: self.metrics.clone(),
            panes,
            controls: self.controls.clone(),
            status,
            class,
            before: self.before.clone(),
            ..Show::empty(self.id, self.settings.clone())
        }
    }
}

fn message(event: &'static str, data: &impl Serialize) -> Message {
    let json = serde_json::to_string(data);
    // What the page is told are numbers and texts; they can always be written.
    Message {
        event,
        data: json.unwrap_or_else(|_| "{}".to_owned()).into(),
    }
}

impl Show {
    /// A show of nothing yet.
    fn empty(id: u64, settings: Settings) -> Self {
        let sign = |channel: Channel| Sign {
            key: channel.name().to_owned(),
            label: channel.title().to_owned(),
        };
        Self {
            id,
            settings,
            scenario: Story::default(),
            seed: 0,
            start: String::new(),
            end: 0.0,
            tick: 1.0,
            windows: Vec::new(),
            rooms: Vec::new(),
            rooms_in_all: 0,
            consumers: 0,
            products: BTreeMap::new(),
            channels: Channel::ALL.map(sign).to_vec(),
            metrics: Vec::new(),
            panes: Vec::new(),
            controls: Vec::new(),
            status: Status::default(),
            class: ClassState::default(),
            before: None,
        }
    }
}
