//! Server-sent events, decoded as the bytes come (WHATWG HTML, "Server-sent events").
//!
//! Only the data of an event is used. Where the chunks are split makes no difference, a record that grows beyond its bound is
//! dropped alone, and data that lies within one chunk is lent out of it without a copy.

/// More than this is kept for no chunk to come: a buffer that one huge record left behind is given back.
const KEPT_CAPACITY: usize = 64 * 1024;

/// The bytes that may come before the data in a line: a byte order mark and the field's name.
const LONGEST_START: usize = b"\xEF\xBB\xBFdata: ".len();

/// What the decoder found.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The data of one event, its lines joined by a line feed. Possibly no UTF-8.
    Data(&'a [u8]),
    /// An event whose data went beyond the bound.
    Oversized,
}

/// The decoder's state between two chunks.
#[derive(Debug)]
pub struct Decoder {
    /// The most bytes of data that one event may have.
    limit: usize,
    /// The beginning of a line whose end has not come.
    line: Vec<u8>,
    /// The line is passed over up to its end.
    skipping: bool,
    /// The event's data so far, where it is not lent from the chunk.
    data: Vec<u8>,
    /// Whether that is all of it.
    gathered: Gathered,
    /// The last chunk ended in a carriage return; a line feed now belongs to it.
    after_return: bool,
    /// No line was complete yet, so a byte order mark may stand there.
    at_start: bool,
}

/// How much of the event under way is in the buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gathered {
    /// There is no data, or it is lent.
    Nothing,
    /// All data so far, though it may be empty.
    Data,
    /// None: the event went beyond the bound, and its rest is passed over.
    Oversized,
}

impl Decoder {
    /// A decoder that holds at most `limit` bytes of an event's data.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            skipping: false,
            data: Vec::new(),
            gathered: Gathered::Nothing,
            after_return: false,
            at_start: true,
        }
    }

    /// Takes in the next bytes and hands every event that they complete to `each`, in order.
    ///
    /// An event whose closing blank line never comes is never handed on, as the standard has it.
    pub fn push(&mut self, mut chunk: &[u8], mut each: impl FnMut(Event<'_>)) {
        let mut lent = None;
        if self.after_return && !chunk.is_empty() {
            self.after_return = false;
            chunk = chunk.strip_prefix(b"\n").unwrap_or(chunk);
        }
        while let Some((line, rest)) = self.split_line(chunk) {
            chunk = rest;
            if self.skipping {
                self.skipping = false;
            } else if self.line.is_empty() {
                self.take_line(line, &mut lent, &mut each);
            } else if self.fits(line.len()) {
                let mut whole = std::mem::take(&mut self.line);
                whole.extend_from_slice(line);
                let mut lent_from_whole = None;
                self.take_line(&whole, &mut lent_from_whole, &mut each);
                self.keep(lent_from_whole);
                self.line = emptied(whole);
            } else {
                self.drop_line(line);
            }
        }
        self.keep(lent);
        if self.skipping || chunk.is_empty() {
            return;
        }
        if self.fits(chunk.len()) {
            self.line.extend_from_slice(chunk);
        } else {
            self.drop_line(chunk);
            self.skipping = true;
        }
    }

    /// The first line of the chunk, without its end, and what comes after it.
    fn split_line<'a>(&mut self, chunk: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        let end = memchr::memchr2(b'\n', b'\r', chunk)?;
        let (line, rest) = chunk.split_at_checked(end)?;
        self.after_return = rest == b"\r";
        let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..)).unwrap_or(&[]);
        Some((line, rest))
    }

    /// Takes a whole line. Data that begins an event is put into `lent` and not copied.
    fn take_line<'a>(
        &mut self,
        line: &'a [u8],
        lent: &mut Option<&'a [u8]>,
        each: &mut impl FnMut(Event<'_>),
    ) {
        let line = self.without_mark(line);
        if line.is_empty() {
            self.end_event(lent.take(), each);
        } else if let Some(data) = data_of(line) {
            if lent.is_none() && self.gathered == Gathered::Nothing && data.len() <= self.limit {
                *lent = Some(data);
            } else {
                self.keep(lent.take());
                self.keep(Some(data));
            }
        }
    }

    /// Adds a line to the event's data.
    fn keep(&mut self, data: Option<&[u8]>) {
        let Some(data) = data.filter(|_| self.gathered != Gathered::Oversized) else {
            return;
        };
        if self.data.len().saturating_add(data.len()) > self.limit {
            self.give_up();
            return;
        }
        if self.gathered == Gathered::Data {
            self.data.push(b'\n');
        }
        self.data.extend_from_slice(data);
        self.gathered = Gathered::Data;
    }

    fn end_event(&mut self, lent: Option<&[u8]>, each: &mut impl FnMut(Event<'_>)) {
        match (std::mem::replace(&mut self.gathered, Gathered::Nothing), lent) {
            (Gathered::Oversized, _) => each(Event::Oversized),
            (_, Some(data)) => each(Event::Data(data)),
            (Gathered::Data, None) => {
                each(Event::Data(&self.data));
                self.data = emptied(std::mem::take(&mut self.data));
            }
            (Gathered::Nothing, None) => {}
        }
    }

    fn fits(&self, more: usize) -> bool {
        self.line.len().saturating_add(more) <= self.limit.saturating_add(LONGEST_START)
    }

    /// Gives up the line that is held and goes on with `more`, and the event with it if it is the event's data.
    fn drop_line(&mut self, more: &[u8]) {
        let mut line = std::mem::take(&mut self.line);
        line.extend(more.iter().take(LONGEST_START));
        if data_of(self.without_mark(&line)).is_some() {
            self.give_up();
        }
    }

    /// The line without the byte order mark that may stand at the very start.
    fn without_mark<'a>(&mut self, line: &'a [u8]) -> &'a [u8] {
        let first = std::mem::replace(&mut self.at_start, false);
        line.strip_prefix(b"\xEF\xBB\xBF").filter(|_| first).unwrap_or(line)
    }

    /// Gives up the event.
    fn give_up(&mut self) {
        self.gathered = Gathered::Oversized;
        self.data = Vec::new();
    }
}

