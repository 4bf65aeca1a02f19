//! The mouse: what is under it is what is drawn there, at every size.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test that is wrong ends")]

mod scene;

use chrono::TimeDelta;
use flaretop::app::{Dialog, Doubt, Effect, Gesture, Msg, Pane, Show, State, update};
use flaretop::model::{Change, Deed, Setting};
use flaretop::view::theme::Theme;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Size};

const SIZES: [(u16, u16); 6] = [(40, 12), (59, 15), (80, 12), (80, 24), (120, 40), (200, 50)];

/// A screen, and the state that drew it.
struct Screen {
    state: State,
    cells: Buffer,
}

impl Screen {
    fn of(mut state: State, (width, height): (u16, u16)) -> Self {
        state.size = Size::new(width, height);
        let cells = scene::cells(&state, &Theme::new(true, false), width, height);
        Self { state, cells }
    }

    /// Where these words begin, on the first line that has them.
    fn find(&self, words: &str) -> Option<Position> {
        let area = self.cells.area;
        (0..area.height).flat_map(|y| (0..area.width).map(move |x| Position::new(x, y))).find(|at| {
            let text: String = (at.x..area.width).map(|x| self.cells[(x, at.y)].symbol()).collect();
            text.starts_with(words)
        })
    }

    fn at(&self, words: &str) -> Position {
        self.find(words).expect(words)
    }

    /// Uses the mouse there, a while after whatever was done before.
    fn used(&self, gesture: Gesture, at: Position) -> (State, Vec<Effect>) {
        let mut state = self.state.clone();
        let later = state.now + TimeDelta::milliseconds(10);
        let effects = update(&mut state, later, Msg::Mouse { gesture, at });
        (state, effects)
    }

    fn click(&self, at: Position) -> (State, Vec<Effect>) {
        self.used(Gesture::Click, at)
    }
}

fn applied(effects: &[Effect]) -> Vec<(String, Change)> {
    let change = |e: &Effect| match e {
        Effect::Apply { id, change: Deed::Switch(change), .. } => Some((id.to_plain().to_string(), *change)),
        _ => None,
    };
    effects.iter().filter_map(change).collect()
}

#[test]
fn a_click_on_a_row_selects_it_and_changes_nothing() {
    for size in SIZES {
        let screen = Screen::of(scene::story(), size);
        for name in ["work-max", "personal", "client-b", "glm-zai"] {
            let (state, effects) = screen.click(screen.at(name));
            let selected = state.accounts.selection().expect("one").name.to_string();
            assert_eq!((&*selected, effects), (name, vec![]), "{size:?}");
        }
    }
}

#[test]
fn a_click_on_a_switch_selects_and_switches_it() {
    for size in SIZES {
        let mut state = scene::story();
        if size.0 >= 60 && size.1 >= 18 {
            state.focus = Pane::Events; // which would fill a smaller screen
        }
        let screen = Screen::of(state, size);
        let y = screen.at("personal").y;
        let word =
            (0..size.0).find(|x| (0..4).map(|i| screen.cells[(x + i, y)].symbol()).eq([" ", "o", "n", " "]));
        let column = word.expect("its switch") + 1;
        for dx in [0, 1, 3] {
            let (state, effects) = screen.click(Position::new(column + dx, y));
            let off = Change { setting: Setting::AutoRefresh, to: false };
            assert_eq!(applied(&effects), [("77aa-02".to_owned(), off)], "{size:?} {dx}");
            assert_eq!(state.accounts.selection().expect("one").name.as_str(), "personal");
            assert_eq!(state.focus, Pane::Accounts);
        }
    }
}

#[test]
fn a_click_on_the_fallback_switches_that() {
    let screen = Screen::of(scene::story(), (120, 40));
    let at = Position::new(screen.at("FALL").x, screen.at("personal").y);
    let (_, effects) = screen.click(at);
    let on = Change { setting: Setting::AutoFallback, to: true };
    assert_eq!(applied(&effects), [("77aa-02".to_owned(), on)]);
}

#[test]
fn a_switch_obeys_the_rules_of_its_key() {
    let mut state = scene::story();
    state.options.read_only = true;
    let screen = Screen::of(state, (80, 24));
    let column = screen.at("AUTO").x;
    let (state, effects) = screen.click(Position::new(column, screen.at("personal").y));
    assert_eq!(effects, []);
    assert!(state.notice.expect("it says why").text.as_str().contains("read-only"));
    let screen = Screen::of(scene::story(), (80, 24));
    let (state, effects) = screen.click(Position::new(column, screen.at("grok").y));
    assert_eq!(effects, []);
    assert!(state.notice.expect("it says why").text.as_str().contains("not offered"));
}

