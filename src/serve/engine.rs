//! The engine of the stage: steps the panes' markets, paced by the wall clock, which decides when something happens and never what. All panes stand at the
//! same moment. Between two steps it obeys orders.

use super::class::{Class, ClassState};
use super::controls::Control as ControlSign;
use super::message::{MetricSign, Samples, Show, Sign, State, Status, Story, Tick};
use super::pane::Pane;
use super::samples::windows;
use super::settings::{Offered, Refusal, Settings};
use super::stage::{Buyers, Control, Followed, Joined, Message, Order};
use crate::welfare::Channel;
use serde::Serialize;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::broadcast;

/// Time between two ticks of the page.
const BEAT: Duration = Duration::from_millis(80);

/// Time that is simulated at a stretch before orders are looked at.
const STRETCH: Duration = Duration::from_millis(30);

/// Longest time between two looks at who watch.
const IDLE: Duration = Duration::from_millis(500);

/// How far the pace may fall behind the wall clock before what was missed is forgotten.
const BEHIND: Duration = Duration::from_millis(500);

/// What the stage does.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Doing {
    Standing,
    Playing,
    /// Rushes to a second, and then plays or not.
    Rushing {
        to: f64,
        then_plays: bool,
    },
}

/// The engine.
pub struct Engine {
    offered: Arc<Offered>,
    class: Arc<Mutex<Class>>,
    watching: Arc<AtomicUsize>,
    messages: broadcast::Sender<Message>,
    id: u64,
    settings: Settings,
    panes: Vec<Pane>,
    controls: Vec<ControlSign>,
    metrics: Vec<MetricSign>,
    before: Option<Samples>,
    doing: Doing,
    speed: f64,
    /// Where the pace is reckoned from: a moment of the wall clock, and the second simulated then.
    paced_from: (Instant, f64),
    told: Instant,
    status: Option<Status>,
    error: Option<String>,
    joined: Option<Message>,
}

impl Engine {
    /// An engine without a show.
    pub fn new(
        offered: Arc<Offered>,
        class: Arc<Mutex<Class>>,
        watching: Arc<AtomicUsize>,
        messages: broadcast::Sender<Message>,
    ) -> Self {
        let now = Instant::now();
        Self {
            offered,
            class,
            watching,
            messages,
            id: 0,
            settings: Settings::default(),
            panes: Vec::new(),
            controls: Vec::new(),
            metrics: Vec::new(),
            before: None,
            doing: Doing::Standing,
            speed: 60.0,
            paced_from: (now, 0.0),
            told: now,
            status: None,
            error: None,
            joined: None,
        }
    }

