//! Choosing the table's columns: what the list does to the table, and what of it can be kept.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

mod scene;

use chrono::TimeDelta;
use flaretop::app::{Dialog, Effect, Gesture, Msg, Options, SortBy, State};
use ratatui::layout::{Position, Size};

struct App {
    state: State,
    size: (u16, u16),
}

impl App {
    fn at(width: u16, height: u16) -> Self {
        let mut app = Self { state: scene::story(), size: (width, height) };
        app.on(Msg::Resized(Size::new(width, height)));
        app
    }

    fn on(&mut self, msg: Msg) -> Vec<Effect> {
        let later = self.state.now + TimeDelta::milliseconds(800);
        scene::looks::update(&mut self.state, later, msg)
    }

    fn keys(&mut self, keys: &str) -> Vec<Effect> {
        keys.split(' ').flat_map(|key| self.on(Msg::Key(key.parse().expect("a key")))).collect()
    }

    /// Chooses a column in the list, which is opened for it and closed after the keys.
    fn choose(&mut self, column: &str, keys: &str) -> &mut Self {
        self.keys("C");
        for _ in 0..20 {
            if self.line_of_cursor().contains(column) {
                self.keys(keys);
                self.keys("esc");
                return self;
            }
            self.keys("j");
        }
        panic!("no {column} in {}", self.screen())
    }

    fn line_of_cursor(&self) -> String {
        let screen = self.screen();
        let list = screen.split_once("Columns").expect("the list is open").1;
        list.lines().find(|l| l.contains('▸')).unwrap_or_default().to_owned()
    }

    /// Where the mark of a column is that is shown.
    fn mark_of(&self, column: &str) -> Position {
        let (screen, marked) = (self.screen(), format!("✓ {column}"));
        let (y, line) = screen.lines().enumerate().find(|(_, l)| l.contains(&marked)).expect("a line");
        let x = line.chars().position(|c| c == '✓').expect("a mark");
        Position::new(u16::try_from(x).expect("small"), u16::try_from(y).expect("small"))
    }

    fn screen(&self) -> String {
        scene::text(&self.state, self.size.0, self.size.1)
    }

    /// The names over the columns.
    fn heads(&self) -> String {
        self.screen().lines().find(|l| l.contains("NAME")).unwrap_or_default().to_owned()
    }

    fn notice(&self) -> &str {
        self.state.notice.as_ref().map_or("", |n| n.text.as_str())
    }
}

#[test]
fn a_column_is_hidden_and_shown_with_the_same_key_while_the_table_follows() {
    let mut app = App::at(80, 24);
    let before = app.heads();
    app.keys("C j space");
    assert!(!app.heads().contains("PRI"), "{}", app.screen());
    assert!(app.line_of_cursor().contains("× PRI           hidden"), "{}", app.screen());
    assert!(app.screen().contains("space show"), "{}", app.screen());
    app.keys("space");
    assert!(app.heads().contains("PRI") && app.screen().contains("space hide"), "{}", app.screen());
    app.keys("esc");
    assert_eq!(app.heads(), before);
}

#[test]
fn what_is_hidden_leaves_its_room_to_the_next_most_useful() {
    let mut app = App::at(80, 24);
    assert!(!app.heads().contains("7D"), "{}", app.heads());
    app.choose("5H WINDOW", "space");
    let heads = app.heads();
    assert!(heads.contains(" 5H ") && heads.contains(" 7D ") && !heads.contains("WINDOW"), "{heads}");
    app.keys("l");
    assert!(!app.screen().contains("5H WINDOW"), "{}", app.screen());
}

#[test]
fn a_column_that_is_kept_comes_to_the_first_page_and_goes_back() {
    let mut app = App::at(80, 24);
    let before = app.heads();
    app.choose("LAST REFRESH", "f");
    assert!(app.heads().contains("LAST REFRESH"), "{}", app.heads());
    app.keys("C G");
    assert!(app.line_of_cursor().contains("page 1, kept"), "{}", app.screen());
    assert!(app.screen().contains("f let go"), "{}", app.screen());
    app.keys("f esc");
    assert_eq!(app.heads(), before);
}

#[test]
fn the_list_says_on_which_page_each_column_is() {
    let mut app = App::at(80, 24);
    app.keys("C");
    let screen = app.screen();
    let place = |column: &str| {
        let line = screen.lines().find(|l| l.contains(&format!("✓ {column:<14}"))).expect(column);
        line.split_whitespace().skip_while(|w| *w != "page").nth(1).expect("a page").to_owned()
    };
    app.keys("esc");
    for page in ["1", "2"] {
        for column in ["PRI", "AUTO", "FALL", "STATE", "PACE", "RESETS IN", "NEXT REFRESH", "LAST REFRESH"] {
            assert_eq!(app.heads().contains(column), place(column) == page, "{column} {page}\n{screen}");
        }
        app.keys("l");
    }
}

