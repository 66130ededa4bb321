//! Who may do what: on the loopback whoever sits at the machine; beyond it, whoever has the teacher's link or the class's. Hosts and origins are checked,
//! so that no other page in a browser can reach this one, and rates are bounded.

use axum::http::{HeaderMap, Method, StatusCode, header};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Requests that an address may have saved up.
const BURST: f64 = 200.0;

/// Requests a second that an address may make in the long run.
const RATE: f64 = 20.0;

/// Addresses that are remembered, at most; who has not come for longest is forgotten.
const REMEMBERED: usize = 4_096;

/// Bytes of a link's secret.
const SECRET: usize = 16;

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Teacher,
    /// Watch, vote, follow, audit.
    Class,
}

impl Role {
    /// As the page knows it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Teacher => "teacher",
            Role::Class => "class",
        }
    }
}

/// The secrets of the links.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// Of the teacher's link.
    pub teacher: String,
    /// Of the class's.
    pub class: String,
}

impl Secrets {
    /// New ones, from the system: these are no draws of a simulation, nobody may be able to repeat them.
    ///
    /// # Errors
    /// The system has none.
    pub fn new() -> Result<Self, String> {
        Ok(Self {
            teacher: secret()?,
            class: secret()?,
        })
    }

    /// What somebody with a secret may do.
    pub fn role(&self, secret: &str) -> Option<Role> {
        if same(secret, &self.teacher) {
            Some(Role::Teacher)
        } else if same(secret, &self.class) {
            Some(Role::Class)
        } else {
            None
        }
    }
}

