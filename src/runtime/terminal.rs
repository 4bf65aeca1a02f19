//! The terminal: taken and given back by one guard, written to without ever waiting.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::atomic::{AtomicBool, Ordering};

use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, Timespec};
use tokio::net::unix::pipe::Sender;

use crate::model::Plain;

/// Takes the screen: alternate screen, no cursor, bracketed paste.
const ENTER: &[u8] = b"\x1b[?1049h\x1b[?25l\x1b[?2004h";
/// Gives it back, whatever was under way: ends a synchronized update, no attributes, no bracketed paste, main screen, cursor.
const LEAVE: &[u8] = b"\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?1049l\x1b[?25h";

/// Has the terminal tell of presses and the wheel (1000), in numbers that reach beyond column 223 (1006). Not of movement, which
/// would wake the program for nothing.
const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
/// And no more.
const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";

/// How long a terminal that takes nothing is waited for when it is given back, in steps of 20 ms: 3 s.
const PATIENCE: u32 = 150;

/// True while the terminal is ours, so that it is given back once, by whoever comes first.
static TAKEN: AtomicBool = AtomicBool::new(false);
/// True where the mouse is listened to while the terminal is ours; else not a byte is written about it.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// The terminal, while the program has it.
#[derive(Debug)]
pub(super) struct Terminal {
    tty: File,
    unsent: Vec<u8>,
    sent: usize,
    /// Waits for the terminal, while it does not take what is sent. A terminal that is always waited for wakes the program each time
    /// it has shown something. (Named after pipes, and made for any descriptor that does not block.)
    room: Option<Sender>,
}

impl Terminal {
    /// Takes the terminal that standard output is, its mouse too where `mouse` is true.
    ///
    /// # Errors
    /// Where there is none, or it cannot be put into raw mode.
    pub(super) fn take(mouse: bool) -> io::Result<Self> {
        MOUSE.store(mouse, Ordering::SeqCst);
        let mut terminal = Self { tty: open()?, unsent: Vec::new(), sent: 0, room: None };
        terminal.enter()?;
        Ok(terminal)
    }

    /// Takes the screen, again after [`Terminal::leave`].
    ///
    /// # Errors
    /// Where the terminal cannot be put into raw mode.
    pub(super) fn enter(&mut self) -> io::Result<()> {
        TAKEN.store(true, Ordering::SeqCst);
        // The library takes the mode to be raw until it has given it back, whatever a shell did to it meanwhile.
        let _ = crossterm::terminal::disable_raw_mode();
        crossterm::terminal::enable_raw_mode()?;
        self.send(ENTER)?;
        if MOUSE.load(Ordering::SeqCst) { self.send(MOUSE_ON) } else { Ok(()) }
    }

    /// Gives the screen back for a while.
    pub(super) fn leave(&mut self) {
        self.unsent.clear();
        self.sent = 0;
        give_back();
    }

    /// The terminal's size, at least 1x1.
    pub(super) fn size(&self) -> Size {
        let (columns, rows) =
            rustix::termios::tcgetwinsize(&self.tty).map_or((80, 24), |w| (w.ws_col, w.ws_row));
        // A terminal that does not know its size says 0x0.
        if columns == 0 || rows == 0 { Size::new(80, 24) } else { Size::new(columns, rows) }
    }

    /// True where all that was sent has been taken: the moment for the next frame. A slow line thus skips frames instead of
    /// falling behind.
    pub(super) fn is_idle(&self) -> bool {
        self.unsent.is_empty()
    }

    /// How many bytes the terminal has not taken yet.
    pub(super) fn held(&self) -> usize {
        self.unsent.len() - self.sent
    }

