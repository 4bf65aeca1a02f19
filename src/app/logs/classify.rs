//! What one record says, from its message alone.
//!
//! One table of beginnings, in the wording of `docs/server-contract.md`, section 4: that of the observed server, of newer and
//! older ones, and of the guide. Account names stand in the messages as they are and may hold anything, so each pattern
//! finds the name between its own words, from the end where the name comes first and from the beginning where foreign text
//! comes last. What belongs together across records is left to [`super::context`].

use std::sync::LazyLock;

use memchr::memmem::FinderRev;

use crate::model::{Cause, DueReason, Event, Kind, Level, LogLine, Plain, parse_timestamp};

/// What a pattern finds: the kind, and the account's name.
type Found<'a> = Option<(Kind, Option<&'a str>)>;

/// A beginning, and how the rest is read. A reader that finds nothing leaves the record to the next pattern.
type Pattern = (&'static str, for<'a> fn(&'a str, &LogLine) -> Found<'a>);

/// What `line` says.
pub fn classify(line: &LogLine) -> Event {
    let message = without_rendering(line.message.as_str());
    let found = match message.as_bytes().first() {
        Some(b' ' | 0x80..) => signposted(message, line),
        Some(first) => BY_FIRST
            .get(usize::from(*first))
            .and_then(|patterns| {
                patterns.iter().find_map(|(start, read)| read(message.strip_prefix(start)?, line))
            })
            .or_else(|| in_backoff(message, line)),
        None => None,
    };
    match found {
        Some((kind, account)) => Event { kind, account: account.map(Plain::new) },
        None => Event { kind: Kind::Plain, account: None },
    }
}

/// The patterns by the byte with which they begin, in the table's order: a flood is asked for few of them.
static BY_FIRST: LazyLock<[Vec<Pattern>; 128]> = LazyLock::new(|| {
    let of = |byte: usize| {
        move |(start, _): &&Pattern| start.as_bytes().first().map(|b| usize::from(*b)) == Some(byte)
    };
    std::array::from_fn(|byte| PATTERNS.iter().filter(of(byte)).copied().collect())
});

/// The message without the `[INFO] [AutoRefreshScheduler] ` that some renderings put before it.
fn without_rendering(message: &str) -> &str {
    let mut rest = message;
    for _ in 0..3 {
        let inner = rest.strip_prefix('[').and_then(|r| r.split_once("] "));
        match inner {
            Some((word, after)) if word != "ccflare" && word.len() <= 32 => rest = after,
            _ => break,
        }
    }
    rest
}

/// Lines that begin with a sign or with blanks: the seven of a refused sign-in.
fn signposted<'a>(message: &'a str, line: &LogLine) -> Found<'a> {
    if line.level != Level::Error {
        return None;
    }
    let words = message.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    SIGNPOSTED.iter().find_map(|(start, read)| read(words.strip_prefix(start)?, line))
}

/// `ServiceUnavailableError: Token refresh for account N is in backoff period …`, where the first word is a minified name.
fn in_backoff<'a>(message: &'a str, line: &LogLine) -> Found<'a> {
    if line.level != Level::Error {
        return None;
    }
    let name = message.strip_suffix(" is in backoff period after recent failure")?;
    let (_, name) = name.split_once("Token refresh for account ")?;
    Some((Kind::TokenRefreshFailed, Some(name)))
}

