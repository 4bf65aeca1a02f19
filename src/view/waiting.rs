//! What stands in the accounts' place while there is no table: the first answer is awaited, it did not come, a key is
//! needed, or there are no accounts.

use ratatui::style::Style;

use super::canvas::Canvas;
use super::frame::{self, Frame};
use super::heads;
use super::text;
use crate::app::{Link, Pane, State};
use crate::keymap::Action;
use crate::layout::NARROW;
use crate::layout::columns::{Column, Columns};
use crate::model::{AuthProblem, Failure};

/// Draws the pane without a table.
pub(super) fn render(state: &State, canvas: &mut Canvas<'_>) {
    let theme = canvas.theme();
    // Once the list was refused, what is said takes the why pane's place as well.
    let connecting = state.accounts.list.is_none() && matches!(state.links.list, Link::Connecting { .. });
    let has_keys = if connecting { state.focus == Pane::Accounts } else { state.focus != Pane::Events };
    let mut frame =
        Frame { title: "1 Accounts".into(), focused: has_keys && state.dialog.is_none(), ..Frame::default() };
    if state.accounts.list.is_none()
        && let Link::Lost { why: Failure::Unauthorized(_), .. } = &state.links.list
    {
        frame.title = "Sign in".into();
        frame.right.push((format!("401 from {}", state.options.server), theme.warn()));
    }
    let mut inner = frame::draw(canvas, &frame);
    let lines = lines(state, &inner);
    let (margin, roomy) = (if inner.width() < 40 { 1 } else { 3 }, inner.height() > 6);
    let skeleton = state.accounts.list.is_none() && matches!(state.links.list, Link::Connecting { .. });
    let top = if skeleton { shadow(state, &mut inner) } else { u16::from(roomy) };
    write(&lines, margin, top, &mut inner);
}

/// The same words on a screen without boxes.
pub(super) fn bare(state: &State, canvas: &mut Canvas<'_>) {
    let lines = lines(state, canvas);
    write(&lines, 1, 0, canvas);
}

/// One line and how it is drawn; a line that is too long is broken.
type Said = (String, Style);

fn write(lines: &[Said], margin: u16, top: u16, canvas: &mut Canvas<'_>) {
    let room = canvas.width().saturating_sub(margin + 1);
    let tight = lines.len() + usize::from(top) > usize::from(canvas.height());
    let mut y = top;
    for (line, style) in lines {
        if line.is_empty() {
            y += u16::from(!tight);
            continue;
        }
        // Two columns of words stay two columns where they fit; only a line that does not fit is broken.
        if text::width(line) <= usize::from(room) {
            canvas.put(margin, y, line, *style);
            y += 1;
            continue;
        }
        for part in text::wrap(line, usize::from(room)) {
            canvas.put(margin, y, &part, *style);
            y += 1;
        }
    }
}

/// Rows to come, drawn as shadows under the columns' names; gives the line after them.
fn shadow(state: &State, canvas: &mut Canvas<'_>) -> u16 {
    let theme = canvas.theme();
    let glyph = theme.glyph().skeleton;
    let places = state.columns_of(Columns::of(canvas.width())).page(0);
    heads::render(state, &places, canvas);
    let rows = canvas.height().saturating_sub(3).min(3);
    for (y, name) in (1..=rows).zip([9, 6, 11]) {
        for p in &places {
            let (width, right) = match p.column {
                Column::Name => (name, false),
                Column::Priority => (2, true),
                Column::Auto | Column::Fallback => (2, false),
                Column::Percent | Column::Pace | Column::Week => (3, true),
                Column::Resets => (5, true),
                Column::Bar | Column::WeekBar => (p.width, false),
                _ => (name.min(7), false),
            };
            let width = width.min(p.width);
            let x = if right { p.x + p.width - width } else { p.x };
            canvas.repeat(x, y, width, glyph, theme.border());
        }
    }
    rows + 1
}