#[test]
fn one_key_brings_every_column_back() {
    let mut app = App::at(120, 40);
    let before = app.heads();
    for column in ["PRI", "AUTO", "STATE"] {
        app.choose(column, "space");
    }
    app.choose("AT", "f");
    assert_ne!(app.heads(), before);
    app.keys("C a esc");
    assert_eq!(app.heads(), before);
    app.keys("C a");
    assert_eq!(app.notice(), "every column is as it usually is");
}

#[test]
fn with_every_column_hidden_the_names_are_left() {
    let mut app = App::at(80, 24);
    app.keys("C");
    for _ in 0..14 {
        app.keys("space j");
    }
    app.keys("esc");
    let screen = app.screen();
    assert!(
        screen.contains("NAME") && screen.contains("team-a") && !app.heads().contains("RESETS"),
        "{screen}"
    );
    app.keys("l");
    assert_eq!(app.notice(), "all others are hidden");
}

#[test]
fn sorting_to_the_left_and_right_passes_hidden_columns_over() {
    let mut app = App::at(80, 24);
    app.choose("AUTO", "space");
    app.keys(">");
    assert_eq!(app.state.accounts.table.sort.by, SortBy::State);
    app.keys("<");
    assert_eq!(app.state.accounts.table.sort.by, SortBy::Priority);
    for column in ["NEXT REFRESH", "LAST REFRESH"] {
        app.choose(column, "space");
    }
    app.keys("> > > > >");
    assert_eq!(app.notice(), "this is the last column");
    assert_eq!(app.state.accounts.table.sort.by, SortBy::Resets);
}

#[test]
fn the_choice_is_copied_as_the_configuration_says_it() {
    let mut app = App::at(80, 24);
    assert_eq!(app.keys("C y"), []);
    assert_eq!(app.notice(), "nothing is chosen yet that could be copied");
    app.keys("esc");
    app.choose("FALL", "space").choose("LAST REFRESH", "f");
    let effects = app.keys("C y");
    let [Effect::Copy(lines)] = &effects[..] else { panic!("{effects:?}") };
    let lines: Vec<&str> = lines.iter().map(flaretop::model::Plain::as_str).collect();
    assert_eq!(lines, ["[columns]", "auto_fallback = \"hidden\"", "last_refresh = \"kept\""]);
    assert!(app.notice().contains("config.toml"), "{}", app.notice());
    let file = flaretop::config::File::read(&lines.join("\n"), std::path::Path::new("/"), None);
    assert_eq!(file.expect("it is right").columns, app.state.display.columns, "and is read as it was meant");
}

#[test]
fn the_list_is_left_by_each_of_its_keys_and_no_other_pane_gets_its_own() {
    for key in ["esc", "q", "enter", "C"] {
        let mut app = App::at(80, 24);
        app.keys("C");
        assert!(matches!(app.state.dialog, Some(Dialog::Columns(_))));
        assert_eq!(app.keys(key), [], "{key}");
        assert_eq!(app.state.dialog, None, "{key}");
    }
    let mut app = App::at(80, 24);
    let before = (app.state.accounts.clone(), app.state.focus);
    app.keys("C");
    // Keys that would switch, sort, move elsewhere or ask something of the server.
    assert_eq!(app.keys("p P R X u s S 2 tab r /"), []);
    assert!(matches!(app.state.dialog, Some(Dialog::Columns(_))));
    assert_eq!((app.state.accounts, app.state.focus), before);
}

#[test]
fn the_pages_turn_under_the_list() {
    let mut app = App::at(80, 24);
    app.keys("C l");
    assert!(app.heads().contains("LAST REFRESH"), "{}", app.screen());
    app.keys("h");
    assert!(app.heads().contains("NEXT REFRESH"), "{}", app.screen());
}

#[test]
fn a_small_screen_scrolls_the_list_and_keeps_rows_of_the_table_in_sight() {
    let mut app = App::at(40, 12);
    app.keys("C");
    for _ in 0..20 {
        let screen = app.screen();
        assert!(screen.contains("work-max") && app.line_of_cursor().contains('✓'), "{screen}");
        app.keys("j");
    }
    assert!(app.line_of_cursor().contains("LAST REFRESH"), "{}", app.screen());
    app.keys("g");
    assert!(app.line_of_cursor().contains("PROVIDER"), "{}", app.screen());
    app.keys("j j");
    assert!(app.line_of_cursor().contains("AUTO          in each line"), "{}", app.screen());
    app.keys("ctrl-d");
    assert!(app.line_of_cursor().contains("5H WINDOW"), "half a page: {}", app.screen());
}

