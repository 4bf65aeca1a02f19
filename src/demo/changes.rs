//! The requests that change an account, with the refusals as recorded (`docs/server-contract.md`, section 2).

use serde_json::{Value, json};

use super::Dialect;
use super::account::{Account, PauseReason, Usage};
use super::api::Answer;
use super::body::{Body, Refusal};
use super::log::{Level, Record};
use super::world::World;
use crate::model::Timestamp;

/// What was done, and the line that the log gets of it.
#[derive(Debug)]
pub(super) struct Done {
    json: Value,
    note: Option<String>,
}

impl Done {
    /// Done, and nothing is written about it.
    pub(super) fn quiet(json: Value) -> Self {
        Self { json, note: None }
    }

    fn noted(json: Value, note: String) -> Self {
        Self { json, note: Some(note) }
    }
}

pub(super) type Change = Result<Done, Refusal>;

/// One of the four switches.
struct Switch {
    words: &'static str,
    field: &'static str,
    refusal: &'static str,
    offered: fn(&Account) -> bool,
    column: fn(&mut Account) -> &mut bool,
}

fn switch(action: &str) -> Option<Switch> {
    Some(match action {
        "auto-refresh" => Switch {
            words: "Auto-refresh",
            field: "autoRefreshEnabled",
            refusal: "Auto-refresh is only available for Anthropic, Codex, and Zai accounts",
            offered: Account::is_eligible,
            column: |a| &mut a.auto_refresh_enabled,
        },
        "auto-fallback" => Switch {
            words: "Auto-fallback",
            field: "autoFallbackEnabled",
            refusal: "Auto-fallback is only available for supported accounts",
            offered: Account::is_eligible,
            column: |a| &mut a.auto_fallback_enabled,
        },
        "auto-pause-on-overage" => Switch {
            words: "Auto-pause on overage",
            field: "autoPauseOnOverageEnabled",
            refusal: "Auto-pause on overage is only available for Anthropic accounts",
            offered: |a| a.provider == "anthropic",
            column: |a| &mut a.auto_pause_on_overage_enabled,
        },
        "peak-hours-pause" => Switch {
            words: "Peak hours pause",
            field: "peakHoursPauseEnabled",
            refusal: "Peak hours pause is only available for Zai accounts",
            offered: |a| a.provider == "zai",
            column: |a| &mut a.peak_hours_pause_enabled,
        },
        _ => return None,
    })
}

/// What a failure of an action is called in the log. None where nothing is written about it.
fn title(action: &str) -> Option<String> {
    match action {
        "rename" => Some("Account rename error:".to_owned()),
        "custom-endpoint" => Some("Account custom endpoint update error:".to_owned()),
        "billing-type" => Some("Account billing type update error:".to_owned()),
        _ => switch(action).map(|_| format!("Account {action} toggle error:")),
    }
}

impl World {
    /// Does what `POST /api/accounts/{id}/{action}` asks for. None where there is no such action.
    pub(super) fn change(&mut self, id: &str, action: &str, body: &[u8], now: Timestamp) -> Option<Answer> {
        let change = match action {
            "pause" => self.pause(id, true),
            "resume" => self.pause(id, false),
            "priority" => self.prioritise(id, body),
            "rename" => self.rename(id, body),
            "custom-endpoint" => self.redirect(id, body),
            "billing-type" => self.bill(id, body),
            "refresh-usage" => self.reread_usage(id, now),
            "reload" => self.reload(id),
            "force-reset-rate-limit" => self.force_reset(id),
            _ => switch(action).map(|s| self.switch(id, &s, body))?,
        };
        Some(self.answer(change, title(action), now))
    }

    /// The answer to a change, with what the observed server writes about it. The guide's log holds the scheduler alone.
    pub(super) fn answer(&self, change: Change, title: Option<String>, now: Timestamp) -> Answer {
        let mut answer = match change {
            Ok(Done { json, note }) => {
                let log = note.map(|note| Record::new(now, Level::Info, note));
                Answer { log: log.into_iter().collect(), ..Answer::ok(json) }
            }
            Err(refusal) => refusal.into_answer(title, now),
        };
        if self.dialect == Dialect::Guide {
            answer.log.clear();
        }
        answer
    }

    fn find(&mut self, id: &str) -> Result<&mut Account, Refusal> {
        self.account_mut(id).ok_or_else(|| Refusal::Plain(Answer::no_account()))
    }

    /// The body is checked before the id, and the id before the provider.
    fn switch(&mut self, id: &str, switch: &Switch, body: &[u8]) -> Change {
        let on = Body::read(body, "enabled")?.enabled()?;
        let account = self.find(id)?;
        if !(switch.offered)(account) {
            return Err(Refusal::bad(switch.refusal));
        }
        *(switch.column)(account) = on;
        // Who switches it off does not wait for the hours to end.
        if !account.peak_hours_pause_enabled && account.pause_reason == Some(PauseReason::PeakHours) {
            account.resume();
        }
        let word = if on { "enabled" } else { "disabled" };
        let message = format!("{} {word} for account '{}'", switch.words, account.name);
        let mut json = json!({ "success": true, "message": message });
        if let Some(object) = json.as_object_mut() {
            object.insert(switch.field.to_owned(), json!(on));
        }
        Ok(Done::quiet(json))
    }

