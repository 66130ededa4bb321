//! The engine of the stage: steps the panes' markets, paced by the wall clock, which decides when something happens and never what. All panes stand at the
//! same moment. Between two steps it obeys orders.

use super::class::Class;
use super::controls::Control as ControlSign;
use super::message::{MetricSign, Samples, Status};
use super::pane::Pane;
use super::settings::{Offered, Refusal, Settings};
use super::stage::{Buyers, Control, Followed, Joined, Message, Order};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::broadcast;

/// Time between two ticks of the page.
pub(super) const BEAT: Duration = Duration::from_millis(80);

/// Time that is simulated at a stretch before orders are looked at.
const STRETCH: Duration = Duration::from_millis(30);

/// Longest time between two looks at who watch.
const IDLE: Duration = Duration::from_millis(500);

/// How far the pace may fall behind the wall clock before what was missed is forgotten.
const BEHIND: Duration = Duration::from_millis(500);

/// What the stage does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Doing {
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
    pub(super) watching: Arc<AtomicUsize>,
    pub(super) messages: broadcast::Sender<Message>,
    pub(super) id: u64,
    pub(super) settings: Settings,
    pub(super) panes: Vec<Pane>,
    pub(super) controls: Vec<ControlSign>,
    pub(super) metrics: Vec<MetricSign>,
    pub(super) before: Option<Samples>,
    pub(super) doing: Doing,
    pub(super) speed: f64,
    /// Where the pace is reckoned from: a moment of the wall clock, and the second simulated then.
    paced_from: (Instant, f64),
    pub(super) told: Instant,
    pub(super) status: Option<Status>,
    pub(super) error: Option<String>,
    /// Whether the class has changed, and when it was told of last.
    pub(super) class_changed: bool,
    pub(super) class_told: Instant,
    pub(super) joined: Option<Message>,
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
            class_changed: false,
            class_told: now,
            joined: None,
        }
    }

    pub(super) fn class(&self) -> MutexGuard<'_, Class> {
        self.class.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs until nobody can give orders any more.
    pub fn run(mut self, orders: &Receiver<Order>) {
        loop {
            let wait = match self.doing {
                Doing::Standing if self.class_changed => BEAT / 4,
                Doing::Standing => IDLE,
                Doing::Playing => BEAT / 4,
                Doing::Rushing { .. } => Duration::ZERO,
            };
            let first = match orders.recv_timeout(wait) {
                Ok(order) => Some(order),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let went_on = catch_unwind(AssertUnwindSafe(|| {
                let others = std::iter::from_fn(|| orders.try_recv().ok());
                first
                    .into_iter()
                    .chain(others)
                    .for_each(|order| self.obey(order));
                self.go_on();
            }));
            if went_on.is_err() {
                // A mistake of ours in a market must not take the class's page away.
                self.error =
                    Some("the simulation failed; restart it, or choose another".to_owned());
                self.doing = Doing::Standing;
                self.panes.clear();
            }
            self.tell_class();
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
                self.class_changed = true;
                self.joined = None;
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
        let to = if self.ended() { f64::INFINITY } else { time };
        let doing = match same_people && time > 0.0 {
            true => Doing::Rushing {
                to,
                then_plays: plays,
            },
            false => Doing::Standing,
        };
        (self.settings, self.controls, self.metrics) = (settings, controls, metrics);
        self.begin(panes, doing);
        Ok(())
    }

    /// Puts new panes on the stage.
    fn begin(&mut self, panes: Vec<Pane>, doing: Doing) {
        self.id += 1;
        self.panes = panes;
        self.error = None;
        self.doing = doing;
        self.pace();
        self.joined = None;
        let show = self.whole_show();
        let _ = self.messages.send(show);
    }

    /// Begins the same show again.
    fn restart(&mut self, doing: Doing) {
        match self.panes_of(&self.settings) {
            Ok(panes) => self.begin(panes, doing),
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
            Control::Play if self.ended() => self.restart(Doing::Playing),
            Control::Play => self.doing = Doing::Playing,
            Control::Pause => self.doing = Doing::Standing,
            Control::Step => {
                self.doing = Doing::Standing;
                self.step();
                self.tell_tick();
            }
            Control::Restart => {
                self.before = None;
                self.restart(match self.plays() {
                    true => Doing::Playing,
                    false => Doing::Standing,
                });
            }
            Control::Speed { speed } if speed.is_finite() && speed >= 0.0 => self.speed = speed,
            Control::Speed { .. } => {}
            Control::Jump { to } if to.is_finite() => {
                let then_plays = self.plays();
                let rushing = Doing::Rushing { to, then_plays };
                match to < self.time() {
                    true => self.restart(rushing),
                    false => self.doing = rushing,
                }
            }
            Control::Jump { .. } => {}
        }
        self.joined = None;
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
    pub(super) fn time(&self) -> f64 {
        let times = self.panes.iter().map(Pane::time);
        times.reduce(f64::min).unwrap_or(0.0)
    }

    pub(super) fn ended(&self) -> bool {
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
        self.class_changed = true;
        self.joined = None;
    }
}