const PATTERNS: &[Pattern] = &[
    // The scheduler itself.
    ("Starting auto-refresh scheduler", |_, _| Some((Kind::SchedulerStarted, None))),
    ("Auto-refresh scheduler stopped", |_, _| Some((Kind::SchedulerStopped, None))),
    ("Auto-refresh scheduler already running", |_, _| Some((Kind::Detail, None))),
    ("Auto-refresh check ", |_, _| Some((Kind::Detail, None))),
    ("Error in auto-refresh check:", |r, line| Some((Kind::CheckFailed(text_or_data(r, line)), None))),
    ("Database not available for auto-refresh check", |_, line| {
        Some((Kind::CheckFailed(line.message.clone()), None))
    }),
    // Who is due.
    ("First-time refresh for account: ", |r, _| Some((Kind::Due(DueReason::FirstTime), Some(r)))),
    ("New window detected for account ", |r, _| {
        if let Some((name, _)) = r.rsplit_once(": reset time ") {
            return Some((Kind::Due(DueReason::WindowOver), Some(name)));
        }
        let (name, _) = r.rsplit_once(": current reset ")?;
        Some((Kind::Due(DueReason::NewReset), Some(name)))
    }),
    ("Stale reset time detected for account ", |r, _| {
        Some((Kind::Due(DueReason::Stale), Some(before_last(r, ": "))))
    }),
    ("Found ", |r, _| {
        let (count, rest) = r.split_once(' ')?;
        let known = rest.starts_with("account(s) with ") && rest.ends_with(" windows for auto-refresh");
        Some((Kind::Batch(count.parse().ok().filter(|_| known)?), None))
    }),
    ("No new window for account ", |r, _| Some((Kind::Detail, Some(r.rsplit_once(": current reset ")?.0)))),
    ("Considering account: ", |r, _| Some((Kind::Detail, Some(r.rsplit_once(", reset_time: ")?.0)))),
    // One refresh.
    ("Sending auto-refresh message to account: ", |r, _| Some((Kind::Sending, Some(without_prompt(r))))),
    ("Attempting auto-refresh for ", |r, _| {
        Some((Kind::Attempting, Some(r.rsplit_once(" with model: ")?.0)))
    }),
    ("Current token expires at: ", |_, _| Some((Kind::Detail, None))),
    ("Current time: ", |_, _| Some((Kind::Detail, None))),
    ("Access token available: ", |_, _| Some((Kind::Detail, None))),
    ("Refresh token available: ", |_, _| Some((Kind::Detail, None))),
    ("Token expired for account: ", |r, _| Some((Kind::Detail, Some(r)))),
    ("Refreshing OAuth token for account ", |r, _| {
        Some((Kind::Detail, Some(r.rsplit_once(" with client ID: ")?.0)))
    }),
    ("Refreshing ", |r, _| Some((Kind::Detail, Some(r.split_once(" token for account: ")?.1)))),
    ("No provider found for ", |r, _| {
        Some((Kind::NoProvider, Some(r.split_once(" (account: ")?.1.strip_suffix(')')?)))
    }),
    ("Auto-refresh message sent successfully for account: ", |r, _| {
        Some((Kind::Succeeded, Some(without_prompt(r))))
    }),
    ("Auto-refresh response for ", |r, _| Some((Kind::Response, Some(r.split_once(": ")?.0)))),
    ("Auto-refresh response status: ", |_, _| Some((Kind::Detail, None))),
    ("Auto-refresh request payload: ", |_, _| Some((Kind::Detail, None))),
    ("Auto-refresh headers: ", |_, _| Some((Kind::Detail, None))),
    ("Could not read response body for ", |r, _| Some((Kind::Detail, Some(r.split_once(": ")?.0)))),
    ("Updated rate_limit_reset for ", |r, _| {
        let (name, reset) = r.rsplit_once(" to ")?;
        Some((Kind::NewWindow(parse_timestamp(reset.trim())), Some(name)))
    }),
    ("Updated rate_limit_status for ", |r, _| Some((Kind::StatusUpdated, Some(r.rsplit_once(" to ")?.0)))),
    ("Updated rate_limit_remaining for ", |r, _| Some((Kind::StatusUpdated, Some(r.rsplit_once(" to ")?.0)))),
    ("Cleared rate_limited_until for ", |r, _| {
        let (name, after) = r.rsplit_once(" as account has been refreshed")?;
        Some((Kind::CooldownCleared { new_reset: !after.contains("no new reset") }, Some(name)))
    }),
    ("Fetched usage data for ", |r, _| Some((Kind::UsageRead, Some(before_last(r, ": "))))),
    ("Failed to fetch usage data: ", |_, _| Some((Kind::UsageReadFailed, None))),
    ("Failed to fetch usage data for ", |r, _| {
        Some((Kind::UsageReadFailed, Some(r.strip_suffix(" after auto-refresh")?)))
    }),
    // How it failed.
    ("Auto-refresh message failed for account ", |r, _| {
        let (name, status) = status_at_end(r)?;
        Some((Kind::Failed(cause_of_status(status)), Some(name)))
    }),
    ("Failed to send auto-refresh message to ", |r, _| {
        let (name, reason) = r.split_once(" with any model: ")?;
        Some((Kind::Failed(Cause::NoAnswer(Plain::new(reason))), Some(name)))
    }),
    ("Response body: ", |_, _| Some((Kind::FailureBody, None))),
    ("Auto-refresh probe for ", |r, _| Some((Kind::Detail, Some(r.split_once(" received ")?.0)))),
    ("Error sending auto-refresh message to account ", |r, _| {
        let (name, text) = exception(r)?;
        Some((Kind::Exception(Plain::new(text)), Some(name)))
    }),
    ("Auto-refresh stack trace for ", |r, _| Some((Kind::StackTrace, Some(exception(r)?.0)))),
    ("Account \"", |r, _| {
        Some((Kind::PausedByFailures, Some(r.split_once("\" has been PAUSED. Resume with: ")?.0)))
    }),
    ("Account ", account),
    ("Authentication failed (401) for account ", |r, _| {
        Some((Kind::ProviderRefused, Some(r.rsplit_once(", failing over").map_or(r, |(name, _)| name))))
    }),
    ("Authentication failed for account ", |r, _| {
        Some((Kind::Failed(Cause::Unauthorized), Some(r.rsplit_once(" - token ")?.0)))
    }),
    ("[ccflare] account=", |r, _| {
        let (name, rest) = r.rsplit_once(" cooldown_applied reason=")?;
        let (reason, rest) = rest.split_once(" until=").unwrap_or((rest, ""));
        let until = rest.split(' ').next().and_then(parse_timestamp);
        Some((Kind::CooldownApplied { reason: Plain::new(reason), until }, Some(name)))
    }),
    ("Failed to proxy request with account ", |r, _| Some((Kind::ProxyFailed, Some(r)))),
    ("Proxy request failed:", |_, _| Some((Kind::ProxyFailed, None))),
    // Tokens.
    ("Token refresh failed for ", |r, _| {
        let r = r.strip_prefix("account ").unwrap_or(r);
        let name =
            r.split_once(": Status ").or_else(|| r.split_once(": OAuth token refresh failed for account '"));
        Some((Kind::TokenRefreshFailed, Some(name.or_else(|| r.split_once(": "))?.0)))
    }),
    ("Failed to proactively refresh ", |r, _| {
        let name = r.split_once(" token for ")?.1;
        Some((Kind::TokenRefreshFailed, Some(name.strip_suffix(':').unwrap_or(name))))
    }),
    ("Successfully refreshed token for account: ", |r, _| Some((Kind::TokenRenewed, Some(r)))),
    ("Successfully recovered token for account ", |r, _| {
        Some((Kind::TokenRenewed, Some(r.strip_suffix(" from DB")?)))
    }),
    ("Codex token refreshed for ", |r, _| {
        Some((Kind::TokenRenewed, Some(r.rsplit_once(", expires at ")?.0)))
    }),
    ("qwen token refreshed for ", |r, _| Some((Kind::TokenRenewed, Some(r.rsplit_once(", expires at ")?.0)))),
    // Pauses, and the switch.
    ("Peak hours pause: paused ", |r, _| Some((Kind::PeakPaused, Some(quoted(r)?)))),
    ("Peak hours resume: resumed ", |r, _| Some((Kind::PeakResumed, Some(quoted(r)?)))),
    ("Auto-resuming account '", |r, _| {
        let name = r.split_once("' \u{2014} ").or_else(|| r.rsplit_once("' after "))?.0;
        Some((Kind::AutoResumed, Some(name)))
    }),
    ("Account auto-refresh toggle error:", |_, _| Some((Kind::ToggleFailed, None))),
];

