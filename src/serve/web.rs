//! The page's addresses: what each takes, who may ask, and what it answers.

use super::assets::{asset, replay};
use super::audit::{audited, examples};
use super::class::{LessonSign, Question, Stage as LessonStage};
use super::consumer::follow;
use super::door::{Answer, BUSY, Whose, Wrong, admit, gone, only_teacher, outer, read};
use super::guard::{Guard, Role};
use super::places::Places;
use super::settings::{LARGEST_TEXT, Offered, PaneSettings, Refusal, Settings, public_name};
use super::stage::{Control, Order, Stage};
use super::stream::{Seats, events};
use crate::scenario::{Shelf, names, story_of, title_of};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Extension, Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::{Arc, PoisonError};
use tokio::sync::Semaphore;

/// Largest body, bytes: a text, and what stands around it as JSON.
const LARGEST_BODY: usize = 2 * LARGEST_TEXT + 64 * 1024;

/// Work of a kind that goes on at the same time.
const TURNS: usize = 1;

/// Whoever waits for work of a kind, at most; others are told to come later.
const QUEUE: usize = 40;

/// The same of one address of the class: nobody waits for many of one.
const QUEUE_OF_ADDRESS: usize = 4;

/// Work of a kind that takes a core for a while: some wait, one at a time is done.
struct Turns {
    waiting: Arc<Semaphore>,
    turns: Arc<Semaphore>,
    of_address: Places,
}

impl Turns {
    fn new() -> Self {
        Self {
            waiting: Arc::new(Semaphore::new(QUEUE)),
            turns: Arc::new(Semaphore::new(TURNS)),
            of_address: Places::new(QUEUE_OF_ADDRESS),
        }
    }

    /// Does work in turn. The turn belongs to the work: whoever hangs up does not get another one before it is done.
    async fn take<T: Send + 'static>(
        &self,
        (role, address): (Role, Option<IpAddr>),
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Answer<T> {
        let busy = || Wrong::of(StatusCode::SERVICE_UNAVAILABLE, BUSY);
        let own = match role {
            Role::Teacher => None,
            Role::Class => Some(self.of_address.take(address).ok_or_else(busy)?),
        };
        let waits = match role {
            Role::Teacher => None,
            Role::Class => {
                let waits = Arc::clone(&self.waiting).try_acquire_owned();
                Some(waits.map_err(|_| busy())?)
            }
        };
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| busy())?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((own, waits, turn));
            done
        });
        let failed = "this failed; the program goes on";
        done.await
            .map_err(|_| Wrong::of(StatusCode::INTERNAL_SERVER_ERROR, failed))
    }
}

/// Everything behind the addresses.
pub struct Site {
    /// The stage.
    pub stage: Stage,
    /// The guard.
    pub guard: Guard,
    /// The scenarios.
    pub offered: Arc<Offered>,
    /// The lessons.
    pub lessons: Vec<LessonSign>,
    /// What students open; `None`: they cannot.
    pub class_link: Option<String>,
    /// Seats for who watch.
    pub seats: Seats,
    following: Turns,
    auditing: Turns,
    exporting: Turns,
}

impl Site {
    /// A site.
    pub fn new(
        stage: Stage,
        guard: Guard,
        offered: Arc<Offered>,
        class_link: Option<String>,
    ) -> Self {
        let class = stage.class.lock().unwrap_or_else(PoisonError::into_inner);
        let lessons = class.lessons();
        drop(class);
        Self {
            seats: Seats::new(Arc::clone(&stage.watching)),
            stage,
            guard,
            offered,
            lessons,
            class_link,
            following: Turns::new(),
            auditing: Turns::new(),
            exporting: Turns::new(),
        }
    }

