//! What belongs together: a refresh, the lines that explain it, its outcome.
//!
//! The records are walked in order. What one of them says about earlier ones (a `Sending` whose outcome has come, the true
//! cause of a failure that says 503) comes out as [`Change`]s. The walk depends on nothing but the records before, so
//! walking on and walking anew give the same. (`docs/server-contract.md`, sections 4 and 5.)

use chrono::TimeDelta;

use super::Outcome;
use super::attempt::{CLOSE, Refresh, Request, Stage, Stray, stray_text};
use super::classify::strikes;
use super::facts::{Book, Known};
use crate::model::{Cause, Event, Kind, LogLine, PauseReason, Plain, Timestamp};

/// Most refreshes that are followed at once. The scheduler does one after another, so more than one means that outcomes
/// were lost, or that two servers share a log.
const MOST_REFRESHES: usize = 16;
/// Most lines that are held to explain one refresh: three models, each with a handful.
const MOST_LINES: usize = 64;
/// A record's place, counted from the first that was ever kept.
pub type Place = u64;

/// What a record says about an earlier one, or about itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Change {
    /// Another line says it better.
    Fold(Place),
    /// The refresh took so long.
    Took(Place, TimeDelta),
    /// The failure was the how manieth in a row.
    Strike(Place, u32),
    /// The failure's true cause.
    Cause(Place, Cause),
    /// It belongs to the event that the second one tells.
    Join(Place, Place),
    /// So many others belong to the event that it tells.
    Holds(Place, u32),
    /// The refusal made the server switch auto-refresh off.
    SwitchedOff(Place),
}

impl Change {
    /// Whom it is said of.
    pub(super) fn place(&self) -> Place {
        match self {
            Self::Fold(place)
            | Self::Took(place, _)
            | Self::Strike(place, _)
            | Self::Cause(place, _)
            | Self::Join(place, _)
            | Self::Holds(place, _)
            | Self::SwitchedOff(place) => *place,
        }
    }
}

/// True where `line` could mean something for the records around it.
pub(super) fn is_relevant(line: &LogLine, event: &Event) -> bool {
    !matches!(event.kind, Kind::Plain) || stray_text(line).is_some()
}

/// Everything that the records so far mean for the next one.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Context {
    pub(super) refreshes: Vec<Refresh>,
    /// The last error without a name.
    pub(super) stray: Option<Stray>,
    /// The last `Proxy request failed:` that explains nothing yet.
    pub(super) request: Option<Request>,
    /// Whom the last explaining line was about.
    about: Option<Plain>,
    /// Whose failure was just told: its body may follow.
    body_follows: Option<Plain>,
    /// Whose refusal at the server's own door was told last.
    pub(super) refused: Option<Plain>,
    /// The last `Failed to fetch usage data:` that names no account.
    usage: Option<(Place, Timestamp)>,
    /// When, about whom and where a failed renewal was told last.
    pub(super) renewal: Option<(Timestamp, Plain, Place)>,
    pub(super) book: Book,
    pub(super) started_at: Option<Timestamp>,
}

impl Context {
    /// Walks over one record.
    pub(super) fn step(
        &mut self,
        place: Place,
        line: &LogLine,
        event: &Event,
        known: &Known,
        out: &mut Vec<Change>,
    ) {
        if matches!(event.kind, Kind::Plain) {
            if let Some(text) = stray_text(line) {
                self.stray = Some(Stray { place, at: line.at, text: Plain::new(text) });
            }
            return;
        }
        match &event.account {
            Some(name) => self.named(place, line, &event.kind, name, known, out),
            None => self.nameless(place, line, &event.kind, out),
        }
    }

    /// The newest refresh of which nothing has come yet.
    pub(super) fn under_way(&self) -> Option<(&Plain, Timestamp)> {
        // What a usage poll says of an account's tokens is remembered like a refresh whose beginning is missing: it is none.
        let open = self.refreshes.iter().filter(|r| r.stage == Stage::UnderWay && r.sending.is_some());
        open.max_by_key(|r| r.since).map(|r| (&r.name, r.since))
    }

    /// Records are missing here: nothing before it explains anything after it.
    pub(super) fn gap(&mut self) {
        self.refreshes.clear();
        self.stray = None;
        self.request = None;
        self.about = None;
        self.body_follows = None;
        self.refused = None;
        self.usage = None;
        self.renewal = None;
    }

    fn nameless(&mut self, place: Place, line: &LogLine, kind: &Kind, out: &mut Vec<Change>) {
        match kind {
            Kind::SchedulerStarted | Kind::SchedulerStopped => {
                for refresh in self.refreshes.iter().filter(|r| r.stage == Stage::UnderWay) {
                    self.book.abandoned(&refresh.name);
                }
                self.gap();
                if *kind == Kind::SchedulerStarted {
                    self.started_at = Some(line.at);
                }
            }
            Kind::ProxyFailed => {
                let error = self.close_stray(line.at).filter(|_| self.about.is_some()).map(|s| s.place);
                self.request = Some(Request { place, at: line.at, error, whose: self.about.clone() });
            }
            Kind::UsageReadFailed => self.usage = Some((place, line.at)),
            Kind::FailureBody => {
                if let Some(name) = self.body_follows.take() {
                    out.push(Change::Fold(place));
                    self.join_failed(place, line.at, &name, out);
                }
            }
            Kind::AuthDetail | Kind::StackTrace => {
                out.push(Change::Fold(place));
                if let Some(name) = self.refused.clone() {
                    self.join_failed(place, line.at, &name, out);
                }
            }
            Kind::Detail => self.join_begun(place, line.at, out),
            _ => {}
        }
    }

