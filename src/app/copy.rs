//! What can be copied, and how it is told. How it gets to the terminal's clipboard is the runtime's business.

use super::details::Tab;
use super::msg::Effect;
use super::notice::Notice;
use super::state::Dialog;
use super::{State, event, events, fix};
use crate::keymap::Action;
use crate::model::{AccountId, Plain};

/// The most that is copied, in bytes: in base64 that is 74,992, within the 74,994 that every terminal known to copy takes.
const MOST: usize = 56_244;
/// Ids longer than this are told by their ends.
const LONG: usize = 12;

/// Something of the selected account that can be copied.
pub(crate) fn of_account(state: &mut State, action: Action) -> Vec<Effect> {
    state.dialog = None;
    let Some(account) = state.accounts.selection() else { return Vec::new() };
    let (what, text) = match action {
        Action::CopyName => {
            (format!("name {}", state.shown_name(account)), state.shown_name(account).into_owned())
        }
        Action::CopyId => {
            let id = account.id.to_plain();
            (format!("id {}", ends(id.as_str())), id.to_string())
        }
        Action::CopyReset => match account.reset {
            Some(reset) => {
                let reset = reset.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
                (format!("reset {reset}"), reset)
            }
            None => return Vec::new(),
        },
        Action::CopyWhy => {
            let text = crate::view::details_text(state, Tab::Why);
            return copied(state, &format!("why of {}", state.shown_name(account)), text.lines());
        }
        _ => (format!("curl command for {}", state.shown_name(account)), curl(state, &account.id)),
    };
    copied(state, &what, [text.as_str()])
}

/// What the why pane shows: the command that it offers, or else its text.
pub(crate) fn of_pane(state: &mut State) -> Vec<Effect> {
    let Some(account) = state.accounts.selection() else { return Vec::new() };
    if state.details.tab == Tab::Why
        && !state.names.are_hidden()
        && let Some(fix::Fix::Run(command)) = fix::fix(state, account)
    {
        return copied(state, &format!("`{command}`"), [command.as_str()]);
    }
    let tab = state.details.tab;
    let what = format!("{} of {}", tab.name().to_lowercase(), state.shown_name(account));
    let text = crate::view::details_text(state, tab);
    copied(state, &what, text.lines())
}

/// The event that is shown whole, or else the one under the cursor: all that is shown of it whole.
pub(crate) fn of_events(state: &mut State) -> Vec<Effect> {
    let opened = match &state.dialog {
        Some(Dialog::Event(opened)) => Some(opened.text(state)),
        _ => event::under_cursor(state).map(|opened| opened.text(state)),
    };
    let Some(lines) = opened else { return Vec::new() };
    copied(state, "the event", lines.iter().map(String::as_str))
}

/// Copies `lines` and tells that it was done; what is too long is cut and that is told too.
pub(crate) fn copied<'a>(
    state: &mut State,
    what: &str,
    lines: impl IntoIterator<Item = &'a str>,
) -> Vec<Effect> {
    let mut kept = Vec::new();
    let mut room = MOST;
    let mut cut = false;
    for line in lines {
        let line = Plain::new(line);
        let between = usize::from(!kept.is_empty());
        if line.len() + between > room {
            cut = true;
            let mut end = room.saturating_sub(between).min(line.len());
            while !line.as_str().is_char_boundary(end) {
                end -= 1;
            }
            if room >= between {
                kept.push(Plain::new(line.as_str().get(..end).unwrap_or_default()));
            }
            break;
        }
        room -= line.len() + between;
        kept.push(line);
    }
    let told =
        if cut { format!("copied {what}, cut at {} kB", MOST / 1000) } else { format!("copied {what}") };
    state.notice = Some(Notice::done(state.now, &told));
    vec![Effect::Copy(kept)]
}

/// `6f0c…91`: enough to tell an id by.
fn ends(id: &str) -> String {
    let count = id.chars().count();
    if count <= LONG {
        return id.to_owned();
    }
    id.chars().take(4).chain(['…']).chain(id.chars().skip(count - 2)).collect()
}

/// The command that shows this account's state as the server has it. A single account has no path of its own
/// (`docs/server-contract.md`, section 1), so it is picked out of the list.
pub(crate) fn curl(state: &State, id: &AccountId) -> String {
    let url = shell_word(&format!("{}/api/accounts", state.options.url.as_str().trim_end_matches('/')));
    // The key itself is never copied: the shell has it where flaretop had it from.
    let key = if state.options.key_set { " -H \"x-api-key: $FLARETOP_API_KEY\"" } else { "" };
    let pick = shell_word(&format!(".[] | select(.id == {})", json_text(id)));
    format!("curl -s{key} {url} | jq {pick}")
}

