//! The keys of this run: the table's, except where the user gave an action others.

use std::fmt;

use super::{Action, BINDINGS, Chord, ChordError, Code, Scope};

/// The key that always quits, whatever else is said: nobody is to be locked in.
const ALWAYS_QUITS: Chord = Chord::ctrl(Code::Char('c'));

/// One line of the table, with the keys of this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// What it means.
    pub action: Action,
    /// Where.
    pub scope: Scope,
    /// The keys, as text; none where the user took them away.
    pub keys: Vec<String>,
    /// The word in the footer; empty: not shown there.
    pub word: &'static str,
    /// The sentence in the help.
    pub help: &'static str,
    /// The keys.
    chords: Vec<Chord>,
}

impl Bound {
    /// The first key, which is the one that is named; empty where there is none.
    pub fn key(&self) -> &str {
        self.keys.first().map_or("", String::as_str)
    }
}

/// The keys of this run, in the order of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    lines: Vec<Bound>,
}

impl Default for Keymap {
    /// The table as it is. A key that does not parse would be no key; a test sees to it that all do.
    fn default() -> Self {
        let line = |b: &super::Binding| Bound {
            action: b.action,
            scope: b.scope,
            keys: b.keys.iter().map(|k| (*k).to_owned()).collect(),
            word: b.word,
            help: b.help,
            chords: b.keys.iter().filter_map(|k| k.parse().ok()).collect(),
        };
        Self { lines: BINDINGS.iter().map(line).collect() }
    }
}

/// What keys the user gave one action, wherever it is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The action.
    pub action: Action,
    /// Its keys from now on; none: it has no key.
    pub keys: Vec<Chord>,
}

/// Why keys cannot be as the user wants them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyError {
    /// Another action has the key in the same place.
    Taken {
        /// The action that was given the key.
        action: Action,
        /// The key.
        key: Chord,
        /// The action that has it.
        by: Action,
        /// Where the two meet.
        scope: Scope,
    },
    /// The key always quits.
    AlwaysQuits(Action),
    /// Without a key for this action what lies over the panes could not be left.
    Needed(Action),
}

impl KeyError {
    /// The action whose keys are at fault.
    pub fn action(&self) -> Action {
        match self {
            Self::Taken { action, .. } | Self::AlwaysQuits(action) | Self::Needed(action) => *action,
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken { key, by, scope, .. } => {
                let (by, place) = (by.name(), scope.place());
                write!(f, "`{key}` is already {by} ({place}); give {by} other keys too, or none: {by} = []")
            }
            Self::AlwaysQuits(action) => {
                write!(f, "{ALWAYS_QUITS} always quits, so {} cannot have it", action.name())
            }
            Self::Needed(action) => write!(f, "{} must keep a key, or there is no way back", action.name()),
        }
    }
}

impl Keymap {
    /// The table with the user's keys. The last of two overrides of one action counts.
    ///
    /// # Errors
    /// Every override that takes another action's key, or the last way out.
    pub fn with(overrides: &[Override]) -> Result<Self, Vec<KeyError>> {
        let mut keymap = Self::default();
        let mut errors = Vec::new();
        for Override { action, keys } in overrides {
            if is_usual(*action, keys) {
                continue; // in each place as it is there
            }
            if *action != Action::Quit && keys.contains(&ALWAYS_QUITS) {
                errors.push(KeyError::AlwaysQuits(*action));
            }
            if matches!(action, Action::Cancel | Action::CloseHelp) && keys.is_empty() {
                errors.push(KeyError::Needed(*action));
            }
            let mut chords: Vec<Chord> = Vec::with_capacity(keys.len());
            let always = (*action == Action::Quit).then_some(ALWAYS_QUITS);
            for key in keys.iter().copied().chain(always) {
                if !chords.contains(&key) {
                    chords.push(key);
                }
            }
            for line in keymap.lines.iter_mut().filter(|l| l.action == *action) {
                line.keys = chords.iter().map(ToString::to_string).collect();
                line.chords.clone_from(&chords);
            }
        }
        errors.extend(keymap.clashes());
        if errors.is_empty() { Ok(keymap) } else { Err(errors) }
    }

