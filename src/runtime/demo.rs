//! The embedded server, alone or with the dashboard on it.

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use tokio::signal::unix::{SignalKind, signal};

use super::clock;
use crate::cli::{self, Cli};
use crate::config::{Config, Environment, File};
use crate::demo::files::Files;
use crate::demo::scenario::Scenario;
use crate::demo::server::{Server, Setup};

/// Runs `flaretop demo`.
///
/// # Errors
/// With a sentence that says what is wrong, and what to try.
pub fn demo(options: &cli::Demo, cli: Cli, env: &Environment, file: File) -> anyhow::Result<ExitCode> {
    let scenario = Scenario::load(&options.scenario)?;
    let dialect = options.dialect.into();
    let mut world = scenario.world(dialect, options.seed, clock::now() + scenario.clock_ahead());
    let level = options.log_level.into();
    world.debug = options.log_level == cli::DemoLevel::Debug;
    let files = match &options.log_dir {
        Some(folder) => Some(
            Files::open(folder, dialect)
                .with_context(|| format!("--log-dir {}: cannot write there", folder.display()))?,
        ),
        None => None,
    };
    let listen = match (options.serve, options.listen) {
        (true, address) => address.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
        (false, _) => SocketAddr::from(([127, 0, 0, 1], 0)),
    };
    let tick = options.tick.map_or(scenario.tick(), std::time::Duration::from_secs_f64);
    let setup = Setup {
        world,
        listen,
        tick: Some(tick),
        level,
        clock: clock::now,
        ahead: scenario.clock_ahead(),
        outage: scenario.outage(),
        files,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(async {
        let server = Server::start(setup).await?;
        if options.serve {
            return serve(&server).await.map(|()| ExitCode::SUCCESS);
        }
        let cli = Cli { url: Some(server.url()), server: None, api_key_file: None, ca_cert: None, ..cli };
        // Nothing else is gone to from here.
        let file = File { servers: Vec::new(), ..file };
        let env = Environment { url: None, api_key: None, ..env.clone() };
        let config = Config::new(cli, &env, file)?;
        super::watch(&config).await
    });
    runtime.shutdown_background();
    done
}

/// Says where the server is, and waits until it is to end.
async fn serve(server: &Server) -> anyhow::Result<()> {
    let mut ends =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    let mut out = std::io::stdout();
    let said = writeln!(out, "{}", server.url()).and_then(|()| out.flush());
    if said.as_ref().is_err_and(|error| error.kind() != std::io::ErrorKind::BrokenPipe) {
        said.context("cannot say where the server is")?;
    }
    tokio::select! {
        _ = ends.0.recv() => {}
        _ = ends.1.recv() => {}
        _ = ends.2.recv() => {}
    }
    Ok(())
}
