//! Events: what somebody who watches is sent, one after another. Who reads too slowly misses ticks and is then told the whole show anew; who does not read
//! at all costs a seat until the connection's own patience ends.

use super::guard::{Refused, Role};
use super::places::{Place, Places};
use super::stage::{Joined, Message, Order, Stage};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{Stream, unfold};
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Seats in all.
const SEATS: usize = 300;

/// Seats that are kept for teachers.
const KEPT: usize = 10;

/// Seats of one address: a school may come from one.
const SEATS_OF_ADDRESS: usize = 150;

/// Time after which somebody who has nothing to be told is told that.
const SILENCE: Duration = Duration::from_secs(15);

/// Seats for those who watch.
#[derive(Debug, Clone)]
pub struct Seats {
    places: Places,
    teachers: Places,
    watching: Arc<AtomicUsize>,
}

/// A seat, given back when it is dropped.
pub struct Seat {
    place: Option<Place>,
    seats: Seats,
}

impl Seats {
    /// All free.
    pub fn new(watching: Arc<AtomicUsize>) -> Self {
        Self {
            places: Places::new(SEATS_OF_ADDRESS),
            teachers: Places::new(SEATS_OF_ADDRESS),
            watching,
        }
    }

    fn count(&self) -> usize {
        self.places.count() + self.teachers.count()
    }

    /// Takes a seat.
    ///
    /// # Errors
    /// There is none.
    pub fn take(&self, role: Role, address: Option<IpAddr>) -> Result<Seat, Refused> {
        let (places, free) = match role {
            Role::Teacher => (&self.teachers, self.count() < SEATS),
            Role::Class => (&self.places, self.places.count() < SEATS - KEPT),
        };
        let place = places.take(address).filter(|_| free);
        let place = place.ok_or(Refused {
            status: StatusCode::SERVICE_UNAVAILABLE,
            why: "all seats are taken",
        })?;
        self.watching.store(self.count(), Ordering::Relaxed);
        Ok(Seat {
            place: Some(place),
            seats: self.clone(),
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        drop(self.place.take());
        let left = self.seats.count();
        self.seats.watching.store(left, Ordering::Relaxed);
    }
}

/// Where somebody who watches is.
enum Watcher {
    Outside,
    Inside(Joined),
    Left,
}

/// What somebody is sent.
pub fn events(stage: Stage, seat: Seat) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let begun = (Watcher::Outside, stage, seat);
    let stream = unfold(begun, |(watcher, stage, seat)| async move {
        let (message, watcher) = next(watcher, &stage).await?;
        let event = Event::default().event(message.event).data(&*message.data);
        Some((Ok(event), (watcher, stage, seat)))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(SILENCE))
}

async fn next(watcher: Watcher, stage: &Stage) -> Option<(Message, Watcher)> {
    let mut joined = match watcher {
        Watcher::Outside => return join(stage).await,
        Watcher::Inside(joined) => joined,
        Watcher::Left => return None,
    };
    match joined.next.recv().await {
        Ok(message) if message.event == BYE => Some((message, Watcher::Left)),
        Ok(message) => Some((message, Watcher::Inside(joined))),
        // Too slow: what was missed is made good by the whole show.
        Err(RecvError::Lagged(_)) => join(stage).await,
        Err(RecvError::Closed) => None,
    }
}

/// The event with which the server goes.
pub const BYE: &str = "bye";

async fn join(stage: &Stage) -> Option<(Message, Watcher)> {
    let joined = stage.ask(Order::Join).await?;
    Some((joined.show.clone(), Watcher::Inside(joined)))
}
