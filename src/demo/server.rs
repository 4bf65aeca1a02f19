//! The embedded server: the API, the scheduler and the provider, until it is dropped.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use super::control::Control;
use super::files::Files;
use super::hub::Hub;
use super::log::Level;
use super::provider::Reply;
use super::world::World;
use super::{http, message, upstream};
use crate::model::Timestamp;

/// How long a dummy message waits for its answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The server goes away, with every connection, and comes back at the same address with its memory gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// How long it runs.
    pub up: Duration,
    /// How long it is away.
    pub down: Duration,
}

/// What a server is made of.
#[derive(Debug)]
pub struct Setup {
    /// The accounts, and how the provider treats them.
    pub world: World,
    /// Where to listen; must be loopback.
    pub listen: SocketAddr,
    /// The time between two checks; none where the scheduler looks only when it is told to.
    pub tick: Option<Duration>,
    /// Records below this are not written.
    pub level: Level,
    /// The server's clock.
    pub clock: fn() -> Timestamp,
    /// How far the server's clock is ahead of that.
    pub ahead: TimeDelta,
    /// When it goes away, where it does.
    pub outage: Option<Outage>,
    /// Where the log is written as well.
    pub files: Option<Files>,
}

/// Why the server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Others could reach it.
    #[error("{0} is not a loopback address; the demo is for this machine only, try 127.0.0.1:8080")]
    NotLoopback(SocketAddr),
    /// The address cannot be had.
    #[error("cannot listen on {0}: {1}; try --listen 127.0.0.1:0, which picks a free port")]
    Taken(SocketAddr, io::Error),
}

/// A running server. Dropping it ends it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    control: Control,
    tasks: Vec<JoinHandle<()>>,
}

impl Server {
    /// Starts the server on the current runtime.
    ///
    /// # Errors
    /// Where the address is not loopback, or cannot be had.
    pub async fn start(setup: Setup) -> Result<Self, StartError> {
        let Setup { mut world, listen, tick, level, clock, ahead, outage, files } = setup;
        if !listen.ip().is_loopback() {
            return Err(StartError::NotLoopback(listen));
        }
        let taken = |at| move |error| StartError::Taken(at, error);
        let listener = TcpListener::bind(listen).await.map_err(taken(listen))?;
        let address = listener.local_addr().map_err(taken(listen))?;
        let inside = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let provider = TcpListener::bind(inside).await.map_err(taken(inside))?;
        let built_in = provider.local_addr().map_err(taken(inside))?;
        world.port = address.port();
        let hub = Arc::new(Hub::new(world, clock, ahead, level, files));
        let tasks = vec![
            tokio::spawn(upstream::serve(provider, Arc::clone(&hub))),
            tokio::spawn(run(listener, address, Arc::clone(&hub), built_in, tick, outage)),
        ];
        Ok(Self { address, control: Control { hub }, tasks })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A hand on it.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    /// Its address, to be asked.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// The server, time and again where it goes away in between.
async fn run(
    mut listener: TcpListener,
    address: SocketAddr,
    hub: Arc<Hub>,
    built_in: SocketAddr,
    tick: Option<Duration>,
    outage: Option<Outage>,
) {
    loop {
        let life = async {
            tokio::join!(
                http::serve(listener, Arc::clone(&hub)),
                live(Arc::clone(&hub)),
                schedule(Arc::clone(&hub), built_in, tick)
            )
        };
        let goes_by_itself = async {
            match outage {
                Some(Outage { up, .. }) => tokio::time::sleep(up).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = life => return,
            () = hub.wait(|c| c.away) => hub.wait(|c| !c.away).await,
            () = goes_by_itself => tokio::time::sleep(outage.map_or(Duration::ZERO, |o| o.down)).await,
        }
        listener = loop {
            match TcpListener::bind(address).await {
                Ok(listener) => break listener,
                // Someone else has the port for now.
                Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        };
    }
}

/// Checks at once and then every `tick`, and when it is told to. A check never begins while another is under way.
async fn schedule(hub: Arc<Hub>, built_in: SocketAddr, tick: Option<Duration>) {
    hub.step(|world, now| {
        let records = world.start(now);
        ((), if tick.is_some() { records } else { Vec::new() })
    });
    let mut interval = tick.map(|tick| {
        let mut interval = tokio::time::interval(tick);
        interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
        interval
    });
    loop {
        let ticked = async {
            match &mut interval {
                Some(interval) => interval.tick().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = ticked => {}
            () = hub.check.notified() => {}
        }
        hub.thawed().await;
        let due = hub.step(|world, now| {
            let batch = world.check(now);
            (batch.due, batch.records)
        });
        for id in due {
            hub.thawed().await;
            let Some(probe) = hub.step(|world, now| world.begin(&id, now)) else { continue };
            let signed_out = hub.with(|world, now| world.account(&id).is_some_and(|a| a.is_signed_out(now)));
            let reply =
                if signed_out { Reply::SignedOut } else { message::send(&probe, built_in, PATIENCE).await };
            hub.step(|world, now| ((), world.settle(&id, &reply, now)));
        }
    }
}

/// Lets the accounts be used, second by second.
async fn live(hub: Arc<Hub>) {
    let mut interval = tokio::time::interval(Duration::from_secs(1));
    interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        interval.tick().await;
        hub.thawed().await;
        hub.step(|world, now| ((), world.live(now)));
    }
}
