//! What is sent to change something, spelled as the server wants it (`docs/server-contract.md`, section 2).

use crate::model::{Deed, Endpoint, Setting};

/// The end of the path below an account, and the body, of the request that asks for a deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// `/api/accounts/{id}/` goes before it.
    pub action: &'static str,
    /// JSON, where a body is read.
    pub body: Option<String>,
}

/// The request that asks for `deed`.
pub fn wanted(deed: &Deed) -> Wanted {
    // The server wants a number here; `true` is refused.
    let enabled = |on: bool| Some(format!(r#"{{"enabled":{}}}"#, u8::from(on)));
    let (action, body) = match deed {
        Deed::Switch(change) => match (change.setting, change.to) {
            (Setting::AutoRefresh, to) => ("auto-refresh", enabled(to)),
            (Setting::AutoFallback, to) => ("auto-fallback", enabled(to)),
            (Setting::Paused, true) => ("pause", None),
            (Setting::Paused, false) => ("resume", None),
        },
        Deed::Priority(priority) => ("priority", Some(format!(r#"{{"priority":{}}}"#, priority.number()))),
        Deed::Endpoint(address) => {
            let address = serde_json::Value::from(address.as_ref().map(Endpoint::as_str));
            ("custom-endpoint", Some(format!(r#"{{"customEndpoint":{address}}}"#)))
        }
        Deed::ReadUsage => ("refresh-usage", None),
        Deed::ClearLimit => ("force-reset-rate-limit", None),
    };
    Wanted { action, body }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Change, Priority};

    #[test]
    fn every_deed_has_a_path_of_its_own_and_the_body_that_is_read_there() {
        let switch = |setting, to| Deed::Switch(Change { setting, to });
        for (deed, action, body) in [
            (switch(Setting::AutoRefresh, true), "auto-refresh", Some(r#"{"enabled":1}"#)),
            (switch(Setting::AutoFallback, false), "auto-fallback", Some(r#"{"enabled":0}"#)),
            (switch(Setting::Paused, true), "pause", None),
            (switch(Setting::Paused, false), "resume", None),
            (Deed::Priority(Priority::new(100).expect("one")), "priority", Some(r#"{"priority":100}"#)),
            (
                Deed::Endpoint(Endpoint::parse("https://x.example/").ok()),
                "custom-endpoint",
                Some(r#"{"customEndpoint":"https://x.example/"}"#),
            ),
            (Deed::Endpoint(None), "custom-endpoint", Some(r#"{"customEndpoint":null}"#)),
            (Deed::ReadUsage, "refresh-usage", None),
            (Deed::ClearLimit, "force-reset-rate-limit", None),
        ] {
            assert_eq!(wanted(&deed), Wanted { action, body: body.map(str::to_owned) });
        }
    }
}