    fn hello(&self, role: Role) -> Value {
        let of_shelf = |shelf: Shelf| {
            let sign = |name: &str| {
                let (title, story) = (title_of(shelf, name), story_of(shelf, name));
                json!({ "name": name, "title": title, "story": story })
            };
            names(shelf).into_iter().map(sign).collect::<Vec<Value>>()
        };
        let files = self.offered.files.iter().map(|path| {
            let name = public_name(path);
            json!({ "name": name, "title": name, "story": "" })
        });
        let scenarios: Vec<Value> = files.chain(of_shelf(Shelf::Scenarios)).collect();
        let regimes = [Shelf::Regimes, Shelf::Retention].map(of_shelf).concat();
        json!({
            "version": crate::experiment::VERSION,
            "role": role.name(),
            "scenarios": scenarios,
            "regimes": regimes,
            "scripts": of_shelf(Shelf::Scripts),
            "lessons": self.lessons,
            "class_link": self.class_link.as_ref().filter(|_| role == Role::Teacher),
            "largest_population": self.offered.largest_population,
        })
    }
}

/// The addresses.
pub fn addresses(site: Arc<Site>) -> Router {
    let api = Router::new()
        .route("/hello", get(hello))
        .route("/events", get(watch))
        .route("/show", post(show))
        .route("/control", post(control))
        .route("/class", post(class))
        .route("/vote", post(vote))
        .route("/buyers", get(buyers))
        .route("/consumer", get(consumer))
        .route("/audit", post(audit))
        .route("/examples", get(campaigns))
        .route("/scenario.toml", get(scenario_file))
        .route("/replay.html", get(replay_file))
        .fallback(nothing_here)
        .layer(from_fn_with_state(Arc::clone(&site), admit));
    Router::new()
        .nest("/api", api)
        .fallback(page)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(Arc::clone(&site), outer))
        .with_state(site)
}

fn done() -> Json<Value> {
    Json(json!({}))
}

async fn nothing_here() -> Wrong {
    Wrong::of(StatusCode::NOT_FOUND, "there is nothing at this address")
}

#[derive(Deserialize)]
struct Entry {
    token: Option<String>,
}

/// The page itself. A link with a secret leaves it in a cookie and goes on without it.
async fn page(
    State(site): State<Arc<Site>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    Query(entry): Query<Entry>,
) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return Wrong::of(StatusCode::METHOD_NOT_ALLOWED, "the page is only read").into_response();
    }
    let secrets = site.guard.secrets.as_ref();
    if let (Some(token), Some(secrets)) = (&entry.token, secrets)
        && let Some(role) = secrets.role(token)
    {
        // A teacher who looks at the class's link stays one.
        if role == Role::Class && site.guard.role(&headers).ok() == Some(Role::Teacher) {
            return (StatusCode::SEE_OTHER, [(header::LOCATION, "/")]).into_response();
        }
        let cookie = format!(
            "{}={token}; HttpOnly; SameSite=Strict; Path=/",
            site.guard.cookie
        );
        let headers = [
            (header::SET_COOKIE, cookie),
            (header::LOCATION, "/".to_owned()),
        ];
        return (StatusCode::SEE_OTHER, headers).into_response();
    }
    let name = match uri.path() {
        "/" => "index.html",
        path => path.trim_start_matches('/'),
    };
    match asset(name) {
        Some((bytes, kind)) => {
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CACHE_CONTROL, "no-cache"),
            ];
            (headers, bytes).into_response()
        }
        None => nothing_here().await.into_response(),
    }
}

async fn hello(State(site): State<Arc<Site>>, Extension(role): Extension<Role>) -> Json<Value> {
    Json(site.hello(role))
}

async fn watch(State(site): State<Arc<Site>>, Whose((role, address)): Whose) -> Answer<Response> {
    let seat = site.seats.take(role, address)?;
    Ok(events(site.stage.clone(), seat).into_response())
}

