//! What the details, the zoom, the help, the command line and the choice of what is copied look like.

mod scene;

use insta::assert_snapshot;
use scene::details::{ODD, TRAFFIC, UNRECORDED, after, story};

const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 50)];

/// The recorded or made-up account after these keys, at all sizes.
fn look(name: &str, body: &str, account: &str, keys: &str) {
    for (width, height) in SIZES {
        let state = after(body, account, keys, (width, height));
        assert_snapshot!(format!("{name}-{width}x{height}"), scene::text(&state, width, height));
    }
}

/// The story after these keys.
fn tell(name: &str, account: &str, keys: &str, sizes: &[(u16, u16)]) {
    for (width, height) in sizes {
        let state = story(account, keys, (*width, *height));
        assert_snapshot!(format!("{name}-{width}x{height}"), scene::text(&state, *width, *height));
    }
}

#[test]
fn facts() {
    look("facts", TRAFFIC, "openai-compat", "enter");
}

#[test]
fn facts_scrolled_to_their_end() {
    look("facts_end", UNRECORDED, "codex-busy", "enter G");
}

#[test]
fn usage_of_every_provider() {
    look("usage_anthropic", TRAFFIC, "custom-endpoint", "enter d");
    look("usage_zai", TRAFFIC, "zai-coding", "enter d");
    look("usage_nanogpt", TRAFFIC, "nanogpt-1", "enter d");
    look("usage_kilo", TRAFFIC, "kilo-1", "enter d");
    look("usage_alibaba", UNRECORDED, "alibaba-1", "enter d");
}

#[test]
fn usage_that_is_not_there() {
    for (name, body, account) in
        [("usage_none_yet", TRAFFIC, "codex-main"), ("usage_never", TRAFFIC, "bedrock-eu")]
    {
        let state = after(body, account, "enter d", (80, 24));
        assert_snapshot!(name, scene::text(&state, 80, 24));
    }
}

#[test]
fn session() {
    look("session", ODD, "big-body", "enter d d");
    look("session_none", UNRECORDED, "dead-one", "enter d d");
}

#[test]
fn raw() {
    look("raw", TRAFFIC, "kilo-1", "enter D D");
    look("raw_masked", UNRECORDED, "codex-busy", "enter d d d G");
    look("raw_odd", UNRECORDED, "row 4", "D");
}

#[test]
fn details_beside_the_table_while_the_accounts_have_the_keys() {
    look("beside", TRAFFIC, "zai-coding", "d d");
}

#[test]
fn the_row_is_not_at_hand() {
    tell("no_row", "team-a", "enter", &[(80, 24)]);
    tell("no_row_usage", "team-a", "enter d", &[(80, 24)]);
}

#[test]
fn why_has_room_where_it_has_the_keys() {
    tell("why", "team-a", "w", &SIZES);
    tell("why_limited", "client-b", "w", &[(80, 24)]);
}

#[test]
fn one_pane_fills_the_screen() {
    tell("zoom_why", "spare", "w z", &[(30, 6), (40, 7)]);
}

#[test]
fn help_of_each_pane() {
    tell("help_why", "team-a", "w ?", &[(80, 24)]);
    tell("help_events", "team-a", "4 ?", &[(80, 24), (120, 40)]);
    tell("help_end", "team-a", "? end", &[(40, 12), (80, 24)]);
    tell("help_search", "team-a", "? p a u", &SIZES);
    tell("help_nothing", "team-a", "? x x x", &[(80, 24)]);
}

#[test]
fn commands() {
    tell("commands_typed", "team-a", ": a u t o", &[(40, 12), (80, 24)]);
    tell("commands_blocked", "grok", ": s w i t c h down", &[(80, 24), (120, 40)]);
    tell("commands_none", "team-a", ": x x x", &[(80, 24)]);
    tell("commands_last", "team-a", ": up", &[(80, 24)]);
}

#[test]
fn what_is_offered_is_asked_about() {
    tell("offered", "client-b", "w enter", &[(40, 12), (80, 24)]);
}

#[test]
fn colours_follow_meaning() {
    use flaretop::view::theme::Theme;
    for (name, color) in [("styles-usage", true), ("styles-usage-mono", false)] {
        let state = after(UNRECORDED, "codex-busy", "enter d", (80, 24));
        assert_snapshot!(name, scene::styles(&scene::cells(&state, &Theme::new(color, false), 80, 24)));
    }
    let state = story("grok", ": s w i t c h down", (80, 24));
    assert_snapshot!(
        "styles-commands",
        scene::styles(&scene::cells(&state, &Theme::new(true, false), 80, 24))
    );
}

#[test]
fn no_secret_is_on_any_screen() {
    for keys in ["enter", "enter d", "enter d d", "enter d d d", "enter d d d G", "w"] {
        for (width, height) in SIZES {
            let state = after(UNRECORDED, "codex-busy", keys, (width, height));
            let shown = scene::text(&state, width, height);
            for secret in ["hunter2", "abc123", "sk-ant", "c0okie", "abc.def"] {
                assert!(!shown.contains(secret), "{secret} after {keys}\n{shown}");
            }
        }
    }
}