#[test]
fn in_a_scrolled_list_the_row_under_the_mouse_is_meant() {
    for size in [(80, 24), (40, 12), (120, 40)] {
        let mut state = scene::many(60);
        state.size = Size::new(size.0, size.1);
        let resized = Size::new(size.0, size.1);
        let now = state.now;
        update(&mut state, now, Msg::Resized(resized));
        let screen = Screen::of(state, size);
        let name = screen.state.accounts.rows()[screen.state.accounts.offset + 2].name.to_string();
        let shown: String = name.chars().take(8).collect();
        let y = screen.state.regions().account_lines().y + 2;
        let (state, _) = screen.click(Position::new(12, y));
        assert_eq!(state.accounts.selection().expect("one").name.as_str(), name, "{size:?} {shown}");
    }
}

#[test]
fn a_click_in_a_pane_gives_it_the_keys() {
    for size in [(40, 12), (80, 24), (120, 40), (200, 50)] {
        let screen = Screen::of(scene::story(), size);
        let regions = screen.state.regions();
        for (region, pane) in
            [(regions.why, Pane::Why), (regions.events, Pane::Events), (regions.accounts, Pane::Accounts)]
        {
            let (state, effects) = screen.click(region.as_position());
            assert_eq!((state.focus, effects), (pane, vec![]), "{size:?}");
        }
        let (state, effects) = screen.click(Position::new(0, 0));
        assert_eq!((state.focus, effects), (Pane::Accounts, vec![]), "the header is no pane");
    }
}

#[test]
fn a_click_on_a_keys_name_at_the_bottom_is_that_key() {
    for size in [(120, 40), (200, 50)] {
        let screen = Screen::of(scene::story(), size);
        let bottom = size.1 - 1;
        let line: String = (0..size.0).map(|x| screen.cells[(x, bottom)].symbol()).collect();
        let on = |word: &str| {
            let at = u16::try_from(line.find(word).expect(word)).expect("a column");
            screen.click(Position::new(at, bottom))
        };
        let (state, _) = on("help");
        assert!(matches!(state.dialog, Some(Dialog::Help { .. })));
        assert_eq!(on("quit").1, [Effect::Quit]);
        assert_eq!(on("pane").0.focus, Pane::Why);
        let (_, effects) = on("auto-refresh");
        assert_eq!(applied(&effects).len(), 1);
        assert_eq!(on("space").1.len(), 1, "the key itself too");
        let (state, effects) = screen.click(Position::new(size.0 - 1, bottom));
        assert_eq!((state.dialog, effects), (None, vec![]), "beside them is nothing");
    }
}

#[test]
fn a_click_on_a_notice_puts_it_away() {
    let mut told = scene::story();
    told.notice = Some(flaretop::app::Notice::alarm(told.now, "something"));
    let screen = Screen::of(told, (80, 24));
    for x in [1, 5, 60] {
        let (state, effects) = screen.click(Position::new(x, 23));
        assert_eq!((state.notice, effects), (None, vec![]), "and presses nothing under it");
    }
    let screen = Screen::of(scene::refused(), (40, 12));
    for x in [1, 20] {
        let (state, effects) = screen.click(Position::new(x, 11));
        assert_eq!((state.failed, effects), (None, vec![]), "nor does what failed");
    }
}

#[test]
fn a_question_is_answered_only_on_its_words_at_the_bottom() {
    let screen = Screen::of(scene::question(Doubt::LastUsable), (80, 24));
    for y in 0..23 {
        for x in (0..80).step_by(3) {
            let (state, effects) = screen.click(Position::new(x, y));
            assert!(effects.is_empty() && state.dialog.is_some(), "{x},{y}");
        }
    }
    let line: String = (0..80).map(|x| screen.cells[(x, 23)].symbol()).collect();
    let at = |word: &str| Position::new(u16::try_from(line.find(word).expect(word)).expect("a column"), 23);
    let (state, effects) = screen.click(at("no"));
    assert_eq!((state.dialog, effects), (None, vec![]));
    let (_, effects) = screen.click(at("yes"));
    assert_eq!(applied(&effects).len(), 1);
}

#[test]
fn the_wheel_scrolls_what_is_under_it_and_leaves_the_keys_where_they_are() {
    let mut state = scene::events(Show::All, "g");
    state.focus = Pane::Accounts;
    let screen = Screen::of(state, (80, 24));
    let events = screen.state.regions().events;
    let inside = Position::new(events.x + 4, events.y + 2);
    let (state, effects) = screen.used(Gesture::WheelDown, inside);
    assert!(state.events.is_held() && effects.is_empty());
    assert_eq!(state.focus, Pane::Accounts);
    let back = Screen { state, ..screen };
    let (state, _) = back.used(Gesture::WheelUp, inside);
    assert!(!state.events.is_held(), "and follows again");

    let screen = Screen::of(scene::many(60), (80, 24));
    let before = screen.state.accounts.position().expect("one");
    let (state, _) = screen.used(Gesture::WheelDown, screen.state.regions().account_lines().as_position());
    assert_eq!(state.accounts.position(), Some(before + 3));

    let screen = Screen::of(scene::help(Pane::Accounts), (40, 12));
    let (state, _) = screen.used(Gesture::WheelDown, Position::new(3, 3));
    assert!(matches!(&state.dialog, Some(Dialog::Help(help)) if help.scroll == 3));
}