#[test]
fn times_of_day_say_what_at_says() {
    let mut app = App::at(200, 50);
    app.keys("t C");
    let screen = app.screen();
    assert!(screen.contains("AT            as RESETS AT"), "{screen}");
}

#[test]
fn a_second_click_takes_the_first_one_back_also_in_a_list_that_is_scrolled() {
    let mut app = App::at(40, 12);
    app.keys("C G k k");
    let screen = app.screen();
    assert!(app.line_of_cursor().contains("AT "), "the list stays where it is: {screen}");
    let at = app.mark_of("7D  ");
    for shown in ["7D            hidden", "7D            page"] {
        app.on(Msg::Mouse { gesture: Gesture::Click, at });
        assert!(app.line_of_cursor().contains(shown), "{}", app.screen());
    }
    assert_eq!(
        app.state.display.columns,
        State::new(app.state.now, app.state.size, Options::default()).display.columns
    );
}

#[test]
fn no_two_heads_touch_whatever_is_hidden() {
    for (width, height) in [(80, 24), (100, 24), (120, 40), (200, 50)] {
        for hidden in ["5H  ", "7D  ", "5H WINDOW", "7D WINDOW", "STATE", "RESETS IN"] {
            for order in ["s", "> > > >", "> > > > >"] {
                let mut app = App::at(width, height);
                app.choose(hidden, "space").keys(order);
                let heads = app.heads();
                let known = [
                    "NAME", "PROVIDER", "PRI", "AUTO", "FALL", "STATE", "5H", "WINDOW", "PACE", "7D",
                    "RESETS", "IN", "AT", "NEXT", "REFRESH", "LAST",
                ];
                let table = heads.trim_start_matches('│').split('│').next().unwrap_or_default();
                for word in table.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)) {
                    assert!(known.contains(&word), "{word} in {heads}");
                }
            }
        }
    }
}

#[test]
fn there_is_nothing_to_choose_before_there_is_a_table() {
    let mut state = scene::loading();
    let now = state.now;
    scene::looks::update(&mut state, now, Msg::Key("C".parse().expect("a key")));
    assert_eq!(state.dialog, None);
    assert!(state.notice.is_some_and(|n| n.text.as_str() == "the accounts have not been read yet"));
}

#[test]
fn where_resets_at_is_hidden_the_time_of_day_is_still_told() {
    let mut app = App::at(200, 50);
    app.choose("RESETS IN", "space");
    app.keys("t");
    assert!(app.heads().contains(" AT "), "{}", app.heads());
}

#[test]
fn what_is_kept_stays_on_the_first_page_whatever_else_is_hidden() {
    let mut app = App::at(64, 24);
    for kept in ["AT ", "NEXT REFRESH", "LAST REFRESH"] {
        app.choose(kept, "f");
    }
    for hidden in [
        "PROVIDER",
        "AUTO",
        "FALL",
        "STATE",
        "5H WINDOW",
        "5H  ",
        "PACE",
        "7D WINDOW",
        "7D  ",
        "RESETS IN",
        "PRI",
    ] {
        app.choose(hidden, "space");
        let heads = app.heads();
        assert!(
            ["AT ", "NEXT REFRESH", "LAST REFRESH"].into_iter().all(|head| heads.contains(head)),
            "{hidden}: {heads}"
        );
    }
}

#[test]
fn to_keep_all_columns_is_to_keep_none() {
    let mut app = App::at(80, 24);
    let before = app.heads();
    app.keys("C");
    for _ in 0..14 {
        app.keys("f j");
    }
    app.keys("esc");
    assert_eq!(app.heads(), before);
}

#[test]
fn the_mouse_hides_the_column_that_is_clicked_and_the_wheel_moves() {
    for (width, height) in [(40, 12), (80, 24), (120, 40), (200, 50)] {
        let mut app = App::at(width, height);
        app.keys("C");
        let at = app.mark_of("PRI");
        app.on(Msg::Mouse { gesture: Gesture::Click, at });
        assert!(app.line_of_cursor().contains("PRI           hidden"), "{}", app.screen());
        app.on(Msg::Mouse { gesture: Gesture::WheelDown, at });
        assert!(app.line_of_cursor().contains("STATE"), "{}", app.screen());
        let elsewhere = Position::new(1, 1);
        let before = app.state.display.columns;
        assert_eq!(app.on(Msg::Mouse { gesture: Gesture::Click, at: elsewhere }), []);
        assert_eq!(app.state.display.columns, before);
    }
}
