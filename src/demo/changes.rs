//! The requests that change an account, with the refusals as recorded (`docs/server-contract.md`, section 2).

use reqwest::Url;
use serde_json::{Value, json};

use super::account::{Account, PauseReason};
use super::api::Answer;
use super::world::World;

/// The longest name.
const LONGEST_NAME: usize = 100;

type Change = Result<Answer, Answer>;

fn bad(text: impl Into<String>) -> Answer {
    Answer::error(400, text)
}

/// The body as JSON, or the engine's complaint.
fn read(body: &[u8], field: &str) -> Result<Value, Answer> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Answer::error(500, "Unexpected end of JSON input"));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Null) => Err(Answer::error(500, format!("null is not an object (evaluating 'Q.{field}')"))),
        Ok(value) => Ok(value),
        Err(_) => Err(Answer::error(500, "Failed to parse JSON")),
    }
}

/// A field that is there and is not null.
fn field<'a>(body: &'a Value, name: &str) -> Option<&'a Value> {
    body.get(name).filter(|v| !v.is_null())
}

/// `enabled`, which is a number or the text of one, and 0 or 1.
fn enabled(body: &[u8]) -> Result<bool, Answer> {
    let body = read(body, "enabled")?;
    let number = match field(&body, "enabled") {
        None => return Err(bad("enabled is required")),
        Some(Value::Number(n)) => n.as_f64(),
        Some(Value::String(text)) => match text.trim().parse::<f64>() {
            Ok(number) => Some(number),
            Err(_) => return Err(bad("enabled must be a valid number")),
        },
        Some(_) => return Err(bad("enabled must be a number")),
    };
    match number {
        Some(0.0) => Ok(false),
        Some(1.0) => Ok(true),
        _ => Err(bad("enabled must be one of: 0, 1")),
    }
}

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

impl World {
    /// Does what `POST /api/accounts/{id}/{action}` asks for. None where there is no such action.
    pub(super) fn change(&mut self, id: &str, action: &str, body: &[u8]) -> Option<Answer> {
        let change = match action {
            "pause" => self.pause(id, true),
            "resume" => self.pause(id, false),
            "priority" => self.prioritise(id, body),
            "rename" => self.rename(id, body),
            "custom-endpoint" => self.redirect(id, body),
            "billing-type" => self.bill(id, body),
            "refresh-usage" | "reload" => self.nudge(id, action),
            "force-reset-rate-limit" => self.force_reset(id),
            _ => switch(action).map(|s| self.switch(id, &s, body))?,
        };
        Some(change.unwrap_or_else(|refusal| refusal))
    }

    fn find(&mut self, id: &str) -> Result<&mut Account, Answer> {
        self.account_mut(id).ok_or_else(Answer::no_account)
    }

    /// The body is checked before the id, and the id before the provider.
    fn switch(&mut self, id: &str, switch: &Switch, body: &[u8]) -> Change {
        let on = enabled(body)?;
        let account = self.find(id)?;
        if !(switch.offered)(account) {
            return Err(bad(switch.refusal));
        }
        *(switch.column)(account) = on;
        let word = if on { "enabled" } else { "disabled" };
        let message = format!("{} {word} for account '{}'", switch.words, account.name);
        let mut json = json!({ "success": true, "message": message });
        if let Some(object) = json.as_object_mut() {
            object.insert(switch.field.to_owned(), json!(on));
        }
        Ok(Answer::ok(json))
    }

    fn pause(&mut self, id: &str, pause: bool) -> Change {
        let account = self.find(id)?;
        let word = if pause { "paused" } else { "resumed" };
        if account.paused == pause {
            return Err(bad(format!("Account '{}' is already {word}", account.name)));
        }
        if pause {
            account.pause(PauseReason::Manual);
        } else {
            account.resume();
        }
        let message = format!("Account '{}' {word} successfully", account.name);
        Ok(Answer::ok(json!({ "success": true, "message": message })))
    }

