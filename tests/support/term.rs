//! The built program in a pseudo-terminal, whose output a terminal's parser reads.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{Termios, tcgetattr};
use tempfile::TempDir;

use super::screen::Shot;
use super::{LOOK, PATIENCE, wait, wait_long};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_flaretop");

/// The environment that the program runs in: that of a user who has set nothing, with a home of its own.
pub(crate) fn environment(home: &TempDir) -> BTreeMap<OsString, OsString> {
    let home = home.path().as_os_str().to_owned();
    let mut env = BTreeMap::from([
        ("HOME".into(), home.clone()),
        ("XDG_CONFIG_HOME".into(), home.clone()),
        ("XDG_STATE_HOME".into(), home),
        ("LANG".into(), "C.UTF-8".into()),
        ("TERM".into(), "xterm-256color".into()),
    ]);
    if let Some(path) = std::env::var_os("PATH") {
        env.insert("PATH".into(), path);
    }
    env
}

/// Puts a configuration file where the program looks for it.
pub(crate) fn write_config(home: &TempDir, text: &str) {
    let folder = home.path().join("flaretop");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("config.toml"), text).expect("a file");
}

/// How the program is to be started.
#[derive(Debug)]
pub(crate) struct Launch {
    program: OsString,
    args: Vec<OsString>,
    env: BTreeMap<OsString, OsString>,
    home: TempDir,
    size: (u16, u16),
}

impl Launch {
    /// The program with these options, on a screen of 120 columns and 40 lines.
    pub(crate) fn new(args: &[&str]) -> Self {
        let home = TempDir::new().expect("a directory");
        let env = environment(&home);
        let args = args.iter().map(OsString::from).collect();
        Self { program: PROGRAM.into(), args, env, home, size: (120, 40) }
    }

    /// Another program around it, which gets its path and options after these.
    pub(crate) fn under(mut self, program: &str, args: &[&str]) -> Self {
        let inner = std::mem::replace(&mut self.program, program.into());
        let outer = args.iter().map(OsString::from);
        self.args = outer.chain([inner]).chain(std::mem::take(&mut self.args)).collect();
        self
    }

    /// With this configuration file.
    pub(crate) fn config(self, text: &str) -> Self {
        write_config(&self.home, text);
        self
    }

    /// On a screen of so many columns and lines.
    pub(crate) fn size(mut self, columns: u16, lines: u16) -> Self {
        self.size = (columns, lines);
        self
    }

    /// With one more option.
    pub(crate) fn arg(mut self, arg: &str) -> Self {
        self.args.push(arg.into());
        self
    }

    /// With a variable of the environment; empty: without it.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        if value.is_empty() {
            self.env.remove(&OsString::from(name));
        } else {
            self.env.insert(name.into(), value.into());
        }
        self
    }

    /// Starts it.
    pub(crate) fn start(self) -> Term {
        let size = pty_size(self.size);
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let name = pair.master.tty_name().expect("the terminal's name");
        let slave = OpenOptions::new().read(true).write(true).open(name).expect("the terminal's other end");
        let before = tcgetattr(&slave).expect("the terminal's settings");
        let mut command = CommandBuilder::new(&self.program);
        command.args(&self.args);
        command.env_clear();
        for (name, value) in &self.env {
            command.env(name, value);
        }
        command.cwd(self.home.path());
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let reader = pair.master.try_clone_reader().expect("the terminal can be read");
        let writer = pair.master.take_writer().expect("the terminal can be written to");
        let seen = Arc::new(Mutex::new(Seen::new(self.size)));
        let reading = thread::spawn({
            let seen = Arc::clone(&seen);
            move || read(reader, &seen)
        });
        let pid = child.process_id().expect("the program's number");
        let pid = Pid::from_raw(i32::try_from(pid).expect("a process number")).expect("a process number");
        Term {
            child,
            pid,
            master: Some(pair.master),
            writer: Some(writer),
            slave: Some(slave),
            before,
            seen,
            reading: Some(reading),
            home: self.home,
        }
    }
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

