//! `key_command`: a program that prints the API key.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;
use tokio::time::timeout;

use crate::client::{Secret, SecretError};
use crate::model::Plain;

/// How long the program has: enough to type a passphrase or touch a key.
const PATIENCE: Duration = Duration::from_secs(30);
/// What is read of its output; a key is far shorter.
const MOST: u64 = 16 << 10;
/// What is repeated of its complaint, in characters.
const TOLD: usize = 300;

/// Whether the program may ask something on the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// The screen is not taken yet.
    OnTheTerminal,
    /// The screen is drawn on.
    Not,
}

/// Why a program gave no key. What it printed is never repeated, only its complaint.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It cannot be started.
    #[error("no API key from key_command: cannot run {program}: {why}")]
    NotStarted {
        /// The program.
        program: Plain,
        /// Why.
        why: io::Error,
    },
    /// It failed.
    #[error("no API key from key_command: {program} failed ({status}){}{said}", if said.is_blank() { "" } else { ": " })]
    Failed {
        /// The program.
        program: Plain,
        /// How it ended.
        status: ExitStatus,
        /// What it said on standard error.
        said: Plain,
    },
    /// It did not end in time.
    #[error("no API key from key_command: {program} did not end within {} s", PATIENCE.as_secs())]
    TooLong {
        /// The program.
        program: Plain,
    },
    /// What it printed is no key.
    #[error(transparent)]
    NoKey(#[from] SecretError),
}

/// Runs a program, without a shell, and takes what it prints for the key. It is ended where it is not waited for any more.
///
/// # Errors
/// Why there is no key.
pub(super) async fn run(words: &[String], asks: Asks) -> Result<Secret, CommandError> {
    run_for(words, asks, PATIENCE).await
}

async fn run_for(words: &[String], asks: Asks, patience: Duration) -> Result<Secret, CommandError> {
    let (name, args) = words.split_first().map_or(("", words), |(name, args)| (name.as_str(), args));
    let program = || Plain::new(name);
    let mut command = Command::new(name);
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    // It is no business of the program what else opens doors.
    command.env_remove("FLARETOP_API_KEY");
    if asks == Asks::Not {
        // Whatever asks would draw over the dashboard and take its keys: it has no terminal, and fails instead.
        command.stdin(Stdio::null()).process_group(0).env_remove("GPG_TTY");
    }
    let not_started = |why| CommandError::NotStarted { program: program(), why };
    let mut child = command.spawn().map_err(not_started)?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let ended = async {
        let (printed, said) = tokio::join!(read(out), read(err));
        child.wait().await.map(|status| (printed, said, status))
    };
    let (printed, said, status) = timeout(patience, ended)
        .await
        .map_err(|_| CommandError::TooLong { program: program() })?
        .map_err(not_started)?;
    if !status.success() {
        let said: String = String::from_utf8_lossy(&said).trim().chars().take(TOLD).collect();
        return Err(CommandError::Failed { program: program(), status, said: Plain::from(said) });
    }
    Ok(Secret::from_output(&printed, &Plain::from(format!("the output of {name}")))?)
}

/// What comes until the end, as far as it is of use. What comes after that meets a closed pipe.
async fn read(from: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        let _ = from.take(MOST).read_to_end(&mut bytes).await; // what came before an error still counts
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(script: &str, patience: Duration) -> Result<Secret, String> {
        let words = ["/bin/sh", "-c", script].map(str::to_owned);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(run_for(&words, Asks::Not, patience)).map_err(|e| e.to_string())
    }

    #[test]
    fn what_it_prints_without_blanks_around_is_the_key() {
        let key = Secret::from_env_value("btr-abc").expect("a key");
        assert_eq!(ran("echo '  btr-abc '; echo", PATIENCE), Ok(key.clone()));
        assert_eq!(ran("echo warning >&2; printf btr-abc", PATIENCE), Ok(key));
    }

    #[test]
    fn its_complaint_is_told_and_its_output_is_not() {
        let text = ran("echo btr-secret; echo 'no such\tentry' >&2; exit 3", PATIENCE).expect_err("failed");
        assert!(text.contains("/bin/sh failed (exit status: 3): no such entry"), "{text}");
        assert!(!text.contains("secret"), "{text}");
        let text = ran("echo btr-a secret", PATIENCE).expect_err("two words");
        assert!(text.contains("the output of /bin/sh holds a blank") && !text.contains("secret"), "{text}");
        let text = ran("true", PATIENCE).expect_err("nothing");
        assert!(text.contains("it is empty"), "{text}");
    }

    #[test]
    fn one_that_does_not_end_is_ended() {
        let folder = tempfile::tempdir().expect("a folder");
        let mark = folder.path().join("pid");
        let script = format!("echo $$ > '{}'; exec sleep 1000", mark.display());
        let words = ["/bin/sh", "-c", &script].map(str::to_owned);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let gone = async {
            let error = run_for(&words, Asks::Not, Duration::from_secs(1)).await.expect_err("too long");
            assert!(error.to_string().contains("did not end within"), "{error}");
            let pid =
                std::fs::read_to_string(mark).expect("it was started").trim().parse().expect("a number");
            let pid = rustix::process::Pid::from_raw(pid).expect("a process");
            while rustix::process::test_kill_process(pid).is_ok() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        runtime.block_on(async { timeout(PATIENCE, gone).await }).expect("it is gone");
    }

    #[test]
    fn a_flood_is_no_key_and_does_not_fill_the_memory() {
        let text = ran("exec yes btr-abc", PATIENCE).expect_err("a flood");
        assert!(text.contains("/bin/sh failed"), "{text}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let words = ["no-such-program-anywhere".to_owned()];
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let text = runtime.block_on(run(&words, Asks::Not)).expect_err("none").to_string();
        assert!(text.contains("cannot run no-such-program-anywhere"), "{text}");
    }
}