    fn pause(&mut self, id: &str, pause: bool) -> Change {
        let account = self.find(id)?;
        let word = if pause { "paused" } else { "resumed" };
        if account.paused == pause {
            return Err(Refusal::bad(format!("Account '{}' is already {word}", account.name)));
        }
        if pause {
            account.pause(PauseReason::Manual);
        } else {
            account.resume();
        }
        let message = format!("Account '{}' {word} successfully", account.name);
        Ok(Done::quiet(json!({ "success": true, "message": message })))
    }

    /// Whatever is wrong with the number has one answer.
    fn prioritise(&mut self, id: &str, body: &[u8]) -> Change {
        let read = Body::read(body, "priority").and_then(|body| body.priority());
        let priority = read.map_err(|_| Refusal::Thrown("Failed to update account priority".to_owned()))?;
        let priority = priority.ok_or_else(|| Refusal::bad("Priority is required"))?;
        self.find(id)?.priority = priority;
        Ok(Done::quiet(json!({ "success": true, "priority": priority })))
    }

    fn rename(&mut self, id: &str, body: &[u8]) -> Change {
        let body = Body::read(body, "name")?;
        let name = body.name()?;
        self.find(id)?;
        if self.accounts.iter().any(|a| a.id != id && a.name == name) {
            return Err(Refusal::bad(format!("Account name '{name}' is already taken")));
        }
        let account = self.find(id)?;
        let message = format!("Account renamed from '{}' to '{name}'", account.name);
        name.clone_into(&mut account.name);
        Ok(Done::quiet(json!({ "success": true, "message": message, "newName": name })))
    }

    /// An id that does not exist is no error here.
    fn redirect(&mut self, id: &str, body: &[u8]) -> Change {
        let endpoint = Body::read(body, "customEndpoint")?.endpoint()?;
        if let Some(account) = self.account_mut(id) {
            account.custom_endpoint = endpoint;
        }
        let json = json!({ "success": true, "message": "Custom endpoint updated successfully" });
        Ok(Done::noted(json, format!("Updated custom endpoint for account {id}")))
    }

    fn bill(&mut self, id: &str, body: &[u8]) -> Change {
        let body = Body::read(body, "billingType")?;
        body.required("billingType")?;
        let kind = body.one_of("billingType", &["plan", "api", "auto"])?.unwrap_or_default();
        let account = self.find(id)?;
        if !matches!(account.provider.as_str(), "anthropic-compatible" | "openai-compatible") {
            return Err(Refusal::bad(
                "Custom billing type is only available for anthropic-compatible and openai-compatible providers",
            ));
        }
        account.billing_type = (kind != "auto").then(|| kind.to_owned());
        let message = format!("Billing type set to '{kind}' for account '{}'", account.name);
        Ok(Done::quiet(json!({ "success": true, "message": message, "billingType": kind })))
    }

    /// The usage is read anew: an account of which none was known has one now, unless its tokens are dead.
    fn reread_usage(&mut self, id: &str, now: Timestamp) -> Change {
        let account = self.find(id)?;
        if account.provider != "anthropic" {
            return Err(Refusal::bad("Usage refresh is only available for Anthropic OAuth accounts"));
        }
        let known = !account.is_signed_out(now);
        if known {
            let resets = account.rate_limit_reset.filter(|t| *t > now);
            account.usage.get_or_insert(Usage {
                five_hour: 0.0,
                five_hour_resets: resets,
                seven_day: 0.0,
                seven_day_resets: None,
            });
        }
        let name = &account.name;
        let message =
            format!("Usage polling restarted for account '{name}'. Fresh usage data is now available.");
        let json =
            json!({ "success": true, "message": message, "pollingRestarted": true, "cacheRefreshed": known });
        let note = format!(
            "Usage refresh requested for account '{name}' (polling restarted: true, cache refreshed: {known})"
        );
        Ok(Done::noted(json, note))
    }

    fn reload(&mut self, id: &str) -> Change {
        let account = self.find(id)?;
        if account.provider != "anthropic" {
            return Err(Refusal::bad("Token reload is only available for Anthropic accounts"));
        }
        let note = format!("Token reload triggered for account '{}'", account.name);
        let message = format!("{note}. The next request will use the updated tokens from the database.");
        Ok(Done::noted(json!({ "success": true, "message": message }), note))
    }

    fn force_reset(&mut self, id: &str) -> Change {
        let account = self.find(id)?;
        account.end_cooldown();
        account.rate_limit_reset = None;
        account.rate_limit_status = None;
        account.rate_limit_remaining = None;
        // Those whose usage the observed server polls.
        let polled = matches!(account.provider.as_str(), "anthropic" | "zai" | "nanogpt" | "kilo");
        let name = &account.name;
        let message = format!("Rate limit state cleared for account '{name}'");
        let json = json!({ "success": true, "message": message, "usagePollTriggered": polled });
        let note = format!("Force-reset rate limit for account '{name}' (usage poll triggered: {polled})");
        Ok(Done::noted(json, note))
    }
}