/// What has come from the program.
struct Seen {
    parser: vt100::Parser,
    raw: Vec<u8>,
    /// From where on `raw` has not been parsed: the frame that begins there is not whole.
    parsed: usize,
    /// Nobody reads any more; the next bytes end the reading.
    unread: bool,
    /// Nobody reads for now.
    stalled: bool,
}

/// Begins and ends a frame that a terminal shows at once.
const FRAME: [&[u8]; 2] = [b"\x1b[?2026h", b"\x1b[?2026l"];

impl Seen {
    fn new((columns, lines): (u16, u16)) -> Self {
        let parser = vt100::Parser::new(lines, columns, 0);
        Self { parser, raw: Vec::new(), parsed: 0, unread: false, stalled: false }
    }

    fn take_in(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        let [begin, end] = FRAME.map(|mark| last(&self.raw, mark));
        let whole = match (begin, end) {
            (Some(begin), None) => begin,
            (Some(begin), Some(end)) if begin > end => begin,
            _ => self.raw.len(),
        };
        // A character that is not whole yet waits for its rest.
        let end = match std::str::from_utf8(&self.raw[self.parsed..whole.max(self.parsed)]) {
            Err(error) if error.error_len().is_none() => self.parsed + error.valid_up_to(),
            _ => whole,
        };
        self.parse_to(end);
    }

    fn parse_to(&mut self, end: usize) {
        if end > self.parsed {
            let text = String::from_utf8_lossy(&self.raw[self.parsed..end]);
            // The parser leaves the replacement character out, where terminals draw it in one column.
            self.parser.process(text.replace('\u{fffd}', "\u{25a1}").as_bytes());
            self.parsed = end;
        }
    }

    fn finish(&mut self) {
        self.parse_to(self.raw.len());
    }
}

/// Where `part` last begins in `bytes`.
fn last(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).rposition(|window| window == part)
}

fn read(mut reader: Box<dyn Read + Send>, seen: &Mutex<Seen>) {
    let mut bytes = vec![0; 65_536];
    while let Ok(n @ 1..) = reader.read(&mut bytes) {
        let stalled = || seen.lock().unwrap_or_else(PoisonError::into_inner).stalled;
        while stalled() {
            thread::sleep(LOOK);
        }
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.unread {
            return;
        }
        seen.take_in(&bytes[..n]);
    }
}

/// The program in its terminal. It is ended when this is dropped.
pub(crate) struct Term {
    child: Box<dyn Child + Send + Sync>,
    pid: Pid,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    slave: Option<File>,
    before: Termios,
    seen: Arc<Mutex<Seen>>,
    reading: Option<JoinHandle<()>>,
    home: TempDir,
}

impl Term {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The program's process.
    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    /// What the terminal shows now.
    pub(crate) fn shot(&self) -> Shot {
        Shot::of(self.seen().parser.screen())
    }

    /// Everything that the program has written.
    pub(crate) fn raw(&self) -> Vec<u8> {
        self.seen().raw.clone()
    }

    /// How many bytes the program has written.
    pub(crate) fn written(&self) -> usize {
        self.seen().raw.len()
    }