    fn class(&self) -> MutexGuard<'_, Class> {
        self.class.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs until nobody can give orders any more.
    pub fn run(mut self, orders: &Receiver<Order>) {
        loop {
            let wait = match self.doing {
                Doing::Standing => IDLE,
                Doing::Playing => BEAT / 4,
                Doing::Rushing { .. } => Duration::ZERO,
            };
            match orders.recv_timeout(wait) {
                Ok(order) => self.obey(order),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            while let Ok(order) = orders.try_recv() {
                self.obey(order);
            }
            let went_on = catch_unwind(AssertUnwindSafe(|| self.go_on()));
            if went_on.is_err() {
                // A mistake of ours in a market must not take the class's page away.
                self.error =
                    Some("the simulation failed; restart it, or choose another".to_owned());
                self.doing = Doing::Standing;
                self.panes.clear();
            }
            self.tell_status();
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Show(settings, reply) => {
                let _ = reply.send(self.set_up(*settings));
            }
            Order::Control(control, reply) => {
                self.control(control);
                let _ = reply.send(());
            }
            Order::Join(reply) => {
                let joined = Joined {
                    show: self.whole_show(),
                    next: self.messages.subscribe(),
                };
                let _ = reply.send(joined);
            }
            Order::Whole(reply) => {
                self.tell_tick();
                let show = self.show(true);
                let _ = reply.send(Box::new(show));
            }
            Order::Settings(reply) => {
                let _ = reply.send(self.settings.clone());
            }
            Order::Panes(reply) => {
                let followed = |pane: &Pane| Followed {
                    scenario: Arc::clone(&pane.scenario),
                    until: pane.time(),
                };
                let _ = reply.send(self.panes.iter().map(followed).collect());
            }
            Order::Buyers(pane, reply) => {
                let found = self.panes.get_mut(pane).map(Pane::buyers);
                let (harmed, recent) = found.unwrap_or_default();
                let _ = reply.send(Buyers { harmed, recent });
            }
            Order::Class => {
                let state = self.class().state();
                self.joined = None;
                self.tell("class", &state);
            }
        }
    }

    /// Sets up another show. Where only rules and controls changed, it rushes to the moment that the last one had reached.
    ///
    /// # Errors
    /// Settings that cannot be.
    pub fn set_up(&mut self, settings: Settings) -> Result<(), Refusal> {
        let same_people = !self.panes.is_empty()
            && settings.scenario == self.settings.scenario
            && settings.text == self.settings.text
            && settings.seed == self.settings.seed;
        let panes = self.panes_of(&settings)?;
        let controls = self.offered.controls(&settings)?;
        let metrics = panes.first().map(Pane::metrics).unwrap_or_default();
        let (time, plays) = (self.time(), self.plays());
        self.before = match self.panes.first_mut() {
            Some(first) if same_people && settings.a != self.settings.a => {
                Some(first.samples.clone())
            }
            _ => None,
        };
        let ended = self.ended();
        (self.settings, self.controls, self.metrics) = (settings, controls, metrics);
        self.begin(panes);
        self.doing = match (same_people && time > 0.0, plays) {
            (true, _) => Doing::Rushing {
                to: if ended { f64::INFINITY } else { time },
                then_plays: plays,
            },
            (false, _) => Doing::Standing,
        };
        Ok(())
    }

    /// Puts new panes on the stage.
    fn begin(&mut self, panes: Vec<Pane>) {
        self.id += 1;
        self.panes = panes;
        self.error = None;
        self.doing = Doing::Standing;
        self.pace();
        self.joined = None;
        let show = self.whole_show();
        let _ = self.messages.send(show);
    }

    /// Begins the same show again.
    fn restart(&mut self) {
        match self.panes_of(&self.settings) {
            Ok(panes) => self.begin(panes),
            Err(refusal) => self.error = Some(refusal.why),
        }
    }

    /// The panes of settings, at their beginning, with the same rooms in sight.
    fn panes_of(&self, settings: &Settings) -> Result<Vec<Pane>, Refusal> {
        let first = self.offered.bundle(settings, &settings.a)?;
        let mut panes = vec![Pane::new(first).map_err(Refusal::of)?];
        if let Some(b) = &settings.b {
            let second = self.offered.bundle(settings, b)?;
            panes.push(Pane::beside(second, &panes[0]).map_err(Refusal::of)?);
        }
        Ok(panes)
    }

    fn control(&mut self, control: Control) {
        match control {
            Control::Play if self.ended() => {
                self.restart();
                self.doing = Doing::Playing;
            }
            Control::Play => self.doing = Doing::Playing,
            Control::Pause => self.doing = Doing::Standing,
            Control::Step => {
                self.doing = Doing::Standing;
                self.step();
                self.tell_tick();
            }
            Control::Restart => {
                let plays = self.plays();
                self.before = None;
                self.restart();
                if plays {
                    self.doing = Doing::Playing;
                }
            }
            Control::Speed { speed } if speed.is_finite() && speed >= 0.0 => self.speed = speed,
            Control::Speed { .. } => {}
            Control::Jump { to } if to.is_finite() => {
                let then_plays = self.plays();
                if to < self.time() {
                    self.restart();
                }
                self.doing = Doing::Rushing { to, then_plays };
            }
            Control::Jump { .. } => {}
        }
        self.pace();
    }

    /// Reckons the pace from now on.
    fn pace(&mut self) {
        self.paced_from = (Instant::now(), self.time());
    }

    fn plays(&self) -> bool {
        match self.doing {
            Doing::Standing => false,
            Doing::Playing => true,
            Doing::Rushing { then_plays, .. } => then_plays,
        }
    }

    /// Second up to which all panes have been simulated.
    fn time(&self) -> f64 {
        let times = self.panes.iter().map(Pane::time);
        times.reduce(f64::min).unwrap_or(0.0)
    }

    fn ended(&self) -> bool {
        !self.panes.is_empty() && self.panes.iter().all(Pane::ended)
    }

    /// Simulates a stretch, if it is time.
    fn go_on(&mut self) {
        if self.doing == Doing::Standing || self.panes.is_empty() {
            return;
        }
        let begun = Instant::now();
        let to = match self.doing {
            Doing::Rushing { to, .. } => to,
            _ if self.speed == 0.0 => f64::INFINITY,
            _ => {
                let (from, second) = self.paced_from;
                second + from.elapsed().as_secs_f64() * self.speed
            }
        };
        while self.time() < to && !self.ended() && begun.elapsed() < STRETCH {
            let before = self.time();
            self.step();
            let tick = self
                .panes
                .first()
                .map_or(1.0, |pane| pane.scenario.clock.tick);
            // Over a night in which nobody is on air the pace does not wait.
            if self.time() - before > 2.0 * tick {
                self.pace();
            }
        }
        if self.doing == Doing::Playing && self.speed > 0.0 && self.time() < to {
            self.catch_up(to);
        }
        let arrived = self.time() >= to || self.ended();
        if self.told.elapsed() >= BEAT || self.ended() {
            self.tell_tick();
        }
        if self.ended() {
            self.doing = Doing::Standing;
            self.answer();
        } else if let Doing::Rushing { then_plays, .. } = self.doing
            && arrived
        {
            self.tell_tick();
            self.doing = if then_plays {
                Doing::Playing
            } else {
                Doing::Standing
            };
            self.pace();
        }
    }

    /// Forgets what the pace has missed, where the machine cannot keep up with it.
    fn catch_up(&mut self, to: f64) {
        if to - self.time() > BEHIND.as_secs_f64() * self.speed {
            self.pace();
        }
    }

    /// Moves the pane that stands earliest, until all stand later than before.
    fn step(&mut self) {
        let before = self.time();
        while self.time() <= before && !self.ended() {
            let earliest = self
                .panes
                .iter_mut()
                .filter(|pane| !pane.ended())
                .min_by(|a, b| a.time().total_cmp(&b.time()));
            match earliest {
                Some(pane) => pane.step(),
                None => return,
            }
        }
    }

    /// The evening is over: the model answers what the lesson asks.
    fn answer(&mut self) {
        let mut summaries = self.panes.iter().filter_map(|pane| pane.summary.as_ref());
        if let Some(a) = summaries.next() {
            self.class().answer(&self.settings, a, summaries.next());
        }
        let state: ClassState = self.class().state();
        self.joined = None;
        self.tell("class", &state);
    }

    fn tell(&self, event: &'static str, data: &impl Serialize) {
        // Nobody may be watching: that is no error.
        let _ = self.messages.send(message(event, data));
    }

    fn tell_tick(&mut self) {
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
    fn tell_status(&mut self) {
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
    fn whole_show(&mut self) -> Message {
        if let Some(message) = &self.joined {
            return message.clone();
        }
        let message = message("show", &self.show(false));
        self.joined = Some(message.clone());
        message
    }

    fn show(&mut self, whole: bool) -> Show {
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
