//! Crew: the accounts of farms that are in a room, and what each of them will still do there. `bots` sends them in; here they act and leave when their time
//! has come. They move false counters only.

use super::agenda::{Agenda, Timed};
use super::crowd::Crowd;
use super::observe::Recorder;
use super::platform_view::{Cause, FARMS_TEXTS, Who, millis, text_of};
use crate::detect::{Millis, What};
use crate::draws::{Draws, Mechanism, Words, identity_of_pair, lognormal, poisson};
use crate::scenario::{Farm, Id, Scenario};
use bevy_ecs::prelude::*;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::VecDeque;

/// Accounts of a room that are remembered as being there, for those who act without coming for it.
const REMEMBERED: usize = 1_024;

/// Likes, comments and clicks that one account gives of itself in one stay, at most of each.
const MOST_ACTS: u32 = 200;

/// Seconds that somebody who has looked around takes to order (mean).
const TO_ORDER: f64 = 20.0;

/// An account of a farm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bot {
    /// Farm.
    pub farm: Id,
    /// Which of its accounts, from 0.
    pub number: u32,
}

/// What an account does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Act {
    /// Likes.
    Like,
    /// Comments.
    Comment,
    /// Follows the anchor.
    Follow,
    /// Clicks on a product in the cart; [`Id::MAX`]: on what is on sale just then or was last, or on the cart if nothing ever was.
    Click(Id),
    /// Orders a product.
    Order(Id),
    /// Leaves.
    Leave,
    /// Clicks on what is on sale just then, if anything is.
    Look,
}

/// Something that an account will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Errand {
    /// When.
    pub at: Millis,
    /// Who.
    pub bot: Bot,
    /// What.
    pub act: Act,
    /// The cue that bought it.
    pub cue: u32,
}

/// The farms' accounts in a room.
#[derive(Component, Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Crew {
    /// What they will do.
    errands: Agenda<Errand>,
    /// Those who came last, with when they come and leave.
    here: VecDeque<(Bot, Millis, Millis)>,
}

impl Timed for Errand {
    fn time(&self) -> f64 {
        self.at as f64 / 1_000.0
    }

    fn order(&self, other: &Self) -> Ordering {
        self.cmp(other)
    }
}

/// Who has done something that was bought.
pub struct Done {
    /// The account.
    pub bot: Bot,
    /// When it will leave, 0 if it was there already.
    pub leaves: Millis,
    /// When it does it, second.
    pub at: f64,
}

/// Somebody whom a farm sends into a room.
pub struct Sent<'a> {
    /// The farm.
    pub farm: &'a Farm,
    /// The account.
    pub bot: Bot,
    /// How many accounts the farm had sent before, anywhere: draws are keyed by it.
    pub ordinal: u32,
    /// Room.
    pub room: Id,
    /// The cue that bought it.
    pub cue: u32,
    /// When it comes, second.
    pub at: f64,
}

impl Sent<'_> {
    fn cause(&self) -> Option<Cause> {
        Some(Cause {
            room: self.room,
            cue: self.cue,
        })
    }

    fn words(&self, plot: &Scenario, block: u64) -> Words {
        let identity = identity_of_pair(self.farm.key, block);
        Draws::new(plot.seed).at(Mechanism::Bots, identity, self.ordinal)
    }
}

impl Crew {
    /// Puts something on the list of what an account will do.
    fn will(&mut self, sent: &Sent, second: f64, act: Act) {
        self.errands.add(Errand {
            at: millis(second),
            bot: sent.bot,
            act,
            cue: sent.cue,
        });
    }

    /// An account comes in and stays for some seconds; when it will leave.
    fn comes_in(
        &mut self,
        crowd: &mut Crowd,
        recorder: &mut Recorder,
        sent: &Sent,
        stays: f64,
    ) -> Millis {
        crowd.fake.views += 1;
        crowd.bots += 1;
        if recorder.view.is_wanted() {
            let view = &mut recorder.view;
            let enter = view
                .tokens
                .farm_visit(sent.farm, sent.bot.number, sent.room);
            view.know(enter.account, Who::Bot(sent.bot, sent.room));
            view.tell(sent.at, What::Enter(enter), sent.cause());
        }
        let leaves = sent.at + stays;
        self.will(sent, leaves, Act::Leave);
        if self.here.len() == REMEMBERED {
            self.here.pop_front();
        }
        self.here
            .push_back((sent.bot, millis(sent.at), millis(leaves)));
        millis(leaves)
    }

    /// A bought viewer: it stays as long as the farm has its viewers stay, and likes and comments by itself where the farm's do.
    pub fn watch(
        &mut self,
        plot: &Scenario,
        crowd: &mut Crowd,
        recorder: &mut Recorder,
        sent: &Sent,
    ) -> Millis {
        let terms = &sent.farm.crew;
        let words = sent.words(plot, 1);
        let stays = match terms.view_spread > 0.0 {
            true => lognormal(sent.farm.view_seconds, terms.view_spread, words.normal(0)),
            false => sent.farm.view_seconds,
        };
        let leaves = self.comes_in(crowd, recorder, sent, stays);
        let acts = [
            (Act::Like, terms.like_rate),
            (Act::Comment, terms.comment_rate),
            (Act::Look, terms.click_rate),
        ];
        for act in acts {
            self.now_and_then(plot, sent, act, stays);
        }
        leaves
    }