    /// What a file in the directory that the program was started in holds.
    pub(crate) fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.home.path().join(name)).unwrap_or_default()
    }

    /// Waits until the terminal shows something, and gives the picture.
    pub(crate) fn wait_for(&mut self, what: &str, shows: impl Fn(&Shot) -> bool) -> Shot {
        self.wait_longer(PATIENCE, what, shows)
    }

    /// The same with another patience.
    pub(crate) fn wait_longer(
        &mut self,
        patience: Duration,
        what: &str,
        shows: impl Fn(&Shot) -> bool,
    ) -> Shot {
        let mut seen = None;
        let seen_so_far = Arc::clone(&self.seen);
        let look = || {
            let ended = self.child.try_wait().expect("the program can be asked about");
            let bytes = self.seen().raw.len();
            if seen != Some(bytes) {
                let shot = self.shot();
                if shows(&shot) {
                    return Some(shot);
                }
                seen = Some(bytes);
            }
            assert!(ended.is_none(), "the program ended ({ended:?}) before: {what}\n{}", self.shot());
            None
        };
        wait_long(patience, what, look, || {
            let seen = seen_so_far.lock().unwrap_or_else(PoisonError::into_inner);
            Shot::of(seen.parser.screen()).to_string()
        })
    }

    /// Waits until the terminal shows these words on one line.
    pub(crate) fn wait_for_text(&mut self, words: &str) -> Shot {
        self.wait_for(&format!("`{words}` on the screen"), |shot| shot.has(words))
    }

    /// Waits until the terminal says these words, possibly over several lines.
    pub(crate) fn wait_for_words(&mut self, words: &str) -> Shot {
        self.wait_for(&format!("`{words}` on the screen"), |shot| shot.says(words))
    }

    /// Waits until a cell of the table holds exactly these words.
    pub(crate) fn wait_for_cell(&mut self, name: &str, heading: &str, words: &str) -> Shot {
        self.wait_for(&format!("{heading} of {name} is `{words}`"), |shot| shot.shows(name, heading, words))
    }

    /// Sends bytes as they are.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        let writer = self.writer.as_mut().expect("the terminal is open");
        writer.write_all(bytes).and_then(|()| writer.flush()).expect("the terminal takes keys");
    }

    /// Presses keys, as they are written in the table of keys: `j j space`.
    pub(crate) fn keys(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            self.send(&bytes_of(key));
            if key == "esc" {
                // An escape that is followed at once by another byte is the beginning of that one's sequence.
                thread::sleep(Duration::from_millis(40));
            }
        }
    }

    /// Makes the terminal another size.
    pub(crate) fn resize(&mut self, columns: u16, lines: u16) {
        self.seen().parser.screen_mut().set_size(lines, columns);
        self.announce_size(columns, lines);
    }

    /// Tells the program another size, and goes on reading at the old one.
    pub(crate) fn announce_size(&self, columns: u16, lines: u16) {
        let master = self.master.as_ref().expect("the terminal is open");
        master.resize(pty_size((columns, lines))).expect("the terminal changes its size");
    }

    /// Reads nothing more, as a connection that hangs, until it is resumed.
    pub(crate) fn stall(&self, stalled: bool) {
        self.seen().stalled = stalled;
    }

    /// Waits until the program's process has ended. Nothing is read meanwhile that is not read anyway.
    pub(crate) fn wait_for_exit(&mut self) {
        let child = &mut self.child;
        wait("the program ends", || child.try_wait().expect("the program can be asked about"), String::new);
    }

    /// Sends the program a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the program takes a signal");
    }

    /// True where the terminal's own settings are as they were before the program began.
    pub(crate) fn settings_are_restored(&self) -> bool {
        let slave = self.slave.as_ref().expect("the terminal is open");
        let now = tcgetattr(slave).expect("the terminal's settings");
        now.input_modes == self.before.input_modes
            && now.output_modes == self.before.output_modes
            && now.control_modes == self.before.control_modes
            && now.local_modes == self.before.local_modes
            && format!("{:?}", now.special_codes) == format!("{:?}", self.before.special_codes)
    }

    /// Waits until the program has ended by itself.
    pub(crate) fn wait_for_end(mut self) -> End {
        let seen = Arc::clone(&self.seen);
        let child = &mut self.child;
        let status = wait(
            "the program ends",
            || child.try_wait().expect("the program can be asked about"),
            || Shot::of(seen.lock().unwrap_or_else(PoisonError::into_inner).parser.screen()).to_string(),
        );
        let settings_are_restored = self.settings_are_restored();
        // When nobody holds the other end any more, reading ends after the last byte.
        self.slave = None;
        self.reading.take().expect("it is read once").join().expect("reading goes well");
        let mut seen = self.seen();
        seen.finish();
        let (shot, raw) = (Shot::of(seen.parser.screen()), seen.raw.clone());
        let screen = seen.parser.screen();
        let pen_is_reset = screen.fgcolor() == vt100::Color::Default
            && screen.bgcolor() == vt100::Color::Default
            && !(screen.bold() || screen.dim() || screen.italic() || screen.underline() || screen.inverse());
        End {
            code: status.exit_code(),
            signal: status.signal().map(str::to_owned),
            shot,
            raw,
            settings_are_restored,
            pen_is_reset,
        }
    }

    /// Closes the terminal, as a lost connection does, and waits until the program has ended. It must write something for that:
    /// a countdown of seconds has to be on the screen.
    pub(crate) fn hang_up(mut self) {
        self.slave = None;
        self.seen().unread = true;
        self.reading.take().expect("it is read once").join().expect("reading goes well");
        self.writer = None;
        self.master = None;
        let child = &mut self.child;
        wait("the program ends", || child.try_wait().expect("the program can be asked about"), String::new);
    }
}

