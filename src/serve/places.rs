//! Places that are shared by address: so many for each, so that nobody takes those of all others.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Places, so many for each address.
#[derive(Debug, Clone)]
pub struct Places {
    taken: Arc<Mutex<BTreeMap<Option<IpAddr>, usize>>>,
    of_address: usize,
}

/// A place, given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Places,
    address: Option<IpAddr>,
}

impl Places {
    /// All free.
    pub fn new(of_address: usize) -> Self {
        Self {
            taken: Arc::default(),
            of_address,
        }
    }

    fn taken(&self) -> MutexGuard<'_, BTreeMap<Option<IpAddr>, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Places that are taken.
    pub fn count(&self) -> usize {
        self.taken().values().sum()
    }

    /// Takes one; `None`: the address has all of its own.
    pub fn take(&self, address: Option<IpAddr>) -> Option<Place> {
        let mut taken = self.taken();
        let own = taken.get(&address).copied().unwrap_or(0);
        (own < self.of_address).then(|| {
            taken.insert(address, own + 1);
            Place {
                places: self.clone(),
                address,
            }
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        match taken.get_mut(&self.address) {
            Some(own) if *own > 1 => *own -= 1,
            _ => {
                taken.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_takes_its_own_places_and_no_others() {
        let places = Places::new(2);
        let [a, b] = [1, 2].map(|last| Some(IpAddr::from([10, 0, 0, last])));
        let first = places.take(a);
        let second = places.take(a);
        assert!(first.is_some() && second.is_some() && places.take(a).is_none());
        let other = places.take(b);
        assert!(other.is_some());
        drop(first);
        assert!(places.take(a).is_some());
        assert_eq!(places.count(), 2);
        drop((second, other));
        assert_eq!(places.count(), 0);
    }
}
