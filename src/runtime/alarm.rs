//! One alarm for the loop, which wakes it once.
//!
//! The runtime's own timers sit in a wheel whose slots are passed on the way: a second's sleep wakes the process up to three
//! times. On a laptop that watches countdowns all day that is most of what it does, so on Linux the kernel keeps this one.

use std::io;
use std::time::Duration;

#[cfg(any(target_os = "linux", target_os = "android"))]
mod kept {
    use super::{Duration, io};
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use tokio::net::unix::pipe::Receiver;

    /// A timer of the kernel's, on the clock that goes on while the machine sleeps.
    #[derive(Debug)]
    pub(in super::super) struct Alarm {
        /// Named after pipes, and made for any descriptor that does not block and that the kernel can wait for.
        timer: Receiver,
    }

    impl Alarm {
        pub(in super::super) fn new() -> io::Result<Self> {
            let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
            let timer = timerfd_create(TimerfdClockId::Boottime, flags)?;
            Ok(Self { timer: Receiver::from_owned_fd_unchecked(timer)? })
        }

        /// Rings once after `wait`, or never. A setting replaces the one before it.
        pub(in super::super) fn set(&mut self, wait: Option<Duration>) -> io::Result<()> {
            let zero = Timespec { tv_sec: 0, tv_nsec: 0 };
            // Zero would switch the timer off.
            let first = wait.map_or(zero, |w| Timespec {
                tv_sec: w.as_secs().try_into().unwrap_or(i64::MAX),
                tv_nsec: w.subsec_nanos().max(1).into(),
            });
            let setting = Itimerspec { it_interval: zero, it_value: first };
            timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &setting)?;
            Ok(())
        }

        /// Waits for the ring.
        pub(in super::super) async fn rings(&self) -> io::Result<()> {
            loop {
                self.timer.readable().await?;
                match self.timer.try_read(&mut [0; 8]) {
                    Ok(_) => return Ok(()),
                    Err(e) if e.kind() == io::ErrorKind::WouldBlock => {}
                    Err(e) => return Err(e),
                }
            }
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod kept {
    use super::{Duration, io};
    use tokio::time::Instant;

    /// A timer of the runtime's.
    #[derive(Debug)]
    pub(in super::super) struct Alarm {
        at: Option<Instant>,
    }

    impl Alarm {
        pub(in super::super) fn new() -> io::Result<Self> {
            Ok(Self { at: None })
        }

        /// Rings once after `wait`, or never. A setting replaces the one before it.
        pub(in super::super) fn set(&mut self, wait: Option<Duration>) -> io::Result<()> {
            self.at = wait.map(|w| Instant::now() + w);
            Ok(())
        }

        /// Waits for the ring.
        pub(in super::super) async fn rings(&self) -> io::Result<()> {
            match self.at {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
            Ok(())
        }
    }
}

pub(super) use kept::Alarm;