    /// The keys that two actions share in one place, unless the table itself has it so.
    fn clashes(&self) -> Vec<KeyError> {
        let mut clashes = Vec::new();
        let usual = Self::default();
        let meet = |a: &Bound, b: &Bound| {
            let pane = |s: Scope| s != Scope::Anywhere && !s.is_over_panes();
            let shared = a.scope == b.scope
                || (a.scope == Scope::Anywhere && pane(b.scope))
                || (b.scope == Scope::Anywhere && pane(a.scope));
            shared && a.action != b.action
        };
        for (i, (one, was_one)) in self.lines.iter().zip(&usual.lines).enumerate() {
            for (other, was_other) in self.lines.iter().zip(&usual.lines).skip(i + 1) {
                if !meet(one, other) {
                    continue;
                }
                for key in one.chords.iter().filter(|key| other.chords.contains(key)) {
                    let (old_one, old_other) = (was_one.chords.contains(key), was_other.chords.contains(key));
                    if old_one && old_other {
                        continue;
                    }
                    // The one that always had the key is in the right.
                    let (taker, owner) = if old_one { (other, one) } else { (one, other) };
                    let scope = if owner.scope == Scope::Anywhere { taker.scope } else { owner.scope };
                    let clash = KeyError::Taken { action: taker.action, key: *key, by: owner.action, scope };
                    if !clashes.contains(&clash) {
                        clashes.push(clash);
                    }
                }
            }
        }
        clashes
    }

    /// The keys that the table gives an action, wherever it is bound.
    pub fn usual(action: Action) -> Vec<&'static str> {
        let mut usual = Vec::new();
        for key in BINDINGS.iter().filter(|b| b.action == action).flat_map(|b| b.keys) {
            if !usual.contains(key) {
                usual.push(*key);
            }
        }
        usual
    }

    /// Every line, in the order of the footer and the help.
    pub fn lines(&self) -> &[Bound] {
        &self.lines
    }

    /// What `chord` means in `scope` itself.
    pub fn own(&self, scope: Scope, chord: Chord) -> Option<Action> {
        self.lines.iter().find(|b| b.scope == scope && b.chords.contains(&chord)).map(|b| b.action)
    }

    /// What `chord` means in `scope`: what the scope itself says, else what holds anywhere.
    ///
    /// A question, and what is to be copied, take their own keys and those that leave, stop or redraw, so that no stray key answers or hides it.
    pub fn resolve(&self, scope: Scope, chord: Chord) -> Option<Action> {
        self.own(scope, chord).or_else(|| {
            let everywhere = self.own(Scope::Anywhere, chord)?;
            let leaves = matches!(everywhere, Action::Quit | Action::Suspend | Action::Redraw);
            let passes = match scope {
                Scope::Question | Scope::Copy => leaves,
                // What lies over the panes hides what else the keys would do.
                Scope::Event | Scope::Columns => leaves || everywhere.moves(),
                _ => true,
            };
            passes.then_some(everywhere)
        })
    }

    /// The lines that hold in `scope`, its own first.
    pub fn bindings_of(&self, scope: Scope) -> impl Iterator<Item = &Bound> {
        let own = self.lines.iter().filter(move |b| b.scope == scope);
        let shared = self.lines.iter().filter(move |b| {
            b.scope == Scope::Anywhere && scope != Scope::Anywhere && !scope.is_over_panes()
        });
        own.chain(shared)
    }

    /// The key by which an action is named in a sentence; none where the user took its keys away.
    pub fn key_of(&self, action: Action) -> Option<&str> {
        self.lines.iter().find(|b| b.action == action)?.keys.first().map(String::as_str)
    }
}

/// True where `keys` are those that the table gives the action.
fn is_usual(action: Action, keys: &[Chord]) -> bool {
    let usual: Vec<Chord> = Keymap::usual(action).iter().filter_map(|k| k.parse().ok()).collect();
    usual == keys
}