    fn named(
        &mut self,
        place: Place,
        line: &LogLine,
        kind: &Kind,
        name: &Plain,
        known: &Known,
        out: &mut Vec<Change>,
    ) {
        let at = line.at;
        match kind {
            Kind::Sending => {
                self.refreshes.retain(|r| r.name != *name);
                self.put(Refresh::new(name, at, Some(place)));
                (self.stray, self.request, self.about, self.body_follows) = (None, None, None, None);
                self.book.last(name, at, Outcome::UnderWay, known);
            }
            Kind::Attempting => self.next_attempt(place, name, out),
            Kind::ProviderRefused => self.explain(place, at, name, Some(Cause::Unauthorized)),
            Kind::ProviderLimited => self.explain(place, at, name, Some(Cause::RateLimited(None))),
            Kind::CooldownApplied { reason, until } => {
                let cause = cause_of_cooldown(reason.as_str(), *until);
                if let Some(cause) = &cause {
                    self.late_cooldown(place, at, name, cause, out);
                }
                self.explain(place, at, name, cause);
            }
            Kind::ProxyFailed => {
                let close = self.close_stray(at);
                if let Some(stray) = &close {
                    self.explain(stray.place, stray.at, name, None);
                }
                self.explain(place, at, name, None);
                let text = close.map_or_else(|| line.message.clone(), |s| s.text);
                if let Some(refresh) = self.find(name).filter(|r| r.stage == Stage::UnderWay) {
                    refresh.cause.get_or_insert(Cause::NoAnswer(text));
                }
            }
            Kind::TokenRefreshFailed => {
                self.explain(place, at, name, Some(Cause::TokenRefresh));
                self.renewal_failed(place, at, name, out);
                self.book.token_failed(name, line, known);
            }
            Kind::TokenRenewed => self.book.token_renewed(name),
            Kind::Detail if line.level.severity() >= 2 => self.remark(place, at, name, out),
            Kind::AuthDetail | Kind::StackTrace => {
                out.push(Change::Fold(place));
                self.join_failed(place, at, name, out);
            }
            Kind::SwitchedOff => {
                self.refused_and_switched_off(place, at, name, out);
                self.book.switched_off(name, at, known);
            }
            Kind::PeakPaused => self.book.paused(name, at, PauseReason::PeakHours, known),
            Kind::PeakResumed => self.book.resumed(name, at, Some(PauseReason::PeakHours), known),
            Kind::AutoResumed => self.book.resumed(name, at, None, known),
            _ => self.outcome(place, line, kind, name, known, out),
        }
    }

    /// The records that tell how a refresh ended, and what came of it.
    fn outcome(
        &mut self,
        place: Place,
        line: &LogLine,
        kind: &Kind,
        name: &Plain,
        known: &Known,
        out: &mut Vec<Change>,
    ) {
        let at = line.at;
        self.stray = None;
        match kind {
            Kind::UsageReadFailed => {
                let close = self.usage.take().filter(|(_, then)| at - *then <= CLOSE);
                if let Some((first, _)) = close {
                    out.extend([Change::Fold(first), Change::Join(first, place), Change::Holds(place, 1)]);
                }
            }
            Kind::Failed(written) => {
                let cause = self.fail(place, at, name, Some(written), out);
                let cause = cause.unwrap_or_else(|| written.clone());
                self.body_follows = Some(name.clone());
                self.book.last(name, at, Outcome::Failed { cause, strike: None }, known);
            }
            Kind::Exception(text) => {
                self.fail(place, at, name, None, out);
                let cause = Cause::Status(text.clone());
                self.book.last(name, at, Outcome::Failed { cause, strike: None }, known);
            }
            Kind::NoProvider => {
                self.fail(place, at, name, None, out);
                let cause = Cause::Status(Plain::new("no provider"));
                self.book.last(name, at, Outcome::Failed { cause, strike: None }, known);
            }
            Kind::AuthFailed => {
                self.fail(place, at, name, None, out);
                self.refused = Some(name.clone());
                self.book.auth_failed(name, at, known);
            }
            Kind::Succeeded => {
                let mut refresh = self.take(name, at);
                refresh.begin_anew();
                let sending = refresh.sending.take();
                let took = sending.map(|_| at - refresh.since).filter(|t| *t >= TimeDelta::zero());
                refresh.stage = Stage::Succeeded { at: Some(place), took };
                refresh.ended = Some(at);
                for line in std::mem::take(&mut refresh.lines) {
                    refresh.join(line, out);
                }
                if let Some(sending) = sending {
                    refresh.fold(sending, out);
                }
                refresh.tell(place, out);
                self.put(refresh);
                out.extend(took.map(|t| Change::Took(place, t)));
                self.book.last(name, at, Outcome::Done { resets: None, took }, known);
            }
            Kind::NewWindow(resets) => {
                let took = self.told_better(place, name, out);
                self.book.new_window(name, at, *resets, took, known);
            }
            Kind::CooldownCleared { new_reset: false } => {
                self.told_better(place, name, out);
            }
            Kind::Strike(_) | Kind::StrikeOut => {
                self.body_follows = None;
                let Some(count) = strikes(line.message.as_str()) else { return };
                if self.strike(place, name, count, *kind == Kind::StrikeOut, out) {
                    self.book.counted(name, count);
                }
            }
            Kind::PausedByFailures => {
                if let Some(refresh) = self.find(name) {
                    out.extend(refresh.strike_out.take().map(Change::Fold));
                }
                self.join_failed(place, at, name, out);
                self.book.paused(name, at, PauseReason::Failures, known);
            }
            _ => self.join_named(place, at, kind, name, out),
        }
    }

