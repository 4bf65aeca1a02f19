//! The built program without a terminal.

use std::process::{Child, Command, Output, Stdio};
use std::thread;

use tempfile::TempDir;

use super::term::{PROGRAM, environment, write_config};
use super::wait;

/// What a run printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the program to its end, its output going into pipes.
pub(crate) fn run(args: &[&str], env: &[(&str, &str)]) -> Run {
    let home = TempDir::new().expect("a directory");
    let child = command(&home, args, env).stdout(Stdio::piped()).spawn().expect("the program starts");
    finish(child)
}

/// Runs the program to its end with this configuration file.
pub(crate) fn run_with(config: &str, args: &[&str], env: &[(&str, &str)]) -> Run {
    let home = TempDir::new().expect("a directory");
    write_config(&home, config);
    let child = command(&home, args, env).stdout(Stdio::piped()).spawn().expect("the program starts");
    finish(child)
}

/// Runs the program to its end; nobody reads its output.
pub(crate) fn run_into_closed_pipe(args: &[&str]) -> Run {
    let home = TempDir::new().expect("a directory");
    let mut child = command(&home, args, &[]).stdout(Stdio::piped()).spawn().expect("the program starts");
    drop(child.stdout.take());
    finish(child)
}

fn command(home: &TempDir, args: &[&str], env: &[(&str, &str)]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(args).env_clear().envs(environment(home)).envs(env.iter().copied()).current_dir(home.path());
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    command
}

fn finish(child: Child) -> Run {
    let pid = rustix::process::Pid::from_child(&child);
    let waiting = thread::spawn(move || child.wait_with_output());
    let ended = || waiting.is_finished().then_some(());
    let end_it = || {
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        String::new()
    };
    wait("the program ends by itself", ended, end_it);
    let Output { status, stdout, stderr } = waiting.join().expect("waiting goes well").expect("an output");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Run { code: status.code(), out: text(stdout), err: text(stderr) }
}
