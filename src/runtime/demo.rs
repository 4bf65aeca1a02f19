//! The embedded server, alone or with the dashboard on it.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use tokio::signal::unix::{SignalKind, signal};

use super::{clock, logfile};
use crate::cli::{self, Cli};
use crate::client::Target;
use crate::config::{Config, Environment, File};
use crate::demo::files::Files;
use crate::demo::scenario::Scenario;
use crate::demo::server::{Server, Setup};

/// Where `--serve` listens unless something else is said: where better-ccflare does.
const PORT: u16 = 8080;

/// What `flaretop demo` was asked for, checked.
#[derive(Debug)]
pub struct Demo {
    options: cli::Demo,
    scenario: Scenario,
    config: Config,
}

impl Demo {
    /// Checks what was asked for. Nothing has been done yet.
    ///
    /// # Errors
    /// With a sentence that says what is wrong, and what to try.
    pub fn new(options: cli::Demo, cli: Cli, env: &Environment, file: File) -> anyhow::Result<Self> {
        let scenario = Scenario::load(&options.scenario)?;
        // Nothing else is gone to from here.
        let file = File { servers: Vec::new(), ..file };
        let env = Environment { url: None, api_key: None, ..env.clone() };
        let config = Config::new(cli, &env, file)?;
        Ok(Self { options, scenario, config })
    }

    /// True where the table would be printed because there is no terminal.
    pub fn lacks_screen(&self) -> bool {
        !self.options.serve && !self.config.screen
    }

    /// Runs it.
    ///
    /// # Errors
    /// With a sentence that says what failed, where, and what to try.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let Self { options, scenario, mut config } = self;
        let setup = setup(&options, &scenario)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let done = runtime.block_on(async {
            if options.serve {
                match &config.log {
                    Some(path) => logfile::open(path, config.log_level)?,
                    None => logfile::warn_on_stderr(),
                }
                return serve(&Server::start(setup).await?).await.map(|()| ExitCode::SUCCESS);
            }
            let server = Server::start(setup).await?;
            config.server.target = Target::parse(&server.url())?;
            config.servers = vec![config.server.clone()];
            super::watch(&config).await
        });
        runtime.shutdown_background();
        done
    }
}

fn setup(options: &cli::Demo, scenario: &Scenario) -> anyhow::Result<Setup> {
    let dialect = options.dialect.into();
    let mut world = scenario.world(dialect, options.seed, clock::now() + scenario.clock_ahead());
    world.debug = options.log_level == cli::DemoLevel::Debug;
    let files = match &options.log_dir {
        Some(folder) => Some(Files::open(folder, dialect).map_err(|error| {
            anyhow!("--log-dir {}: cannot write there: {error}; name another folder", folder.display())
        })?),
        None => None,
    };
    let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listen = if options.serve { options.listen.unwrap_or_else(|| local(PORT)) } else { local(0) };
    Ok(Setup {
        world,
        listen,
        tick: Some(options.tick.map_or(scenario.tick(), Duration::from_secs_f64)),
        level: options.log_level.into(),
        clock: clock::now,
        ahead: scenario.clock_ahead(),
        outage: scenario.outage(),
        files,
    })
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