fn lines(state: &State, canvas: &Canvas<'_>) -> Vec<Said> {
    let theme = canvas.theme();
    let blank = || (String::new(), theme.text());
    if state.accounts.list.is_some() {
        return vec![
            ("The server answers, and it has no accounts yet.".to_owned(), theme.strong()),
            blank(),
            ("Add one where the server runs:   better-ccflare --add-account NAME".to_owned(), theme.text()),
            (
                format!(
                    "or in the web dashboard:         {}{}",
                    state.options.url,
                    state
                        .hint(Action::Copy, "copies it")
                        .map(|hint| format!("   {hint}"))
                        .unwrap_or_default()
                ),
                theme.text(),
            ),
        ];
    }
    match &state.links.list {
        Link::Lost { why, retry_at, .. } => lost(state, why, *retry_at, canvas.width() < NARROW, theme),
        _ => {
            vec![(
                format!("asking {}/api/accounts {}", state.options.url, theme.glyph().under_way),
                theme.mute(),
            )]
        }
    }
}

fn lost(
    state: &State,
    why: &Failure,
    retry_at: crate::model::Timestamp,
    narrow: bool,
    theme: &super::theme::Theme,
) -> Vec<Said> {
    let blank = || (String::new(), theme.text());
    let left = (retry_at - state.now).num_milliseconds();
    let retry = match (left + 999).div_euclid(1000) {
        ..=0 => "trying now".to_owned(),
        secs => format!("retry in {secs}s"),
    };
    // On a small screen the line at the bottom has the keys.
    let keys = [state.hint(Action::Reconnect, "retry now"), state.hint(Action::Quit, "quit")];
    let keys = keys.into_iter().flatten().filter(|_| !narrow);
    let retry = std::iter::once(retry).chain(keys).collect::<Vec<_>>().join("  ");
    let retry = (retry, theme.mute());
    let Failure::Unauthorized(problem) = why else {
        let mut lines = vec![(format!("Cannot read {}/api/accounts", state.options.url), theme.strong())];
        lines.push((sentence(&why.to_string()), theme.warn()));
        lines.extend(why.advice().map(|a| (sentence(a), theme.text())));
        if !why.is_answer() {
            let elsewhere = if narrow {
                "Is it somewhere else?   flaretop URL"
            } else {
                "Is it somewhere else?   flaretop URL   or FLARETOP_URL in the environment"
            };
            lines.push((elsewhere.to_owned(), theme.mute()));
        }
        lines.extend([blank(), retry]);
        return lines;
    };
    let first = match problem {
        AuthProblem::KeyRequired => "This server wants an API key with the admin role.".to_owned(),
        AuthProblem::InvalidKey => "This server does not know the API key that was sent.".to_owned(),
        AuthProblem::NotAdmin => {
            "This API key has no access to the dashboard: it was made without --admin.".to_owned()
        }
        AuthProblem::Other(text) => format!("The server refused: {text}"),
    };
    let mut lines = vec![(first, theme.strong())];
    match problem {
        AuthProblem::InvalidKey | AuthProblem::NotAdmin => {
            lines.extend(why.advice().map(|a| (sentence(a), theme.text())));
        }
        AuthProblem::KeyRequired | AuthProblem::Other(_) => {
            let set = if state.options.key_set { "A key is set." } else { "No key is set." };
            let ways: &[&str] = if narrow {
                &[
                    "Set one of these and start it again:",
                    "FLARETOP_API_KEY=KEY (environment)",
                    "--api-key-file FILE",
                    "key_command (configuration)",
                ]
            } else {
                &[
                    "Set one of these, and start flaretop again:",
                    "   FLARETOP_API_KEY=KEY   in the environment",
                    "   --api-key-file FILE    on the command line",
                    "   key_command            in the configuration",
                ]
            };
            lines.extend(ways.iter().map(|way| ((*way).to_owned(), theme.text())));
            let refused = if narrow { "is refused." } else { "(for /v1 only) is refused here." };
            lines.push((format!("{set} A key made without --admin {refused}"), theme.mute()));
        }
    }
    lines.extend([blank(), retry]);
    lines
}

/// `text` with a capital at its beginning and a full stop at its end.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    let stop = if text.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{}{}{stop}", first.to_uppercase(), chars.as_str())
}