    /// Sends `bytes`, in one write where the terminal takes them; what it does not take now is kept for [`Terminal::drain`].
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while self.unsent.is_empty() && !rest.is_empty() {
            match rustix::io::write(&self.tty, rest) {
                Ok(n) => rest = rest.get(n..).unwrap_or_default(),
                Err(rustix::io::Errno::AGAIN) => break,
                Err(rustix::io::Errno::INTR) => {}
                Err(e) => return Err(e.into()),
            }
        }
        self.unsent.extend_from_slice(rest);
        Ok(())
    }

    /// Waits until what was kept has been taken.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub(super) async fn drain(&mut self) -> io::Result<()> {
        let room = match self.room.take() {
            Some(room) => room,
            None => Sender::from_owned_fd_unchecked(self.tty.try_clone()?.into())?,
        };
        let room = self.room.insert(room);
        while let Some(rest) = self.unsent.get(self.sent..).filter(|rest| !rest.is_empty()) {
            room.writable().await?;
            match room.try_write(rest) {
                Ok(n) => self.sent += n,
                Err(e) if matches!(e.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {}
                Err(e) => return Err(e),
            }
        }
        self.unsent.clear();
        self.sent = 0;
        self.room = None;
        Ok(())
    }

    /// True where the terminal has vanished without a word (its other end was closed).
    pub(super) fn is_gone(&self) -> bool {
        let mut fds = [PollFd::new(&self.tty, PollFlags::empty())];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        let [fd] = &mut fds;
        let _ = rustix::event::poll(std::slice::from_mut(fd), Some(&now));
        fd.revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

/// Opens the terminal anew, so that its not waiting is ours alone: the flag would else be shared with the shell.
fn open() -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    let flags = rustix::fs::OFlags::NOCTTY | rustix::fs::OFlags::NONBLOCK;
    options.custom_flags(flags.bits().cast_signed());
    // In some namespaces a terminal has no name.
    match rustix::termios::ttyname(io::stdout().as_fd(), Vec::new()) {
        Ok(name) => options
            .open(&*name.to_string_lossy())
            .or_else(|first| options.open("/dev/tty").map_err(|_| first)),
        Err(nameless) => options.open("/dev/tty").map_err(|_| nameless.into()),
    }
}

/// Gives the terminal back, once. Safe to call from anywhere, a panic in any task included.
pub(super) fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mouse = if MOUSE.load(Ordering::SeqCst) { MOUSE_OFF } else { b"" };
    let leave = [mouse, LEAVE].concat();
    if open().and_then(|tty| write_patiently(tty, &leave)).is_err() {
        let _ = io::stdout().write_all(&leave).and_then(|()| io::stdout().flush());
    }
    let _ = crossterm::terminal::disable_raw_mode();
}

/// Writes to a terminal that may be slow, for [`PATIENCE`] at most; one that is gone is not waited for.
fn write_patiently(mut tty: File, mut rest: &[u8]) -> io::Result<()> {
    let mut waits = 0;
    while !rest.is_empty() {
        match tty.write(rest) {
            Ok(n) => rest = rest.get(n..).unwrap_or_default(),
            Err(e) if e.kind() == io::ErrorKind::WouldBlock && waits < PATIENCE => {
                waits += 1;
                let mut fds = [PollFd::new(&tty, PollFlags::OUT)];
                rustix::event::poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 20_000_000 }))?;
                let [fd] = &fds;
                if fd.revents().intersects(PollFlags::HUP | PollFlags::ERR) {
                    return Ok(());
                }
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// Gives the terminal back before a panic is told, and ends the program: a task that died would leave a dashboard that lies.
pub(super) fn hook_panics() {
    std::panic::set_hook(Box::new(|info| {
        give_back();
        let place = info.location().map(|l| format!(" at {}:{}", l.file(), l.line())).unwrap_or_default();
        let what = info.payload();
        let what = what
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| what.downcast_ref::<String>().map(String::as_str));
        let what = what.unwrap_or("of an unknown kind");
        let what = Plain::new(what);
        let _ = writeln!(
            io::stderr(),
            "flaretop: internal error{place}: {what}\nThis is a fault of flaretop's own."
        );
        tracing::error!("panic{place}: {what}");
        std::process::exit(1);
    }));
}

/// Stops the program as ctrl-z does in a shell, until `fg`. The terminal must have been given back before.
///
/// # Errors
/// Where nobody could bring the program back: its parent is not in its session, so no shell waits for it.
pub(super) fn stop() -> Result<(), &'static str> {
    use nix::unistd::{getppid, getsid};
    use rustix::process::{Signal, getpid, kill_current_process_group, kill_process};
    // A session that was begun outside our process namespace reads 0, which nix can say and rustix cannot (1.1: it panics).
    let ours = getsid(None).ok();
    let parents = getsid(Some(getppid())).ok();
    if ours.is_none() || ours != parents {
        return Err("nothing to go back to: stopping needs a shell that flaretop was started from");
    }
    // The others of the job (`cargo run`, a script) stop as a terminal would stop them; this process for certain.
    let _ = kill_current_process_group(Signal::TSTP);
    let _ = kill_process(getpid(), Signal::STOP);
    Ok(())
}