impl Drop for Term {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            let _ = kill_process(self.pid, Signal::CONT);
            let _ = kill_process(self.pid, Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

/// How the program ended, and what it left behind.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) code: u32,
    pub(crate) signal: Option<String>,
    pub(crate) shot: Shot,
    pub(crate) raw: Vec<u8>,
    settings_are_restored: bool,
    pen_is_reset: bool,
}

impl End {
    /// Fails unless the terminal is as it was.
    pub(crate) fn assert_restored(&self) {
        assert!(self.settings_are_restored, "the terminal's settings are not restored\n{}", self.shot);
        assert!(!self.shot.alternate, "the alternate screen is left on\n{}", self.shot);
        assert!(!self.shot.cursor_hidden, "the cursor is left hidden\n{}", self.shot);
        assert!(self.pen_is_reset, "attributes are left on\n{}", self.shot);
        let left = modes_left_on(&self.raw);
        assert!(left.is_empty(), "private modes are left on: {left:?}\n{}", self.shot);
    }
}

/// The private modes that were switched on and not off again, the cursor's and line wrapping apart.
pub(crate) fn modes_left_on(raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(raw);
    let mut modes = BTreeMap::new();
    for part in text.split("\x1b[?").skip(1) {
        let Some(end) = part.find(|c: char| !c.is_ascii_digit() && c != ';') else { continue };
        let (numbers, rest) = part.split_at(end);
        for mode in numbers.split(';').filter(|m| !matches!(*m, "25" | "7")) {
            modes.insert(mode.to_owned(), rest.starts_with('h'));
        }
    }
    // The kitty keyboard protocol has a stack of its own.
    let pushed = text.matches("\x1b[>").count();
    let popped = text.matches("\x1b[<").count();
    let keyboard = (pushed > popped).then(|| "keyboard".to_owned());
    modes.into_iter().filter(|(_, on)| *on).map(|(mode, _)| mode).chain(keyboard).collect()
}

/// What a terminal sends for a key.
fn bytes_of(key: &str) -> Vec<u8> {
    let named: &[u8] = match key {
        "space" => b" ",
        "enter" => b"\r",
        "esc" => b"\x1b",
        "tab" => b"\t",
        "shift-tab" => b"\x1b[Z",
        "backspace" => b"\x7f",
        "del" => b"\x1b[3~",
        "ins" => b"\x1b[2~",
        "up" => b"\x1b[A",
        "down" => b"\x1b[B",
        "right" => b"\x1b[C",
        "left" => b"\x1b[D",
        "home" => b"\x1b[H",
        "end" => b"\x1b[F",
        "pgup" => b"\x1b[5~",
        "pgdn" => b"\x1b[6~",
        "f1" => b"\x1bOP",
        "f2" => b"\x1bOQ",
        "f3" => b"\x1bOR",
        "f4" => b"\x1bOS",
        "f5" => b"\x1b[15~",
        "f12" => b"\x1b[24~",
        _ => {
            if let Some(letter) = key.strip_prefix("ctrl-") {
                return letter.bytes().map(|b| b & 0x1f).collect();
            }
            if let Some(letter) = key.strip_prefix("alt-") {
                return [b"\x1b", letter.as_bytes()].concat();
            }
            assert_eq!(key.chars().count(), 1, "a key: {key}");
            key.as_bytes()
        }
    };
    named.to_vec()
}