    pub(super) fn find(&mut self, name: &Plain) -> Option<&mut Refresh> {
        self.refreshes.iter_mut().rfind(|r| r.name == *name)
    }

    /// Takes the account's refresh out, or a new one; to be put back.
    fn take(&mut self, name: &Plain, at: Timestamp) -> Refresh {
        match self.refreshes.iter().rposition(|r| r.name == *name) {
            Some(index) => self.refreshes.remove(index),
            None => Refresh::new(name, at, None),
        }
    }

    fn put(&mut self, refresh: Refresh) {
        if self.refreshes.len() >= MOST_REFRESHES {
            // Requests of other accounts must not push out a refresh that hangs.
            let idle = self.refreshes.iter().position(|r| r.sending.is_none());
            self.refreshes.remove(idle.unwrap_or_default());
        }
        self.refreshes.push(refresh);
    }

    /// A line about the account that would explain a failure of its refresh.
    pub(super) fn explain(&mut self, place: Place, at: Timestamp, name: &Plain, cause: Option<Cause>) {
        let mut refresh = self.take(name, at);
        if refresh.is_over(at) {
            refresh = Refresh::new(name, at, None);
        }
        if refresh.stage == Stage::UnderWay {
            if refresh.lines.len() < MOST_LINES {
                refresh.lines.push(place);
            }
            if cause.is_some() {
                refresh.cause = cause;
            }
        }
        self.put(refresh);
        self.about = Some(name.clone());
    }

    /// The error without a name that was told just before.
    fn close_stray(&mut self, at: Timestamp) -> Option<Stray> {
        self.stray.take().filter(|stray| at - stray.at <= CLOSE)
    }

    /// The refresh failed. The true cause, where the lines before know one that the failure does not tell.
    fn fail(
        &mut self,
        place: Place,
        at: Timestamp,
        name: &Plain,
        written: Option<&Cause>,
        out: &mut Vec<Change>,
    ) -> Option<Cause> {
        let mut refresh = self.take(name, at);
        if refresh.is_over(at) {
            refresh = Refresh::new(name, at, None);
        }
        refresh.begin_anew();
        let sending = refresh.sending.take();
        let vague = matches!(written, Some(Cause::Status(status)) if status.as_str().starts_with("503"));
        let truth = refresh.cause.clone().filter(|truth| match written {
            Some(Cause::RateLimited(None)) => matches!(truth, Cause::RateLimited(Some(_))),
            _ => vague,
        });
        let mut request = None;
        if vague || matches!(written, Some(Cause::NoAnswer(_))) {
            request = self.request.take_if(|request| request.fits(name) && at - request.at <= CLOSE);
        }
        let lines = std::mem::take(&mut refresh.lines);
        for part in sending.into_iter().chain(lines).chain(request.into_iter().flat_map(Request::places)) {
            refresh.fold(part, out);
        }
        refresh.tell(place, out);
        out.extend(truth.clone().map(|cause| Change::Cause(place, cause)));
        let took = sending.map(|_| at - refresh.since).filter(|t| *t >= TimeDelta::zero());
        out.extend(took.map(|t| Change::Took(place, t)));
        refresh.stage = Stage::Failed { at: place, vague };
        refresh.ended = Some(at);
        self.put(refresh);
        truth
    }
}

/// What a cooldown's reason says about a failure.
fn cause_of_cooldown(reason: &str, until: Option<Timestamp>) -> Option<Cause> {
    if reason.contains("529") || reason.contains("overload") {
        return Some(Cause::Overloaded);
    }
    reason.contains("429").then_some(Cause::RateLimited(until))
}

#[cfg(test)]
impl Context {
    pub(super) fn refreshes(&self) -> usize {
        self.refreshes.len()
    }
}