/// The value of a `data` field, or none for a comment or another field.
fn data_of(line: &[u8]) -> Option<&[u8]> {
    match line.strip_prefix(b"data")? {
        [] => Some(&[]),
        [b':', b' ', value @ ..] | [b':', value @ ..] => Some(value),
        _ => None,
    }
}

/// The buffer, emptied for the next use, or none of it where one huge record made it large.
fn emptied(mut buffer: Vec<u8>) -> Vec<u8> {
    if buffer.capacity() > KEPT_CAPACITY {
        return Vec::new();
    }
    buffer.clear();
    buffer
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn owned(event: &Event<'_>) -> Option<Vec<u8>> {
        match event {
            Event::Data(data) => Some(data.to_vec()),
            Event::Oversized => None,
        }
    }

    /// The events of a stream in pieces, the oversized ones as none.
    fn decode<'a>(limit: usize, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Option<Vec<u8>>> {
        let mut decoder = Decoder::new(limit);
        let mut events = Vec::new();
        for piece in pieces {
            decoder.push(piece, |event| events.push(owned(&event)));
        }
        events
    }

    fn whole(stream: &str) -> Vec<String> {
        decode(1000, [stream.as_bytes()])
            .into_iter()
            .map(|data| String::from_utf8(data.expect("not oversized")).expect("UTF-8"))
            .collect()
    }

    #[test]
    fn lines_and_fields_are_read_as_the_standard_says() {
        for (stream, events) in [
            ("data: a\n\n", &["a"][..]),
            ("data:a\n\n", &["a"]),
            ("data:  a\n\n", &[" a"]),
            ("data: a\r\n\r\ndata: b\r\rdata: c\n\n", &["a", "b", "c"]),
            ("data: a\ndata: b\ndata\ndata:\n\n", &["a\nb\n\n"]),
            ("data\n\n", &[""]),
            (": keepalive\n\ndata: a\n: inside\nid: 7\nevent: x\nretry: 9\ndata: b\n\n", &["a\nb"]),
            ("\u{feff}data: a\n\n\u{feff}data: b\n\ndata: c\n\n", &["a", "c"]),
            ("database: a\nDATA: b\n data: c\n\n", &[]),
            ("\n\n\n", &[]),
            ("data: unfinished\n", &[]),
            ("data: unfinished", &[]),
        ] {
            assert_eq!(whole(stream), events, "{stream:?}");
        }
    }

    #[test]
    fn an_event_beyond_the_bound_is_dropped_alone() {
        let long = "x".repeat(40);
        let stream = format!(
            "data: a\n\ndata: {long}\n\ndata: b\n\ndata: 12345678\ndata: 12345678\n\n: {long}\ndata: c\n\nid: {long}\ndata: 1234567890\n\n"
        );
        let expected = [Some("a"), None, Some("b"), None, Some("c"), Some("1234567890")]
            .map(|data| data.map(|d| d.as_bytes().to_vec()));
        assert_eq!(decode(10, [stream.as_bytes()]), expected);
        for size in 1..stream.len() {
            assert_eq!(decode(10, stream.as_bytes().chunks(size)), expected, "pieces of {size}");
        }
    }

    #[test]
    fn a_huge_record_leaves_no_huge_buffer_behind() {
        let mut decoder = Decoder::new(1 << 20);
        let long = format!("data: {}", "x".repeat(900_000));
        for piece in long.as_bytes().chunks(4096) {
            decoder.push(piece, |_| ());
        }
        let mut seen = 0;
        decoder.push(b"\n\n", |event| seen = owned(&event).map_or(0, |d| d.len()));
        assert_eq!(seen, 900_000);
        assert!(decoder.line.capacity() <= KEPT_CAPACITY && decoder.data.capacity() <= KEPT_CAPACITY);
    }

    #[test]
    fn a_recorded_stream_is_the_same_in_any_pieces() {
        let stream: &[u8] = include_bytes!("../../tests/fixtures/logs-stream-odd.sse");
        let all = decode(8 << 20, [stream]);
        assert_eq!(all.len(), stream.windows(8).filter(|w| w == b"\n\ndata: ").count() + 1);
        for size in [1, 2, 3, 7, 1000, 4096] {
            assert_eq!(decode(8 << 20, stream.chunks(size)), all);
        }
    }

    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            Just(b"data: ".to_vec()),
            Just(b"data".to_vec()),
            Just(b"\n".to_vec()),
            Just(b"\r".to_vec()),
            Just(b"\r\n".to_vec()),
            Just(b"\n\n".to_vec()),
            Just(b": c".to_vec()),
            Just(b"\xEF\xBB\xBF".to_vec()),
            Just("\u{1F600}".as_bytes().to_vec()),
            proptest::collection::vec(any::<u8>(), 0..12),
        ];
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_events(
            stream in stream(),
            cuts in proptest::collection::vec(0..200_usize, 0..12),
            limit in 0..24_usize,
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(stream.len())).collect();
            cuts.extend([0, stream.len()]);
            cuts.sort_unstable();
            let pieces = cuts.windows(2).map(|w| &stream[w[0]..w[1]]);
            prop_assert_eq!(decode(limit, pieces), decode(limit, [&stream[..]]));
        }
    }
}