    /// Something that an account does at a rate a second, within some seconds from its coming.
    fn now_and_then(&mut self, plot: &Scenario, sent: &Sent, (act, rate): (Act, f64), within: f64) {
        if rate <= 0.0 {
            return;
        }
        let kind = match act {
            Act::Like => 0,
            Act::Comment => 1,
            _ => 2,
        };
        let words = sent.words(plot, 5 + kind);
        let count = poisson(rate * within, words.uniform(0)).min(MOST_ACTS);
        for nth in 0..count {
            let when = sent.words(plot, 16 + 4 * u64::from(nth) + kind);
            self.will(sent, sent.at + within * when.uniform(0), act);
        }
    }

    /// A bought like, comment, follow or click: by an account that is there already, or by one that comes for it and leaves at once.
    pub fn act_once(
        &mut self,
        plot: &Scenario,
        crowd: &mut Crowd,
        recorder: &mut Recorder,
        (sent, act): (&Sent, Act),
    ) -> Done {
        let words = sent.words(plot, 2);
        let now = millis(sent.at);
        let place = (words.uniform(0) * self.here.len() as f64) as usize;
        let there = self.here.get(place).copied();
        let there = there.filter(|(bot, came, leaves)| {
            bot.farm == sent.bot.farm && *came < now && *leaves > now
        });
        let Some((bot, ..)) = there else {
            let stays = 1.0 + 2.0 * words.uniform(1);
            let leaves = self.comes_in(crowd, recorder, sent, stays);
            let at = sent.at + stays * words.uniform(2);
            self.will(sent, at, act);
            return Done {
                bot: sent.bot,
                leaves,
                at,
            };
        };
        self.will(&Sent { bot, ..*sent }, sent.at, act);
        Done {
            bot,
            leaves: 0,
            at: sent.at,
        }
    }

    /// An account that comes to order: at once, or after it has looked around and clicked on the product; then it stays on as long again.
    pub fn order(
        &mut self,
        plot: &Scenario,
        crowd: &mut Crowd,
        recorder: &mut Recorder,
        (sent, product): (&Sent, Id),
    ) -> Millis {
        let words = sent.words(plot, 3);
        let terms = &sent.farm.crew;
        if words.uniform(0) >= terms.browse_share {
            let stays = 1.0 + 2.0 * words.uniform(1);
            let leaves = self.comes_in(crowd, recorder, sent, stays);
            self.will(
                sent,
                sent.at + stays * words.uniform(2),
                Act::Order(product),
            );
            return leaves;
        }
        let looks = terms.browse_seconds * words.exponential(1);
        let thinks = looks + TO_ORDER * words.exponential(2);
        let stays = thinks + terms.browse_seconds * words.exponential(3);
        let leaves = self.comes_in(crowd, recorder, sent, stays);
        self.now_and_then(plot, sent, (Act::Look, terms.click_rate), stays);
        self.will(sent, sent.at + looks, Act::Click(product));
        self.will(sent, sent.at + thinks, Act::Order(product));
        leaves
    }

    /// Hands over what they do before a millisecond, in order.
    pub fn due(&mut self, now: Millis, acting: &mut Vec<Errand>) {
        self.errands.due(now as f64 / 1_000.0, acting);
    }

    /// The room has closed: everybody who is still there leaves, and nothing more is done.
    pub fn everybody_leaves(&mut self) -> impl Iterator<Item = Errand> + use<> {
        let errands = self.errands.take_all();
        // A season has some ten thousand rooms, each open for an evening: what is over holds no memory.
        self.here = VecDeque::new();
        errands
            .into_iter()
            .filter(|errand| errand.act == Act::Leave)
    }

    /// Accounts that were shut out are gone; how many of them were here.
    pub fn shut_out(&mut self, is_out: impl Fn(Bot) -> bool) -> u64 {
        let mut gone = 0;
        self.errands.retain(|errand| {
            let out = is_out(errand.bot);
            gone += u64::from(out && errand.act == Act::Leave);
            !out
        });
        self.here.retain(|(bot, ..)| !is_out(*bot));
        gone
    }
}

/// Does what an account does, but for what depends on what is on sale: orders, and looks. The second is that of the errand.
pub fn perform(
    plot: &Scenario,
    crowd: &mut Crowd,
    recorder: &mut Recorder,
    (room, errand): (Id, &Errand),
) {
    let farm = &plot.farms[errand.bot.farm as usize];
    let account = recorder.view.tokens.farm_account(farm, errand.bot.number);
    let what = match errand.act {
        Act::Like => {
            crowd.fake.likes += 1;
            What::Like { room, account }
        }
        Act::Comment => {
            crowd.fake.comments += 1;
            let key = identity_of_pair(farm.key, errand.at);
            let words = Draws::new(plot.seed).at(Mechanism::Tokens, key, errand.bot.number);
            let text = text_of(FARMS_TEXTS, words.uniform(0));
            What::Comment {
                room,
                account,
                text,
            }
        }
        Act::Follow => {
            crowd.fake.follows += 1;
            What::Follow { room, account }
        }
        Act::Click(product) => {
            crowd.fake.cart_clicks += 1;
            let product = (product != Id::MAX).then_some(product);
            What::CartClick {
                room,
                account,
                product,
            }
        }
        Act::Order(_) | Act::Look => return,
        Act::Leave => {
            crowd.bots -= 1;
            What::Leave { room, account }
        }
    };
    let cause = Cause {
        room,
        cue: errand.cue,
    };
    let second = errand.at as f64 / 1_000.0;
    recorder.view.tell(second, what, Some(cause));
}
