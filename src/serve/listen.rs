//! The server: takes connections, a bounded number of them and none for ever, and hands them to the addresses, until it is told to stop.

use super::class::Class;
use super::door::Peer;
use super::guard::{Guard, Secrets};
use super::places::Places;
use super::settings::{Offered, Refusal, Settings};
use super::stage::Stage;
use super::stream::BYE;
use super::web::{Site, addresses};
use crate::experiment::INTERRUPTED;
use crate::scenario::Lesson;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

/// Connections at the same time, at most.
const CONNECTIONS: usize = 1_000;

/// Connections of one address: a class on one address has a stream and a question each.
const CONNECTIONS_OF_ADDRESS: usize = 320;

/// Ports that are tried one after another where none was asked for.
const TRIED: u16 = 20;

/// The first of them.
const PORT: u16 = 7878;

/// Longest that a connection may take to take what it is sent.
const PATIENCE: Duration = Duration::from_secs(20);

/// Longest that it may take to say what it asks.
const HEARING: Duration = Duration::from_secs(5);

/// Time between two looks at whether to stop.
const LOOK: Duration = Duration::from_millis(100);

/// What is served.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The first show.
    pub settings: Settings,
    /// Scenario files beside the shipped ones.
    pub files: Vec<PathBuf>,
    /// The lessons.
    pub lessons: Vec<Lesson>,
    /// Most consumers of a market.
    pub largest_population: u64,
    /// Where to listen beyond the loopback; `None`: nowhere.
    pub listen: Option<IpAddr>,
    /// The port; `None`: the first free one of a few.
    pub port: Option<u16>,
}

/// Where the page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// What the teacher opens.
    pub teacher: String,
    /// What students open.
    pub class: Option<String>,
}

/// Why nothing is served.
#[derive(Debug, Clone)]
pub enum Trouble {
    /// The user has to change something.
    Input(Refusal),
    /// The system does not let us.
    System(String),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Trouble::Input(refusal)
    }
}

/// Serves until interrupted; `ready` is told where, once connections are taken.
///
/// # Errors
/// Why nothing could be served.
pub fn serve(options: Options, ready: impl FnOnce(&Links)) -> Result<(), Trouble> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.map_err(|why| Trouble::System(why.to_string()))?;
    let served = runtime.block_on(take_connections(options, ready));
    // Whoever is still being answered is not waited for.
    runtime.shutdown_timeout(LOOK);
    served
}

async fn take_connections(options: Options, ready: impl FnOnce(&Links)) -> Result<(), Trouble> {
    let (listener, address) = bind(&options).await?;
    let secrets = options.listen.map(|_| Secrets::new()).transpose();
    let secrets = secrets.map_err(Trouble::System)?;
    let links = links(address, secrets.as_ref());
    let offered = Arc::new(Offered {
        files: options.files,
        largest_population: options.largest_population,
    });
    let class = Class::new(options.lessons);
    let stage = Stage::open(Arc::clone(&offered), options.settings, class)?;
    let guard = Guard::new(secrets, address.port());
    let site = Site::new(stage.clone(), guard, offered, links.class.clone());
    let router = addresses(Arc::new(site));
    ready(&links);
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    let places = Places::new(CONNECTIONS_OF_ADDRESS);
    while !INTERRUPTED.load(Ordering::Relaxed) {
        let Ok(accepted) = tokio::time::timeout(LOOK, listener.accept()).await else {
            continue;
        };
        let Ok((connection, peer)) = accepted else {
            // Out of descriptors, say: others may close theirs.
            tokio::time::sleep(LOOK).await;
            continue;
        };
        // One too many is closed at once.
        let own = places.take(Some(peer.ip()));
        let place = Arc::clone(&connections).try_acquire_owned();
        if let (Some(own), Ok(place)) = (own, place) {
            let router = router.clone();
            tokio::spawn(async move {
                converse(connection, peer, router).await;
                drop((own, place));
            });
        }
    }
    stage.say(BYE, "{\"reason\":\"the teacher's program has ended\"}");
    tokio::time::sleep(LOOK).await;
    Ok(())
}

async fn bind(options: &Options) -> Result<(TcpListener, SocketAddr), Trouble> {
    let at = options.listen.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let ports = match options.port {
        Some(port) => port..=port,
        None => PORT..=PORT + TRIED,
    };
    let mut why = String::new();
    for port in ports {
        match TcpListener::bind((at, port)).await {
            Ok(listener) => {
                let address = listener.local_addr();
                let address = address.map_err(|why| Trouble::System(why.to_string()))?;
                return Ok((listener, address));
            }
            Err(error) => {
                why = format!("cannot listen on {at}, port {port}: {error}; try another --port")
            }
        }
    }
    Err(Trouble::System(why))
}

/// The links: on the loopback without a secret, beyond it with one.
fn links(address: SocketAddr, secrets: Option<&Secrets>) -> Links {
    let port = address.port();
    let Some(secrets) = secrets else {
        return Links {
            teacher: format!("http://127.0.0.1:{port}/"),
            class: None,
        };
    };
    let host = match address.ip() {
        ip if ip.is_unspecified() => own_address().unwrap_or(ip),
        ip => ip,
    };
    let host = SocketAddr::new(host, port);
    Links {
        teacher: format!("http://{host}/?token={}", secrets.teacher),
        class: Some(format!("http://{host}/?token={}", secrets.class)),
    }
}

/// The address by which this machine reaches others; nothing is sent to find it.
fn own_address() -> Option<IpAddr> {
    // An address for documentation (RFC 5737): there is nobody, and nobody is asked.
    let somewhere = (Ipv4Addr::new(192, 0, 2, 1), 9);
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(somewhere).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

/// Answers what a connection asks, until it ends or its patience does.
async fn converse(connection: TcpStream, peer: SocketAddr, router: Router) {
    let _ = connection.set_nodelay(true);
    let mut connection = TimeoutStream::new(connection);
    connection.set_write_timeout(Some(PATIENCE));
    let service = TowerToHyperService::new(router.layer(axum::Extension(Peer(peer))));
    // Whatever goes wrong with a connection is its own affair.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEARING)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(Box::pin(connection)), service)
        .await;
}