    fn prioritise(&mut self, id: &str, body: &[u8]) -> Change {
        let failed = || Answer::error(500, "Failed to update account priority");
        let body = read(body, "priority").map_err(|_| failed())?;
        let number = match field(&body, "priority") {
            None => return Err(bad("Priority is required")),
            Some(Value::Number(n)) => n.as_f64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        let number = number.filter(|n| (0.0..=100.0).contains(n) && n.fract() == 0.0).ok_or_else(failed)?;
        let account = self.find(id)?;
        account.priority = number as i64;
        Ok(Answer::ok(json!({ "success": true, "priority": account.priority })))
    }

    fn rename(&mut self, id: &str, body: &[u8]) -> Change {
        let body = read(body, "name")?;
        let name = match field(&body, "name") {
            None => return Err(bad("name is required")),
            Some(Value::String(text)) => text.trim(),
            Some(_) => return Err(bad("name must be a string")),
        };
        if name.is_empty() {
            return Err(bad("name must be at least 1 characters long"));
        }
        if name.chars().count() > LONGEST_NAME {
            return Err(bad(format!("name must be at most {LONGEST_NAME} characters long")));
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || matches!(c, '-' | '_' | '.');
        if !name.chars().all(fits) {
            return Err(bad(
                "name can only contain letters, numbers, spaces, hyphens, underscores, and dots",
            ));
        }
        if self.accounts.iter().any(|a| a.id != id && a.name == name) {
            return Err(bad(format!("Account name '{name}' is already taken")));
        }
        let account = self.find(id)?;
        let message = format!("Account renamed from '{}' to '{name}'", account.name);
        name.clone_into(&mut account.name);
        Ok(Answer::ok(json!({ "success": true, "message": message, "newName": name })))
    }

    /// An id that does not exist is no error here.
    fn redirect(&mut self, id: &str, body: &[u8]) -> Change {
        let body = read(body, "customEndpoint")?;
        let endpoint = match field(&body, "customEndpoint") {
            None => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) if Url::parse(text).is_ok() => Some(text.clone()),
            Some(Value::String(_)) => return Err(Answer::error(500, "Invalid URL format")),
            Some(_) => return Err(bad("customEndpoint must be a string")),
        };
        if let Some(account) = self.account_mut(id) {
            account.custom_endpoint = endpoint;
        }
        Ok(Answer::ok(json!({ "success": true, "message": "Custom endpoint updated successfully" })))
    }

    fn bill(&mut self, id: &str, body: &[u8]) -> Change {
        let body = read(body, "billingType")?;
        let kind = field(&body, "billingType").and_then(Value::as_str).unwrap_or_default();
        if !matches!(kind, "plan" | "api" | "auto") {
            return Err(bad("billingType must be one of: plan, api, auto"));
        }
        let account = self.find(id)?;
        if !matches!(account.provider.as_str(), "anthropic-compatible" | "openai-compatible") {
            return Err(bad(
                "Custom billing type is only available for anthropic-compatible and openai-compatible providers",
            ));
        }
        account.billing_type = (kind != "auto").then(|| kind.to_owned());
        let message = format!("Billing type set to '{kind}' for account '{}'", account.name);
        Ok(Answer::ok(json!({ "success": true, "message": message, "billingType": kind })))
    }

    fn nudge(&mut self, id: &str, action: &str) -> Change {
        let account = self.find(id)?;
        let (name, anthropic) = (&account.name, account.provider == "anthropic");
        if action == "reload" {
            if !anthropic {
                return Err(bad("Token reload is only available for Anthropic accounts"));
            }
            let message = format!(
                "Token reload triggered for account '{name}'. The next request will use the updated tokens from the database."
            );
            return Ok(Answer::ok(json!({ "success": true, "message": message })));
        }
        if !anthropic {
            return Err(bad("Usage refresh is only available for Anthropic OAuth accounts"));
        }
        let message =
            format!("Usage polling restarted for account '{name}'. Fresh usage data is now available.");
        Ok(Answer::ok(
            json!({ "success": true, "message": message, "pollingRestarted": true, "cacheRefreshed": true }),
        ))
    }

    fn force_reset(&mut self, id: &str) -> Change {
        let account = self.find(id)?;
        account.end_cooldown();
        account.rate_limit_reset = None;
        account.rate_limit_status = None;
        account.rate_limit_remaining = None;
        let message = format!("Rate limit state cleared for account '{}'", account.name);
        let polled = account.provider == "anthropic";
        Ok(Answer::ok(json!({ "success": true, "message": message, "usagePollTriggered": polled })))
    }

    /// `DELETE /api/accounts/{name}`, which goes by the name.
    pub(super) fn delete(&mut self, name: &str, body: &[u8]) -> Answer {
        let body = match read(body, "confirm") {
            Ok(body) => body,
            Err(refusal) => return refusal,
        };
        let Some(confirm) = field(&body, "confirm").and_then(Value::as_str) else {
            return bad("confirm is required");
        };
        if confirm != name {
            return bad("Confirmation string does not match account name");
        }
        let before = self.accounts.len();
        self.accounts.retain(|a| a.name != name);
        if self.accounts.len() == before {
            return Answer::no_account();
        }
        Answer::ok(json!({ "success": true, "message": format!("Account '{name}' removed successfully") }))
    }
}