/// Reads a key of the user's.
///
/// # Errors
/// That there is no such key, or that no terminal sends it as such.
pub fn parse_key(text: &str) -> Result<Chord, ChordError> {
    let chord: Chord = text.parse()?;
    let instead = match chord.code {
        Code::Char('i') if chord.ctrl => Some(Chord { code: Code::Tab, ctrl: false, ..chord }),
        Code::Char('m') if chord.ctrl => Some(Chord { code: Code::Enter, ctrl: false, ..chord }),
        Code::Char('[') if chord.ctrl => Some(Chord { code: Code::Esc, ctrl: false, ..chord }),
        Code::Char(c) if chord.ctrl && c.is_ascii_uppercase() => {
            Some(Chord { code: Code::Char(c.to_ascii_lowercase()), ..chord })
        }
        _ => None,
    };
    instead
        .map_or(Ok(chord), |same| Err(ChordError::Same { written: text.to_owned(), sent: same.to_string() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(action: Action, keys: &[&str]) -> Override {
        Override { action, keys: keys.iter().map(|k| parse_key(k).expect("a key")).collect() }
    }

    fn means(keymap: &Keymap, scope: Scope, key: &str) -> Option<Action> {
        keymap.resolve(scope, key.parse().expect("a key"))
    }

    fn told(overrides: &[Override]) -> Vec<String> {
        Keymap::with(overrides).expect_err("refused").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_override_replaces_all_keys_of_its_action_and_names_the_first() {
        let keymap = Keymap::with(&[given(Action::TogglePause, &["f9", "f5", "f9"])]).expect("keys");
        assert_eq!(means(&keymap, Scope::Accounts, "f9"), Some(Action::TogglePause));
        assert_eq!(means(&keymap, Scope::Accounts, "f5"), Some(Action::TogglePause));
        assert_eq!(means(&keymap, Scope::Accounts, "p"), None);
        assert_eq!(keymap.key_of(Action::TogglePause), Some("f9"));
        let line = keymap.lines().iter().find(|b| b.action == Action::TogglePause).expect("its line");
        assert_eq!(line.keys, ["f9", "f5"], "and none twice");
    }

    #[test]
    fn what_is_offered_is_what_its_key_does() {
        let keymap = Keymap::default();
        let scopes = [
            Scope::Accounts,
            Scope::Why,
            Scope::Events,
            Scope::Event,
            Scope::Help,
            Scope::Question,
            Scope::Copy,
            Scope::Columns,
        ];
        for scope in scopes {
            let own: Vec<Chord> =
                keymap.lines().iter().filter(|b| b.scope == scope).flat_map(|b| b.chords.clone()).collect();
            for bound in keymap.bindings_of(scope) {
                // A key of the scope's own goes before the same one that holds anywhere.
                for chord in bound.chords.iter().filter(|c| bound.scope == scope || !own.contains(c)) {
                    assert_eq!(keymap.resolve(scope, *chord), Some(bound.action), "{chord} in {scope:?}");
                }
            }
        }
    }

    #[test]
    fn no_overrides_are_the_table() {
        assert_eq!(Keymap::with(&[]), Ok(Keymap::default()));
    }

    #[test]
    fn an_empty_list_takes_the_keys_away() {
        let keymap = Keymap::with(&[given(Action::Redraw, &[])]).expect("keys");
        assert_eq!(means(&keymap, Scope::Accounts, "ctrl-l"), None);
        assert_eq!(keymap.key_of(Action::Redraw), None);
    }

    #[test]
    fn ctrl_c_quits_whatever_is_said() {
        for keys in [&[][..], &["f10"][..], &["ctrl-c"][..]] {
            let keymap = Keymap::with(&[given(Action::Quit, keys)]).expect("keys");
            for scope in [Scope::Accounts, Scope::Events, Scope::Help, Scope::Question] {
                assert_eq!(means(&keymap, scope, "ctrl-c"), Some(Action::Quit), "{keys:?} {scope:?}");
            }
        }
        let text = told(&[given(Action::TogglePause, &["ctrl-c"])]).concat();
        assert!(text.contains("ctrl-c always quits"), "{text}");
        assert!(told(&[given(Action::Cancel, &[])]).concat().contains("cancel must keep a key"));
        assert!(told(&[given(Action::CloseHelp, &[])]).concat().contains("close_help must keep a key"));
    }

    #[test]
    fn a_key_that_another_action_has_in_the_same_place_is_refused_by_name() {
        assert_eq!(
            told(&[given(Action::ToggleAutoFallback, &["p"])]),
            [
                "`p` is already toggle_pause (accounts); give toggle_pause other keys too, or none: toggle_pause = []"
            ]
        );
        let anywhere = told(&[given(Action::PollNow, &["p"])]).concat();
        assert!(anywhere.contains("toggle_pause (accounts)"), "what holds anywhere holds there: {anywhere}");
        let anywhere = told(&[given(Action::TogglePause, &["r"])]).concat();
        assert!(anywhere.contains("already poll_now (accounts)"), "{anywhere}");
    }

    #[test]
    fn two_actions_may_exchange_their_keys() {
        let exchanged = [given(Action::ToggleAutoFallback, &["p"]), given(Action::TogglePause, &["f"])];
        let keymap = Keymap::with(&exchanged).expect("keys");
        assert_eq!(means(&keymap, Scope::Accounts, "p"), Some(Action::ToggleAutoFallback));
        assert_eq!(means(&keymap, Scope::Accounts, "f"), Some(Action::TogglePause));
    }

    #[test]
    fn what_lies_over_the_panes_has_its_own_keys() {
        let keymap = Keymap::with(&[given(Action::Confirm, &["r"])]).expect("keys");
        assert_eq!(means(&keymap, Scope::Question, "r"), Some(Action::Confirm));
        assert_eq!(means(&keymap, Scope::Accounts, "r"), Some(Action::PollNow));
    }

    #[test]
    fn keys_that_no_terminal_sends_are_refused_with_those_that_it_does() {
        for (written, sent) in [
            ("ctrl-i", "tab"),
            ("ctrl-m", "enter"),
            ("ctrl-[", "esc"),
            ("ctrl-P", "ctrl-p"),
            ("ctrl-alt-i", "alt-tab"),
        ] {
            let text = parse_key(written).expect_err(written).to_string();
            assert!(text.contains(&format!("`{written}`")) && text.contains(&format!("`{sent}`")), "{text}");
        }
    }
}
