//! Adding and removing accounts over HTTP, as recorded.

use chrono::SubsecRound as _;
use serde_json::json;

use super::account::{Account, Token};
use super::api::Answer;
use super::body::{Body, Refusal};
use super::changes::{Change, Done};
use super::world::World;
use crate::model::Timestamp;

/// Most accounts that can be added to; far more than anyone has, and still a list that can be sent.
const MOST_ACCOUNTS: usize = 20_000;

impl World {
    /// `POST /api/accounts`: an account with tokens that someone has already. A name may be given twice.
    pub(super) fn add(&mut self, body: &[u8], now: Timestamp) -> Answer {
        let change = self.try_add(body, now);
        self.answer(change, Some("Account add error:".to_owned()), now)
    }

    fn try_add(&mut self, body: &[u8], now: Timestamp) -> Change {
        let body = Body::read(body, "name")?;
        let name = body.name()?;
        // The tokens are looked at and forgotten: nothing is ever sent with them.
        body.filled("accessToken")?;
        body.filled("refreshToken")?;
        body.one_of("provider", &["anthropic"])?;
        let priority = body.priority()?.unwrap_or_default();
        let endpoint = if body.is_falsy("customEndpoint") { None } else { body.endpoint()? };
        if self.accounts.len() >= MOST_ACCOUNTS {
            return Err(Refusal::Thrown(format!("The demo holds at most {MOST_ACCOUNTS} accounts")));
        }
        let id = self.new_id();
        let mut account = Account::new(&id, name, "anthropic", now.trunc_subsecs(3));
        account.priority = priority;
        account.custom_endpoint = endpoint;
        // When the access token ends is not known before it is renewed.
        account.token = Token { refresh: true, expires: None };
        self.accounts.push(account);
        let message = format!("Account {name} added successfully");
        Ok(Done::quiet(json!({ "success": true, "message": message, "priority": priority, "accountId": id })))
    }

    /// `DELETE /api/accounts/{name}`, which goes by the name.
    pub(super) fn delete(&mut self, name: &str, body: &[u8], now: Timestamp) -> Answer {
        let change = self.try_delete(name, body);
        self.answer(change, None, now)
    }

    fn try_delete(&mut self, name: &str, body: &[u8]) -> Change {
        let body = Body::read(body, "confirm")?;
        if body.required("confirm")? != name {
            let mut answer = Answer::error(400, "Confirmation string does not match account name");
            if let Some(object) = answer.json.as_object_mut() {
                object.insert("details".to_owned(), json!({ "confirmationRequired": true }));
            }
            return Err(Refusal::Plain(answer));
        }
        let before = self.accounts.len();
        self.accounts.retain(|a| a.name != name);
        if self.accounts.len() == before {
            return Err(Refusal::Plain(Answer::error(404, format!("Account '{name}' not found"))));
        }
        let message = format!("Account '{name}' removed successfully");
        Ok(Done::quiet(json!({ "success": true, "message": message })))
    }
}
