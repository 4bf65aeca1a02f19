//! The HTTP API as a pure step: a request on a world gives an answer (`docs/server-contract.md`, sections 1 to 3).

use chrono::SubsecRound as _;
use serde_json::{Value, json};

use super::log::Record;
use super::wording::iso;
use super::world::World;
use crate::model::Timestamp;

/// A request, read whole.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// `GET`, `POST`.
    pub method: &'a str,
    /// The path without a query.
    pub path: &'a str,
    /// The body.
    pub body: &'a [u8],
}

/// A JSON answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub json: Value,
    /// What is written into the log about it.
    pub log: Vec<Record>,
}

impl Answer {
    /// 200.
    pub(super) fn ok(json: Value) -> Self {
        Self { status: 200, json, log: Vec::new() }
    }

    /// An error in the API's form.
    pub(super) fn error(status: u16, text: impl Into<String>) -> Self {
        let text: String = text.into();
        Self { status, json: json!({ "error": text }), log: Vec::new() }
    }

    /// No such account.
    pub(super) fn no_account() -> Self {
        Self::error(404, "Account not found")
    }

    /// No such path. Unlike the observed server, nothing is ever forwarded.
    pub(super) fn not_found() -> Self {
        Self::error(404, "Not found")
    }
}

impl World {
    /// Answers everything but the log.
    pub fn respond(&mut self, request: Request<'_>, now: Timestamp) -> Answer {
        match (request.method, request.path) {
            ("GET", "/health") => self.health(now),
            ("GET", "/api/stats") => Answer::ok(self.stats()),
            ("GET", "/api/accounts") => Answer::ok(self.list(now)),
            ("POST", "/api/accounts") => self.add(request.body, now),
            (method, path) => {
                let Some(rest) = path.strip_prefix("/api/accounts/") else { return Answer::not_found() };
                match (method, rest.split_once('/')) {
                    ("GET", None) if !rest.is_empty() => {
                        let account = self.account(rest);
                        account.map_or_else(Answer::no_account, |a| Answer::ok(a.to_row(now)))
                    }
                    ("POST", Some((id, tail))) => {
                        // The id is the third segment, and the action is told by the path's end.
                        let action = tail.rsplit('/').next().unwrap_or_default();
                        self.change(id, action, request.body, now).unwrap_or_else(Answer::not_found)
                    }
                    ("DELETE", None) if !rest.is_empty() => self.delete(rest, request.body, now),
                    _ => Answer::not_found(),
                }
            }
        }
    }

    /// The list: priority descending, then request count descending.
    fn list(&self, now: Timestamp) -> Value {
        let mut accounts: Vec<_> = self.accounts.iter().collect();
        accounts.sort_by_key(|a| std::cmp::Reverse((a.priority, a.request_count)));
        Value::Array(accounts.into_iter().map(|a| a.to_row(now)).collect())
    }

    /// 503 with a whole body where no account can be used.
    fn health(&self, now: Timestamp) -> Answer {
        let paused = self.accounts.iter().filter(|a| a.paused).count();
        let cooling = |t: &Timestamp| *t > now;
        let limited: Vec<Timestamp> = self
            .accounts
            .iter()
            .filter(|a| !a.paused)
            .filter_map(|a| a.rate_limited_until)
            .filter(cooling)
            .collect();
        let configured = self.accounts.len();
        let routable = configured - paused - limited.len();
        let next = limited.iter().min().copied();
        let (status, word) = match (routable, next) {
            (1.., _) => (200, "ok"),
            (0, Some(_)) => (503, "degraded"),
            (0, None) => (503, "unhealthy"),
        };
        let started = self.started.map(|t| t.timestamp_millis());
        let json = json!({
            "status": word, "accounts": configured, "timestamp": iso(now.trunc_subsecs(3)), "strategy": "session",
            "pool": { "configured": configured, "paused": paused, "rate_limited": limited.len(),
                      "routable": routable, "next_available_at": next.map(iso) },
            "runtime": {
                "asyncWriter": { "healthy": true, "failureCount": 0, "recentDrops": 0, "queuedJobs": 0 },
                "usageWorker": { "state": "ready", "pendingAcks": 0, "lastError": null, "startedAt": started },
                "storage": { "integrity": { "status": "ok", "lastCheckAt": self.started.map(iso), "lastError": null } },
            },
        });
        Answer { status, ..Answer::ok(json) }
    }

    fn stats(&self) -> Value {
        let total: u64 = self.accounts.iter().map(|a| a.request_count).sum();
        let mut used: Vec<_> = self.accounts.iter().filter(|a| a.request_count > 0).collect();
        used.sort_by_key(|a| std::cmp::Reverse(a.request_count));
        let active = used.len();
        used.truncate(10);
        let accounts: Vec<Value> = used
            .iter()
            .map(|a| {
                json!({ "name": a.name, "requestCount": a.request_count, "successRate": 100,
                        "totalRequests": a.total_requests })
            })
            .collect();
        let models = if total == 0 {
            json!([])
        } else {
            json!([{ "model": super::wording::MODELS.first(), "count": total, "percentage": 100 }])
        };
        let cost = if total == 0 { json!(0) } else { json!(total as f64 * 0.000_062) };
        let speed = if total == 0 { Value::Null } else { json!(250.0) };
        json!({
            "totalRequests": total, "successRate": if total == 0 { 0 } else { 100 }, "activeAccounts": active,
            "avgResponseTime": if total == 0 { 0 } else { 40 }, "totalTokens": total * 22,
            "totalCostUsd": cost, "topModels": models, "avgTokensPerSecond": speed,
            "accounts": accounts, "recentErrors": [],
        })
    }
}

#[cfg(test)]
mod tests;
