//! Tokens: which account, device, addresses and wallet a platform sees for a consumer or for an account of a farm. Nobody in the market decides by them.
//!
//! A token is a hash, salted with the seed: it says nothing but "the same again", and nothing learnt about one of them holds in another run.

use super::population::ConsumerId;
use crate::detect::{Token, event::Enter, event::Source};
use crate::draws::{Draws, Identity, Mechanism, Words, identity_of_name, identity_of_pair};
use crate::scenario::file::AccountsTable;
use crate::scenario::{Farm, Id, Scenario};

/// What a token is of; a part of what is hashed.
#[derive(Clone, Copy)]
enum Of {
    Account = 1,
    Device,
    Home,
    HomeDevice,
    MobileAddress,
    Delivery,
    Wallet,
    Order,
    HomeWallet,
}

/// The tokens of a run.
#[derive(Debug)]
pub struct Tokens {
    salt: Identity,
    draws: Draws,
    /// By segment: its first consumer, its identity, and how many share an address.
    segments: Vec<(u64, Identity, f64)>,
    accounts: AccountsTable,
    mobile_addresses: f64,
}

/// A consumer as tokens need it.
#[derive(Debug, Clone, Copy)]
struct Member {
    key: Identity,
    /// Identity of its home, or dormitory.
    home: Identity,
}

impl Tokens {
    /// Those of a scenario.
    pub fn of(plot: &Scenario) -> Self {
        let mut first = 0;
        let segments = plot.population.segments.iter().map(|segment| {
            let begins = first;
            first += segment.count;
            (begins, segment.key, segment.traits.consumers_per_address)
        });
        let consumers = plot.population.consumers as f64;
        let accounts = plot.accounts.clone();
        Self {
            salt: identity_of_pair(identity_of_name("tokens"), plot.seed),
            draws: Draws::new(plot.seed),
            segments: segments.collect(),
            mobile_addresses: (consumers / accounts.consumers_per_mobile_address).ceil(),
            accounts,
        }
    }

    fn token(&self, of: Of, identity: Identity) -> Token {
        Token::of(identity_of_pair(self.salt ^ of as u64, identity))
    }

    /// The identity of a consumer's segment, its place in it, and how many of the segment share an address.
    #[inline]
    fn place(&self, consumer: ConsumerId) -> (Identity, u64, f64) {
        let consumer = u64::from(consumer);
        let mut segments = self.segments.iter().rev();
        let own = segments.find(|(first, ..)| *first <= consumer);
        let (first, segment, per_address) = own.copied().unwrap_or_default();
        (segment, consumer - first, per_address)
    }

    /// The identity of a consumer.
    #[inline]
    fn key(&self, consumer: ConsumerId) -> Identity {
        let (segment, index, _) = self.place(consumer);
        identity_of_pair(segment, index)
    }

    fn member(&self, consumer: ConsumerId) -> Member {
        let (segment, index, per_address) = self.place(consumer);
        let home = (index as f64 / per_address) as u64;
        Member {
            key: identity_of_pair(segment, index),
            home: identity_of_pair(segment ^ Of::Home as u64, home),
        }
    }

    /// What a consumer has drawn for good: whether it shares a device, and a wallet.
    fn lasting(&self, member: Member) -> Words {
        self.draws.at(Mechanism::Tokens, member.key, u32::MAX)
    }

    /// The account of a consumer.
    pub fn account(&self, consumer: ConsumerId) -> Token {
        self.token(Of::Account, self.key(consumer))
    }

    /// A consumer's visit of a room on a day: half of them come over a mobile network.
    pub fn visit(&self, consumer: ConsumerId, day: u32, room: Id, source: Source) -> Enter {
        let member = self.member(consumer);
        let words = self.draws.at(Mechanism::Tokens, member.key, day);
        let address = if words.uniform(0) < self.accounts.mobile_share {
            let number = (words.uniform(1) * self.mobile_addresses) as u64;
            self.token(Of::MobileAddress, number)
        } else {
            self.token(Of::Home, member.home)
        };
        let device = if self.lasting(member).uniform(0) < self.accounts.shared_device_share {
            self.token(Of::HomeDevice, member.home)
        } else {
            self.token(Of::Device, member.key)
        };
        Enter {
            room,
            account: self.token(Of::Account, member.key),
            device,
            address,
            source,
        }
    }

    /// Where a consumer has goods sent.
    pub fn delivery(&self, consumer: ConsumerId) -> Token {
        self.token(Of::Delivery, self.member(consumer).home)
    }

    /// What a consumer pays with.
    pub fn wallet(&self, consumer: ConsumerId) -> Token {
        let member = self.member(consumer);
        if self.lasting(member).uniform(1) < self.accounts.shared_wallet_share {
            return self.token(Of::HomeWallet, member.home);
        }
        self.token(Of::Wallet, member.key)
    }

    /// An order.
    pub fn order(&self, number: u64) -> Token {
        self.token(Of::Order, number)
    }

    /// An account of a farm.
    pub fn farm_account(&self, farm: &Farm, number: u32) -> Token {
        self.token(Of::Account, identity_of_pair(farm.key, u64::from(number)))
    }

    /// A visit of an account of a farm.
    pub fn farm_visit(&self, farm: &Farm, number: u32, room: Id) -> Enter {
        let account = identity_of_pair(farm.key, u64::from(number));
        let way = self.draws.at(Mechanism::Tokens, account, room).uniform(0);
        let followers = farm.crew.follow_share;
        let source = match way {
            way if way < followers => Source::Follow,
            way if way < followers + farm.crew.link_share => Source::Link,
            _ => Source::Feed,
        };
        Enter {
            room,
            account: self.farm_account(farm, number),
            device: self.shared(Of::Device, farm, number / farm.crew.per_device),
            address: self.shared(Of::Home, farm, number / farm.crew.per_address),
            source,
        }
    }

    /// Where an account of a farm has goods sent.
    pub fn farm_delivery(&self, farm: &Farm, number: u32) -> Token {
        self.shared(Of::Delivery, farm, number / farm.crew.per_wallet)
    }

    /// What an account of a farm pays with.
    pub fn farm_wallet(&self, farm: &Farm, number: u32) -> Token {
        self.shared(Of::Wallet, farm, number / farm.crew.per_wallet)
    }

    fn shared(&self, of: Of, farm: &Farm, group: u32) -> Token {
        self.token(of, identity_of_pair(farm.key ^ 1, u64::from(group)))
    }
}