/// The id as a JSON text of ASCII characters.
fn json_text(id: &AccountId) -> String {
    use std::fmt::Write as _;
    let mut out = String::from("\"");
    for unit in id.raw().encode_utf16() {
        match char::from_u32(u32::from(unit)) {
            Some(c @ ('"' | '\\')) => out.extend(['\\', c]),
            Some(c @ ' '..='~') => out.push(c),
            _ => {
                let _ = write!(out, "\\u{unit:04x}"); // a string takes everything
            }
        }
    }
    out.push('"');
    out
}

/// `text` as one word of a shell: as it is where it holds nothing that a shell could act upon, else quoted.
pub(crate) fn shell_word(text: &str) -> String {
    let safe = |b: u8| b.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&b);
    if !text.is_empty() && text.bytes().all(safe) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Why `action` has nothing to copy, if so.
pub(crate) fn obstacle(state: &State, action: Action) -> Option<&'static str> {
    // Only the reset needs the account itself, and finding it takes long in a long list.
    let account = state.accounts.selected.as_ref();
    match (action, account) {
        (Action::CopyEvent, _) if matches!(state.dialog, Some(Dialog::Event(_))) => None,
        (Action::CopyEvent, _) => (!events::is_on_event(state)).then_some("there is no event to copy"),
        (Action::Copy, None) if is_empty(state) => None,
        (_, None) => Some("there is no account to copy anything of"),
        (Action::CopyId | Action::CopyCurl, _) if state.names.are_hidden() => Some("names are hidden"),
        (Action::CopyReset, _) => {
            let reset = state.accounts.selection().and_then(|account| account.reset);
            reset.is_none().then_some("its reset is not known")
        }
        _ => None,
    }
}

/// True where the server has no accounts, and the address of its dashboard is what there is to copy.
fn is_empty(state: &State) -> bool {
    state.accounts.list.as_ref().is_some_and(Vec::is_empty)
}

/// Asks what of the account is to be copied. Where there is none, the address is, at which one can be added.
pub(crate) fn ask(state: &mut State) -> Vec<Effect> {
    if is_empty(state) {
        let url = state.options.url.clone();
        return copied(state, url.as_str(), [url.as_str()]);
    }
    state.notice = None;
    state.dialog = Some(Dialog::Copy);
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Options;
    use crate::model::parse_timestamp;
    use proptest::prelude::*;
    use ratatui::layout::Size;

    fn state() -> State {
        let now = parse_timestamp("2026-11-23T13:02:37Z").expect("a time");
        State::new(now, Size::new(80, 24), Options::default())
    }

    #[test]
    fn the_command_picks_the_account_out_of_the_list_and_holds_no_key() {
        let mut state = state();
        assert_eq!(
            curl(&state, &AccountId::new("6f0c-91")),
            r#"curl -s http://localhost:8080/api/accounts | jq '.[] | select(.id == "6f0c-91")'"#
        );
        state.options.key_set = true;
        assert_eq!(
            curl(&state, &AccountId::new("it's \"\\é\n")),
            r#"curl -s -H "x-api-key: $FLARETOP_API_KEY" http://localhost:8080/api/accounts | jq '.[] | select(.id == "it'\''s \"\\\u00e9\u000a")'"#
        );
    }

    #[test]
    fn words_are_quoted_so_that_no_shell_acts_upon_them() {
        for (text, word) in [
            ("spare", "spare"),
            ("", "''"),
            ("two words", "'two words'"),
            ("$(reboot)", "'$(reboot)'"),
            ("a'b", r"'a'\''b'"),
            ("réseau", "'réseau'"),
            ("~root", "'~root'"),
        ] {
            assert_eq!(shell_word(text), word);
        }
    }

    #[test]
    fn long_ids_are_told_by_their_ends() {
        assert_eq!(ends("6f0c8a52-1b5e-4f6e-9d7a-5d3c2b1a0f91"), "6f0c…91");
        assert_eq!(ends("9b1d-44"), "9b1d-44");
        assert_eq!(ends(""), "");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_copied_is_bounded_clean_and_the_beginning_of_the_text(text in "(\\PC|[\n\t\u{1b}]){0,200}", times in 1usize..2_000) {
            let text = text.repeat(times);
            let mut state = state();
            let Some(Effect::Copy(lines)) = copied(&mut state, "it", text.lines()).pop() else {
                panic!("something was copied")
            };
            let all: Vec<&str> = lines.iter().map(Plain::as_str).collect();
            let all = all.join("\n");
            prop_assert!(all.len() <= MOST);
            let clean: Vec<String> = text.lines().map(|l| Plain::new(l).to_string()).collect();
            prop_assert!(clean.join("\n").starts_with(&all));
            let told = state.notice.map(|n| n.text.to_string()).unwrap_or_default();
            prop_assert_eq!(told.contains("cut"), all.len() < clean.join("\n").len());
        }
    }
}
