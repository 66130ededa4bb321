//! The door before the addresses: host, origin, secret, rate and time, what browsers may do with an answer, and how a refusal is told.

use super::guard::{Refused, Role};
use super::settings::Refusal;
use super::web::Site;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::json;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// Longest that a request may take to come in and to be answered.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the page may load: itself, and nothing from anywhere else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Where a request came from; put in by whoever accepted the connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Who asks, and from where.
pub struct Whose(pub (Role, Option<IpAddr>));

impl<S: Sync> FromRequestParts<S> for Whose {
    type Rejection = Wrong;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        let peer = parts.extensions.get::<Peer>();
        let address = peer.map(|peer| peer.0.ip());
        // Nobody comes here without having been asked by `admit`.
        let role = parts.extensions.get::<Role>().copied();
        Ok(Self((role.unwrap_or(Role::Class), address)))
    }
}

/// What an address answers that cannot do what it was asked.
pub struct Wrong(pub StatusCode, pub Refusal);

impl Wrong {
    pub fn of(status: StatusCode, why: &str) -> Self {
        Self(status, Refusal::of(why))
    }
}

impl From<Refusal> for Wrong {
    fn from(refusal: Refusal) -> Self {
        Self(StatusCode::BAD_REQUEST, refusal)
    }
}

impl From<Refused> for Wrong {
    fn from(refused: Refused) -> Self {
        Self::of(refused.status, refused.why)
    }
}

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        let Wrong(status, refusal) = self;
        let body = json!({ "error": refusal.why, "diagnostics": refusal.diagnostics });
        (status, Json(body)).into_response()
    }
}

/// What an address answers.
pub type Answer<T> = Result<T, Wrong>;

/// What is said where others wait for the same.
pub const BUSY: &str = "others are waiting for the same: try again in a moment";

const GONE: &str = "the stage has closed: start the program again";

pub fn gone() -> Wrong {
    Wrong::of(StatusCode::SERVICE_UNAVAILABLE, GONE)
}

/// Before anything: host, origin and time; after it: what browsers may do with it.
pub async fn outer(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let streams = path == "/api/events";
    let let_in = site
        .guard
        .host_and_origin(request.method(), path, request.headers());
    let answer = match let_in {
        Err(refused) => Wrong::from(refused).into_response(),
        // Events end when whoever watches leaves.
        Ok(()) if streams => next.run(request).await,
        Ok(()) => match tokio::time::timeout(PATIENCE, next.run(request)).await {
            Ok(answer) => answer,
            Err(_) => Wrong::of(StatusCode::REQUEST_TIMEOUT, "this took too long").into_response(),
        },
    };
    secured(answer)
}

fn secured(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let keep = HeaderValue::from_static("no-store");
    headers.entry(header::CACHE_CONTROL).or_insert(keep);
    answer
}

/// Before whatever is asked of the server: a secret where one is needed, and a rate.
pub async fn admit(State(site): State<Arc<Site>>, mut request: Request, next: Next) -> Response {
    let address = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let rated = address.map_or(Ok(()), |address| site.guard.rate(address));
    let role = rated.and_then(|()| site.guard.role(request.headers()));
    match role {
        Ok(role) => {
            request.extensions_mut().insert(role);
            next.run(request).await
        }
        Err(refused) => Wrong::from(refused).into_response(),
    }
}

pub fn only_teacher(role: Role) -> Answer<()> {
    match role {
        Role::Teacher => Ok(()),
        Role::Class => Err(Wrong::of(
            StatusCode::FORBIDDEN,
            "only the teacher may do this",
        )),
    }
}

/// What a body says, if it is JSON and says so: other pages cannot send that without being asked.
pub fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Answer<T> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/json")) {
        let why = "the body must be application/json";
        return Err(Wrong::of(StatusCode::UNSUPPORTED_MEDIA_TYPE, why));
    }
    serde_json::from_slice(body).map_err(|why| {
        let why = format!("the body is not what this address takes: {why}");
        Wrong::of(StatusCode::BAD_REQUEST, &why)
    })
}
