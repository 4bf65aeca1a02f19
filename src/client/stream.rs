//! The stream of log records, as batches.

use std::time::Duration;

use futures_util::FutureExt as _;
use hyper::body::Bytes;
use reqwest::Response;
use tokio::time::Instant;

use super::sse::{Decoder, Event};
use super::transport;
use crate::api::{Record, read_record};
use crate::model::{Failure, LogLine, NotJson};

/// The most bytes of one record. Messages over 1 MB were seen, since the server copies whole answers into them.
pub(super) const RECORD_LIMIT: usize = 8 * 1024 * 1024;

/// About how many bytes of the stream a short record takes. Floods are made of those.
const SHORT_RECORD: usize = 96;

/// So many bytes of the stream are enough for one batch.
const BATCH: usize = 64 * 1024;

/// How often a stream on which no records come says that it lives.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

/// Records that came together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StreamBatch {
    /// The records, oldest first.
    pub lines: Vec<LogLine>,
    /// Events in between that could not be read, or were larger than is taken, and were left out.
    pub skipped: u64,
}

/// An open stream of log records. It is closed by dropping it.
#[derive(Debug)]
pub struct LogStream {
    response: Response,
    decoder: Decoder,
    /// When a batch was handed on last.
    told: Instant,
    /// How the stream ended, while the records before that are handed on.
    end: Option<Result<Option<Bytes>, reqwest::Error>>,
}

impl LogStream {
    pub(super) fn new(response: Response) -> Self {
        Self { response, decoder: Decoder::new(RECORD_LIMIT), told: Instant::now(), end: None }
    }

    /// The records that the next piece of the stream completes, or none at the stream's proper end. A batch without records says
    /// that the stream lives: servers that keep it alive send something that is no record.
    ///
    /// There is no time limit: a quiet server sends nothing for minutes and closes the stream then
    /// (`docs/server-contract.md`, section 4). Dropping the future loses nothing; the next call goes on where it was.
    ///
    /// # Errors
    ///
    /// What broke the stream. A server that stops, and one that closes a quiet stream, both cut it off.
    pub async fn next(&mut self) -> Result<Option<StreamBatch>, Failure> {
        loop {
            // Nothing is awaited between taking a chunk and handing on its records, so no records are lost with the future.
            let chunk = match self.end.take() {
                Some(end) => end,
                None => self.response.chunk().await,
            };
            let mut batch = StreamBatch::default();
            let mut taken = match chunk {
                Ok(Some(chunk)) => decode(&mut self.decoder, &chunk, &mut batch),
                Ok(None) => return Ok(None),
                Err(error) => {
                    return Err(match transport::body_failure(&error) {
                        Failure::NotJson(NotJson::CutShort) => Failure::Closed,
                        other => other,
                    });
                }
            };
            // Under a flood much has come already; it is one batch.
            while taken < BATCH
                && let Some(chunk) = self.response.chunk().now_or_never()
            {
                match chunk {
                    Ok(Some(chunk)) => taken += decode(&mut self.decoder, &chunk, &mut batch),
                    end => {
                        self.end = Some(end);
                        break;
                    }
                }
            }
            if batch != StreamBatch::default() || self.told.elapsed() >= SIGN_OF_LIFE {
                self.told = Instant::now();
                return Ok(Some(batch));
            }
        }
    }
}

/// Adds the records that `chunk` completes, and says how long it is.
fn decode(decoder: &mut Decoder, chunk: &[u8], batch: &mut StreamBatch) -> usize {
    batch.lines.reserve(chunk.len() / SHORT_RECORD);
    decoder.push(chunk, |event| match event {
        Event::Data([]) => {} // something that keeps the connection alive
        Event::Data(json) => match read_record(json) {
            Record::Line(line) => batch.lines.push(line),
            Record::Greeting => {}
            Record::Unreadable => batch.skipped += 1,
        },
        Event::Oversized => batch.skipped += 1,
    });
    chunk.len()
}