async fn show(
    State(site): State<Arc<Site>>,
    Extension(role): Extension<Role>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Value>> {
    only_teacher(role)?;
    let settings: Settings = read(&headers, &body)?;
    let set_up = site
        .stage
        .ask(|reply| Order::Show(Box::new(settings), reply));
    set_up.await.ok_or_else(gone)??;
    Ok(done())
}

async fn control(
    State(site): State<Arc<Site>>,
    Extension(role): Extension<Role>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Value>> {
    only_teacher(role)?;
    let control: Control = read(&headers, &body)?;
    let obeyed = site.stage.ask(|reply| Order::Control(control, reply));
    obeyed.await.ok_or_else(gone)?;
    Ok(done())
}

/// What the teacher does with the class.
#[derive(Deserialize)]
#[serde(untagged)]
enum Guide {
    Stage { stage: LessonStage },
    Lesson { lesson: Option<String> },
}

async fn class(
    State(site): State<Arc<Site>>,
    Extension(role): Extension<Role>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Value>> {
    only_teacher(role)?;
    let guide: Guide = read(&headers, &body)?;
    let mut class = site
        .stage
        .class
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    match guide {
        Guide::Stage { stage } => class.turn_to(stage),
        Guide::Lesson { lesson } => class.begin(lesson.as_deref())?,
    }
    drop(class);
    site.stage.tell_class();
    Ok(done())
}

#[derive(Deserialize)]
struct Vote {
    question: Question,
    option: usize,
    voter: String,
}

async fn vote(
    State(site): State<Arc<Site>>,
    Whose((_, address)): Whose,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Value>> {
    let vote: Vote = read(&headers, &body)?;
    let mut class = site
        .stage
        .class
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    class.vote(vote.question, vote.option, (address, &vote.voter))?;
    drop(class);
    site.stage.tell_class();
    Ok(done())
}

#[derive(Deserialize)]
struct OfPane {
    #[serde(default)]
    pane: usize,
}

async fn buyers(State(site): State<Arc<Site>>, Query(of): Query<OfPane>) -> Answer<Json<Value>> {
    let found = site.stage.ask(|reply| Order::Buyers(of.pane, reply)).await;
    let found = found.ok_or_else(gone)?;
    Ok(Json(
        json!({ "harmed": found.harmed, "recent": found.recent }),
    ))
}

#[derive(Deserialize)]
struct Who {
    id: u64,
}

async fn consumer(
    State(site): State<Arc<Site>>,
    whose: Whose,
    Query(who): Query<Who>,
) -> Answer<Response> {
    let panes = site.stage.ask(Order::Panes).await.ok_or_else(gone)?;
    let told = site.following.take(whose.0, move || follow(who.id, &panes));
    let told = told.await?.map_err(Refusal::of)?;
    Ok(Json(told).into_response())
}

#[derive(Deserialize)]
struct Pasted {
    text: String,
}

async fn audit(
    State(site): State<Arc<Site>>,
    whose: Whose,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Response> {
    let pasted: Pasted = read(&headers, &body)?;
    let found = site.auditing.take(whose.0, move || audited(&pasted.text));
    Ok(Json(found.await??).into_response())
}

async fn campaigns() -> Response {
    Json(examples()).into_response()
}

async fn scenario_file(
    State(site): State<Arc<Site>>,
    Query(of): Query<OfPane>,
) -> Answer<Response> {
    let settings = site.stage.ask(Order::Settings).await.ok_or_else(gone)?;
    let pane: PaneSettings = match of.pane {
        0 => settings.a.clone(),
        _ => settings.b.clone().unwrap_or_default(),
    };
    let text = site.offered.scenario_file(&settings, &pane)?;
    Ok(download(
        "application/toml; charset=utf-8",
        "scenario.toml",
        text,
    ))
}

async fn replay_file(State(site): State<Arc<Site>>, whose: Whose) -> Answer<Response> {
    // As the class knows it: a file that is passed on holds nobody's secret.
    let hello = site.hello(Role::Class);
    let stage = site.stage.clone();
    let written = site.exporting.take(whose.0, move || {
        let show = stage.ask_here(Order::Whole)?;
        let name = format!("{}-seed{}.html", show.scenario.name, show.seed);
        Some((name, replay(&hello, &show)))
    });
    let (name, page) = written.await?.ok_or_else(gone)?;
    let page = page.ok_or_else(|| {
        let why = "the page of this program was not built";
        Wrong::of(StatusCode::INTERNAL_SERVER_ERROR, why)
    })?;
    Ok(download("text/html; charset=utf-8", &name, page))
}

fn download(kind: &'static str, name: &str, text: String) -> Response {
    let plain: String = name
        .chars()
        .map(|it| {
            if it.is_ascii_alphanumeric() || "._-".contains(it) {
                it
            } else {
                '_'
            }
        })
        .collect();
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{plain}\""),
        ),
    ];
    (headers, text).into_response()
}
