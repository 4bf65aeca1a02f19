//! The server's answers, and what is sent to it, spelled as the server spells them, and their conversion to and from the model.
//!
//! Everything here is a pure function of bytes. Text and times leave it only in the model's forms: text cleaned, times in
//! UTC, whether they came as ISO text or as milliseconds. Sending and receiving is left to [`crate::client`].
//!
//! The reading is forgiving on purpose. Servers of other versions and other makes add fields, leave some out and spell some
//! otherwise, so a value that is of no use counts as absent, and what cannot be read spoils its own row and nothing else.

mod accounts;
mod answers;
mod detail;
mod json;
mod logs;
mod raw;
mod requests;
mod usage;

pub use accounts::{read_accounts, read_list};
pub use answers::{error_text, read_change, read_done, read_health, read_priority, read_usage_begun};
pub use detail::read_detail;
pub use logs::{Record, read_history, read_record};
pub use requests::{Wanted, wanted};

use serde_json::error::Category;

use crate::model::NotJson;

/// What a body was that could not be read as JSON of the expected shape.
fn not_json(body: &str, error: &serde_json::Error) -> NotJson {
    match body.trim_start().as_bytes().first() {
        None => NotJson::Empty,
        Some(b'<') => NotJson::Html,
        Some(_) => match error.classify() {
            Category::Eof => NotJson::CutShort,
            Category::Data => NotJson::WrongShape,
            Category::Syntax | Category::Io => NotJson::Other,
        },
    }
}