#[test]
fn on_a_screen_too_small_to_see_on_the_mouse_does_nothing() {
    let screen = Screen::of(scene::story(), (28, 5));
    for y in 0..5 {
        for x in 0..28 {
            let (state, effects) = screen.click(Position::new(x, y));
            assert_eq!((state.accounts.selected, effects), (screen.state.accounts.selected.clone(), vec![]));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// Only a switch, or a key's name at the bottom, changes anything.
    #[test]
    fn a_click_anywhere_else_changes_nothing(
        (width, height) in (0u16..220, 0u16..70),
        (x, y) in (0u16..230, 0u16..75),
        kind in 0usize..6,
        gesture in proptest::sample::select(vec![Gesture::Click, Gesture::WheelUp, Gesture::WheelDown]),
    ) {
        let state = match kind {
            0 => scene::story(),
            1 => scene::zoo(),
            2 => scene::many(40),
            3 => scene::help(Pane::Events),
            4 => scene::question(Doubt::Twin),
            _ => scene::loading(),
        };
        let mut screen = Screen::of(state, (width, height));
        let now = screen.state.now;
        update(&mut screen.state, now, Msg::Resized(Size::new(width, height)));
        let (state, effects) = screen.used(gesture, Position::new(x, y));
        let bottom = height > 0 && y == height - 1;
        if !effects.is_empty() && !bottom {
            let cell = &screen.cells[(x, y)];
            prop_assert!(gesture == Gesture::Click && applied(&effects).len() == 1, "{effects:?}");
            // What was clicked on says so: a word of a switch, or the blank behind it.
            prop_assert!(" onf!/a·?…".contains(cell.symbol()), "{:?} at {x},{y}", cell.symbol());
        }
        prop_assert!(state.accounts.position().is_some() || state.accounts.rows().is_empty());
    }
}

#[test]
fn a_click_on_a_columns_name_sorts_by_it_and_once_more_the_other_way() {
    use flaretop::app::{Direction, SortBy};
    for (size, name, by) in [
        ((80, 24), "STATE", SortBy::State),
        ((80, 24), "NAME", SortBy::Name),
        ((80, 24), "5H WINDOW", SortBy::FiveHour),
        ((120, 40), "RESETS IN", SortBy::Resets),
        ((200, 50), "LAST REFRESH", SortBy::Last),
    ] {
        let screen = Screen::of(scene::story(), size);
        let (state, effects) = screen.click(screen.at(name));
        assert_eq!((state.accounts.table.sort.by, effects), (by, vec![]), "{name}");
        let usual = state.accounts.table.sort.direction;
        let sorted = Screen::of(state, size);
        let (state, _) = sorted.click(sorted.at(name));
        assert_ne!(state.accounts.table.sort.direction, usual, "{name}");
        assert_eq!(state.accounts.table.sort.by, by);
    }
    let screen = Screen::of(scene::story(), (120, 40));
    let (state, _) = screen.click(screen.at("FALL"));
    assert_eq!(state.accounts.table.sort.by, SortBy::Priority, "which nothing is sorted by");
    assert_eq!(state.accounts.table.sort.direction, Direction::Up);
}

#[test]
fn what_is_clicked_is_what_the_order_the_filter_and_the_page_show() {
    for (size, keys) in [
        ((80, 24), "s s l"),
        ((80, 24), "S right"),
        ((40, 12), "right"),
        ((40, 12), "S right right"),
        ((80, 12), "S right"),
        ((80, 24), "/ - enter S"),
    ] {
        let mut screen = Screen::of(scene::story(), size);
        for key in keys.split(' ') {
            let now = screen.state.now + TimeDelta::seconds(1);
            update(&mut screen.state, now, Msg::Key(key.parse().expect("a key")));
        }
        let screen = Screen::of(screen.state, size);
        let shown = screen.state.accounts.shown_len();
        assert!(shown > 2, "{keys}");
        for row in 0..shown.min(screen.state.account_rows()) {
            let name = screen.state.accounts.shown_at(row).expect("a row").name.to_string();
            let at = screen.at(&name.chars().take(5).collect::<String>());
            let (state, effects) = screen.click(at);
            let selected = state.accounts.selection().expect("one").name.to_string();
            assert_eq!((selected, effects), (name, vec![]), "{size:?} {keys}");
        }
    }
}