const SIGNPOSTED: &[Pattern] = &[
    ("AUTHENTICATION FAILED: Account \"", |r, _| {
        Some((Kind::AuthFailed, Some(r.strip_suffix("\" needs manual reauthentication")?)))
    }),
    ("Token refresh failed for account \"", |r, _| {
        Some((Kind::AuthDetail, Some(r.rsplit_once("\" - both access token")?.0)))
    }),
    ("MANUAL ACTION REQUIRED: ", |_, _| Some((Kind::AuthDetail, None))),
    ("bun run cli --reauthenticate \"", |r, _| Some((Kind::AuthDetail, Some(r.strip_suffix('"')?)))),
    ("Alternative: You can also reauthenticate ", |_, _| Some((Kind::AuthDetail, None))),
    ("Auto-refresh has been DISABLED for account \"", |r, _| {
        Some((Kind::SwitchedOff, Some(r.rsplit_once("\" until reauthentication")?.0)))
    }),
    ("Re-enable auto-refresh after reauthentication with: ", |r, _| {
        let name = r.split_once(" --auto-refresh \"").and_then(|(_, name)| name.strip_suffix('"'));
        Some((Kind::AuthDetail, name))
    }),
];

/// What stands behind the name in the lines that begin with `Account ` and a bare name, ready to be looked for: busy servers write
/// many lines that begin so and say something else.
struct BehindName {
    failed: FinderRev<'static>,
    limited: FinderRev<'static>,
    backs_off: FinderRev<'static>,
    signed_out: FinderRev<'static>,
}