fn secret() -> Result<String, String> {
    let mut bytes = [0_u8; SECRET];
    getrandom::fill(&mut bytes).map_err(|why| format!("the system gives no secrets: {why}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether two texts are the same, in a time that does not tell where they differ.
fn same(a: &str, b: &str) -> bool {
    let differ = a
        .bytes()
        .zip(b.bytes())
        .fold(0, |sum, (a, b)| sum | (a ^ b));
    a.len() == b.len() && differ == 0
}

/// The guard at the door.
#[derive(Debug)]
pub struct Guard {
    /// The secrets; `None`: only the loopback is listened on, and whoever sits there is the teacher.
    pub secrets: Option<Secrets>,
    /// The cookie that holds a secret.
    pub cookie: String,
    buckets: Mutex<BTreeMap<IpAddr, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// As HTTP says it.
    pub status: StatusCode,
    /// One sentence.
    pub why: &'static str,
}

impl Refused {
    const fn new(status: StatusCode, why: &'static str) -> Self {
        Self { status, why }
    }
}

impl Guard {
    /// A guard; `port` goes into the name of the cookie, so that several servers of one machine do not take each other's.
    pub fn new(secrets: Option<Secrets>, port: u16) -> Self {
        Self {
            secrets,
            cookie: format!("yellowcart_{port}"),
            buckets: Mutex::default(),
        }
    }

    /// Whether a request may come in at all: its host is ours, and no other page sent it.
    ///
    /// # Errors
    /// Why not.
    pub fn host_and_origin(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<(), Refused> {
        let text = |name: header::HeaderName| headers.get(name).and_then(|it| it.to_str().ok());
        let host = text(header::HOST).unwrap_or_default();
        if self.secrets.is_none() && !is_loopback(host) {
            let why =
                "this page is served to this machine only: open it by the address that was printed";
            return Err(Refused::new(StatusCode::FORBIDDEN, why));
        }
        let elsewhere = text(header::HeaderName::from_static("sec-fetch-site"))
            .is_some_and(|site| site == "cross-site");
        let foreign = text(header::ORIGIN)
            .is_some_and(|origin| origin.split_once("://").map(|(_, at)| at) != Some(host));
        if foreign || elsewhere && (method != Method::GET || path.starts_with("/api/")) {
            let why = "another page may not use this one";
            return Err(Refused::new(StatusCode::FORBIDDEN, why));
        }
        Ok(())
    }

    /// What whoever sends a request may do.
    ///
    /// # Errors
    /// It has no secret.
    pub fn role(&self, headers: &HeaderMap) -> Result<Role, Refused> {
        let Some(secrets) = &self.secrets else {
            return Ok(Role::Teacher);
        };
        let why = "open the link that you were given: it holds what lets you in";
        let refused = Refused::new(StatusCode::UNAUTHORIZED, why);
        self.secret_in(headers)
            .and_then(|secret| secrets.role(secret))
            .ok_or(refused)
    }

    fn secret_in<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let cookies = headers.get_all(header::COOKIE).iter();
        let mut pairs = cookies
            .filter_map(|cookies| cookies.to_str().ok())
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        pairs
            .find(|(name, _)| *name == self.cookie)
            .map(|(_, value)| value)
    }

    /// Counts a request.
    ///
    /// # Errors
    /// It is one too many.
    pub fn rate(&self, address: IpAddr) -> Result<(), Refused> {
        self.rate_at(address, Instant::now())
    }

    fn rate_at(&self, address: IpAddr, now: Instant) -> Result<(), Refused> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= REMEMBERED && !buckets.contains_key(&address) {
            let oldest = buckets.iter().min_by_key(|(_, bucket)| bucket.at);
            if let Some(oldest) = oldest.map(|(address, _)| *address) {
                buckets.remove(&oldest);
            }
        }
        let full = Bucket {
            left: BURST,
            at: now,
        };
        let bucket = buckets.entry(address).or_insert(full);
        let since = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + RATE * since).min(BURST);
        bucket.at = now;
        if bucket.left < 1.0 {
            let why = "too many requests: wait a little";
            return Err(Refused::new(StatusCode::TOO_MANY_REQUESTS, why));
        }
        bucket.left -= 1.0;
        Ok(())
    }
}

/// Whether a host is this machine's own loopback, whatever the port (it may be forwarded).
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost"
        || name
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().expect("a header"));
        }
        headers
    }

    #[test]
    fn only_the_loopback_is_a_host_where_there_are_no_secrets() {
        let guard = Guard::new(None, 1);
        for host in ["localhost:7878", "127.0.0.1:1", "[::1]:9", "127.0.0.1"] {
            let let_in = guard.host_and_origin(&Method::GET, "/", &headers(&[("host", host)]));
            assert_eq!(let_in, Ok(()), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example:7878",
            "192.168.0.1:7878",
            "",
        ] {
            let refused = guard.host_and_origin(&Method::GET, "/", &headers(&[("host", host)]));
            assert_eq!(
                refused.map_err(|it| it.status),
                Err(StatusCode::FORBIDDEN),
                "{host}"
            );
        }
    }

    #[test]
    fn another_page_may_not_send_anything() {
        let guard = Guard::new(None, 1);
        let sent = |origin: &str| {
            let headers = headers(&[("host", "localhost:7878"), ("origin", origin)]);
            guard
                .host_and_origin(&Method::POST, "/api/show", &headers)
                .is_ok()
        };
        assert!(sent("http://localhost:7878"));
        assert!(!sent("http://localhost:7879"));
        assert!(!sent("http://evil.example"));
        assert!(!sent("null"));
        let cross = headers(&[("host", "localhost:7878"), ("sec-fetch-site", "cross-site")]);
        assert!(guard.host_and_origin(&Method::POST, "/", &cross).is_err());
        assert!(
            guard
                .host_and_origin(&Method::GET, "/api/consumer", &cross)
                .is_err()
        );
        // A link on another page leads here.
        assert!(guard.host_and_origin(&Method::GET, "/", &cross).is_ok());
    }

    #[test]
    fn beyond_the_loopback_a_secret_says_who_is_who() {
        let secrets = Secrets::new().expect("the system gives secrets");
        let guard = Guard::new(Some(secrets.clone()), 7);
        let role = |secret: &str| {
            let cookie = format!("a=b; yellowcart_7={secret}");
            guard.role(&headers(&[("cookie", &cookie)])).ok()
        };
        assert_eq!(role(&secrets.teacher), Some(Role::Teacher));
        assert_eq!(role(&secrets.class), Some(Role::Class));
        assert_eq!(role("guessed"), None);
        assert_eq!(guard.role(&headers(&[])).ok(), None);
        assert_ne!(secrets.teacher, secrets.class);
    }

    #[test]
    fn who_floods_has_to_wait_and_others_have_not() {
        let guard = Guard::new(None, 1);
        let (flooding, calm) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let now = Instant::now();
        let let_in = (0..1_000)
            .filter(|_| guard.rate_at(flooding, now).is_ok())
            .count();
        assert_eq!(let_in, 200);
        assert!(guard.rate_at(calm, now).is_ok());
        assert!(
            guard
                .rate_at(flooding, now + Duration::from_secs(1))
                .is_ok()
        );
    }
}
