//! The stage: one show at a time, on a thread of its own, in front of everybody who watches. Whoever watches joins it and gets messages; whoever may
//! gives it orders. It is the only one that touches markets.

use super::class::Class;
use super::engine::Engine;
use super::message::{Buyer, Show};
use super::settings::{Offered, Refusal, Settings};
use crate::scenario::Scenario;
use serde::Deserialize;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use tokio::sync::{broadcast, oneshot};

/// Messages that wait for a slow watcher, at most; who falls further behind gets the whole show anew.
const WAITING: usize = 64;

/// What watchers are told: an event with its data as JSON, written once for all.
#[derive(Debug, Clone)]
pub struct Message {
    /// The event's name.
    pub event: &'static str,
    /// Its data.
    pub data: Arc<str>,
}

/// Somebody who has come: the show as it is, and what follows.
pub struct Joined {
    /// The whole show.
    pub show: Message,
    /// Everything after it.
    pub next: broadcast::Receiver<Message>,
}

/// How a show is to go on.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Control {
    /// Goes on.
    Play,
    /// Stands still.
    Pause,
    /// Goes on by one tick.
    Step,
    /// Begins again with the same seed.
    Restart,
    /// Simulated seconds per second; 0: as fast as it can.
    Speed {
        /// See above.
        speed: f64,
    },
    /// Rushes to a second, from the beginning if it has passed.
    Jump {
        /// See above.
        to: f64,
    },
}

/// A pane that somebody is followed through.
#[derive(Clone)]
pub struct Followed {
    /// What it runs.
    pub scenario: Arc<Scenario>,
    /// Up to which second.
    pub until: f64,
}

/// Buyers to follow.
#[derive(Debug, Default)]
pub struct Buyers {
    /// Those with the greatest harm at an order.
    pub harmed: Vec<Buyer>,
    /// The latest.
    pub recent: Vec<Buyer>,
}

/// An answer that is waited for.
pub type Reply<T> = oneshot::Sender<T>;

/// What the stage is asked.
pub enum Order {
    /// Sets up another show.
    Show(Box<Settings>, Reply<Result<(), Refusal>>),
    /// Goes on as told.
    Control(Control, Reply<()>),
    /// Lets somebody watch.
    Join(Reply<Joined>),
    /// Everything there is of the show.
    Whole(Reply<Box<Show>>),
    /// What is shown.
    Settings(Reply<Settings>),
    /// The panes.
    Panes(Reply<Vec<Followed>>),
    /// Buyers of a pane.
    Buyers(usize, Reply<Buyers>),
    /// The class has changed.
    Class,
}

/// The stage, as others see it.
#[derive(Clone)]
pub struct Stage {
    orders: Sender<Order>,
    messages: broadcast::Sender<Message>,
    /// The class in front of it.
    pub class: Arc<Mutex<Class>>,
    /// Who watch.
    pub watching: Arc<AtomicUsize>,
}

impl Stage {
    /// Opens the stage with a show.
    ///
    /// # Errors
    /// A show that cannot be set up.
    pub fn open(offered: Arc<Offered>, settings: Settings, class: Class) -> Result<Self, Refusal> {
        let (orders, received) = channel();
        let (messages, _) = broadcast::channel(WAITING);
        let class = Arc::new(Mutex::new(class));
        let watching = Arc::new(AtomicUsize::new(0));
        let mut engine = Engine::new(
            offered,
            Arc::clone(&class),
            Arc::clone(&watching),
            messages.clone(),
        );
        engine.set_up(settings)?;
        let spawned = std::thread::Builder::new()
            .name("stage".to_owned())
            .spawn(move || engine.run(&received));
        spawned.map_err(|why| Refusal::of(format!("the stage cannot be opened: {why}")))?;
        Ok(Self {
            orders,
            messages,
            class,
            watching,
        })
    }

    /// Gives an order and waits for the answer; `None`: the stage is gone.
    pub async fn ask<T>(&self, order: impl FnOnce(Reply<T>) -> Order) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.orders.send(order(reply)).ok()?;
        answer.await.ok()
    }

    /// The same for whoever may wait in its own thread.
    pub fn ask_here<T>(&self, order: impl FnOnce(Reply<T>) -> Order) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.orders.send(order(reply)).ok()?;
        answer.blocking_recv().ok()
    }

    /// Says something to everybody who watches.
    pub fn say(&self, event: &'static str, data: &str) {
        // Nobody may be watching: that is no error.
        let _ = self.messages.send(Message {
            event,
            data: data.into(),
        });
    }

    /// Tells everybody that the class has changed.
    pub fn tell_class(&self) {
        let _ = self.orders.send(Order::Class);
    }
}
