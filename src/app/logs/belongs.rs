//! Which records are one event: the parts of the walk that only join lines to the one that tells how it went.

use chrono::TimeDelta;

use super::attempt::{CLOSE, Refresh, Request, Stage};
use super::context::{Change, Context, Place};
use crate::model::{Cause, Kind, Plain, Timestamp};

impl Context {
    /// A line about the account's failure that has just been told.
    pub(super) fn join_failed(&mut self, place: Place, at: Timestamp, name: &Plain, out: &mut Vec<Change>) {
        if let Some(refresh) = self.find(name).filter(|r| r.failed_at(at).is_some()) {
            refresh.join(place, out);
        }
    }

    /// A line without a name, as the server writes them when a refresh has just begun.
    pub(super) fn join_begun(&mut self, place: Place, at: Timestamp, out: &mut Vec<Change>) {
        let begun = self.refreshes.iter_mut().rfind(|r| r.stage == Stage::UnderWay && r.sending.is_some());
        if let Some(refresh) = begun.filter(|r| at - r.since <= CLOSE) {
            refresh.join(place, out);
        }
    }

    /// A line that says more about a refresh under way, or about one that has just ended.
    pub(super) fn join_named(
        &mut self,
        place: Place,
        at: Timestamp,
        kind: &Kind,
        name: &Plain,
        out: &mut Vec<Change>,
    ) {
        let says_more = matches!(
            kind,
            Kind::Detail
                | Kind::Response
                | Kind::StatusUpdated
                | Kind::UsageRead
                | Kind::CooldownCleared { new_reset: true }
        );
        let is_its = |r: &&mut Refresh| match r.stage {
            Stage::UnderWay => r.sending.is_some(),
            Stage::Succeeded { .. } | Stage::Failed { .. } => !r.is_over(at),
        };
        if says_more && let Some(refresh) = self.find(name).filter(is_its) {
            refresh.join(place, out);
        }
    }

    /// The server tells each failed renewal twice: the second line belongs to the first.
    pub(super) fn renewal_failed(
        &mut self,
        place: Place,
        at: Timestamp,
        name: &Plain,
        out: &mut Vec<Change>,
    ) {
        let close = |(then, who, _): &(Timestamp, Plain, Place)| who == name && at - *then <= CLOSE;
        let first = self.renewal.take().filter(close).map(|(_, _, first)| first);
        if let Some(first) = first {
            out.extend([Change::Fold(place), Change::Join(place, first), Change::Holds(first, 1)]);
        }
        self.renewal = Some((at, name.clone(), first.unwrap_or(place)));
    }

    /// A failure is counted, if it is known which. The announcement that the account is taken out of use stands by itself until the
    /// pause is told.
    pub(super) fn strike(
        &mut self,
        place: Place,
        name: &Plain,
        count: u32,
        is_out: bool,
        out: &mut Vec<Change>,
    ) -> bool {
        let Some(refresh) = self.find(name) else { return false };
        let Stage::Failed { at: failed, .. } = refresh.stage else { return false };
        out.push(Change::Strike(failed, count));
        if is_out {
            refresh.strike_out = Some(place);
            refresh.join(place, out);
        } else {
            refresh.fold(place, out);
        }
        true
    }

    /// Auto-refresh was switched off: told by the refusal that led to it, where that was just told.
    pub(super) fn refused_and_switched_off(
        &mut self,
        place: Place,
        at: Timestamp,
        name: &Plain,
        out: &mut Vec<Change>,
    ) {
        if self.refused.as_ref() != Some(name) {
            return;
        }
        let Some(refresh) = self.find(name) else { return };
        if let Some(refusal) = refresh.failed_at(at) {
            refresh.fold(place, out);
            out.push(Change::SwitchedOff(refusal));
        }
    }

    /// A warning about the account: it explains a failure to come, or one just told.
    pub(super) fn remark(&mut self, place: Place, at: Timestamp, name: &Plain, out: &mut Vec<Change>) {
        match self.find(name) {
            Some(refresh) if refresh.failed_at(at).is_some() => refresh.fold(place, out),
            _ => self.explain(place, at, name, None),
        }
    }

    /// The server writes cooldowns from a queue, so that the line may come after the failure that it explains.
    pub(super) fn late_cooldown(
        &mut self,
        place: Place,
        at: Timestamp,
        name: &Plain,
        cause: &Cause,
        out: &mut Vec<Change>,
    ) {
        let Some(refresh) = self.find(name).filter(|r| !r.is_over(at)) else { return };
        let Stage::Failed { at: failed, vague: true } = refresh.stage else { return };
        if matches!(refresh.cause, None | Some(Cause::RateLimited(None))) {
            refresh.cause = Some(cause.clone());
            out.push(Change::Cause(failed, cause.clone()));
            refresh.fold(place, out);
            self.book.refined(name, cause.clone());
        }
    }

    /// Another model is tried: what went wrong with the one before is no longer the cause.
    pub(super) fn next_attempt(&mut self, place: Place, name: &Plain, out: &mut Vec<Change>) {
        self.stray = None;
        let request = self.request.take_if(|request| request.fits(name));
        if let Some(refresh) = self.find(name).filter(|r| r.stage == Stage::UnderWay) {
            refresh.cause = None;
            refresh.lines.extend(request.into_iter().flat_map(Request::places));
            refresh.join(place, out);
        }
    }

    /// A line that tells the success better than the line that came first. How long the refresh took, if it is one's.
    pub(super) fn told_better(
        &mut self,
        place: Place,
        name: &Plain,
        out: &mut Vec<Change>,
    ) -> Option<TimeDelta> {
        let refresh = self.find(name)?;
        let Stage::Succeeded { at, took } = &mut refresh.stage else { return None };
        let (first, took) = (at.take()?, *took);
        out.push(Change::Fold(first));
        out.extend(took.map(|t| Change::Took(place, t)));
        refresh.tell(place, out);
        took
    }
}