static BEHIND_NAME: LazyLock<BehindName> = LazyLock::new(|| BehindName {
    failed: FinderRev::new(" has failed "),
    limited: FinderRev::new(" rate-limited (429)"),
    backs_off: FinderRev::new(" is in refresh backoff period"),
    signed_out: FinderRev::new(" requires re-authentication "),
});

/// The lines that begin with `Account ` and a bare name.
fn account<'a>(rest: &'a str, line: &LogLine) -> Found<'a> {
    let read = |words: &FinderRev<'_>| {
        let (name, after) = rest.split_at_checked(words.rfind(rest)?)?;
        Some((name, after.get(words.needle().len()..)?))
    };
    let words = &*BEHIND_NAME;
    if let Some((name, after)) = read(&words.failed)
        && let Some((count, after)) = after.split_once(" consecutive auto-refresh attempts")
    {
        let out = after.contains("pausing account");
        return Some((if out { Kind::StrikeOut } else { Kind::Strike(count.parse().ok()?) }, Some(name)));
    }
    if let Some((name, _)) = read(&words.limited) {
        return Some((Kind::ProviderLimited, Some(name)));
    }
    if let Some((name, _)) = read(&words.backs_off) {
        return Some((Kind::Detail, Some(name)));
    }
    if line.level == Level::Error
        && let Some((name, _)) = read(&words.signed_out)
    {
        return Some((Kind::TokenRefreshFailed, Some(name)));
    }
    None
}

/// How many failures in a row a strike's message counts.
pub(super) fn strikes(message: &str) -> Option<u32> {
    message.rsplit_once(" has failed ")?.1.split(' ').next()?.parse().ok()
}

/// What a refused refresh's status says by itself. The 503 that stands for several causes is kept as it is written.
fn cause_of_status(status: &str) -> Cause {
    match status.get(..3) {
        Some("401") => Cause::Unauthorized,
        Some("429") => Cause::RateLimited(None),
        Some("529") => Cause::Overloaded,
        _ => Cause::Status(Plain::new(status.trim_end())),
    }
}

/// Splits `NAME: 503 Service Unavailable` at the last colon before three digits; else at the last colon.
fn status_at_end(rest: &str) -> Option<(&str, &str)> {
    rest.rmatch_indices(": ")
        .map(|(at, _)| rest.split_at(at))
        .filter_map(|(name, status)| Some((name, status.strip_prefix(": ")?)))
        .find(|(_, status)| {
            let mut bytes = status.bytes();
            bytes.by_ref().take(3).filter(u8::is_ascii_digit).count() == 3
                && matches!(bytes.next(), None | Some(b' '))
        })
        .or_else(|| rest.rsplit_once(": "))
}

/// Splits `NAME: TypeError: text` before the first word that looks like an error's name; else at the first colon.
fn exception(rest: &str) -> Option<(&str, &str)> {
    rest.match_indices(": ")
        .map(|(at, _)| rest.split_at(at))
        .filter_map(|(name, text)| Some((name, text.strip_prefix(": ")?)))
        .find(|(_, text)| {
            let word = text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            word.ends_with("Error") || word.ends_with("Exception")
        })
        .or_else(|| rest.split_once(": "))
}

/// `N` of `zai account 'N'`.
fn quoted(rest: &str) -> Option<&str> {
    rest.split_once(" account '")?.1.strip_suffix('\'')
}

/// The name without the ` (prompt #3)` of newer servers.
fn without_prompt(rest: &str) -> &str {
    let cut = rest.strip_suffix(')').and_then(|r| r.rsplit_once(" (prompt #"));
    cut.filter(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())).map_or(rest, |(name, _)| name)
}

fn before_last<'a>(rest: &'a str, mark: &str) -> &'a str {
    rest.rsplit_once(mark).map_or(rest, |(name, _)| name)
}

/// The text of an error: behind the colon, else in the record's data.
fn text_or_data(rest: &str, line: &LogLine) -> Plain {
    let rest = rest.trim();
    if rest.is_empty() { line.data.clone().unwrap_or_default() } else { Plain::new(rest) }
}
