//! Notes among the records.

use super::super::kept::MOST_KEPT;
use super::*;
use crate::model::{Change, Deed, Setting, Value};

fn yours() -> News {
    let deed = Deed::Switch(Change { setting: Setting::AutoRefresh, to: false });
    News::Yours { deed, was: Some(Value::Switch(true)), fate: Fate::Asked }
}

fn note(logs: &mut Logs, ms: i64) -> EntryId {
    logs.note(at(ms), Plain::new("work"), yours())
}

/// The entries, oldest first: messages, `-` for a gap, `YOU` for a note.
fn shape(logs: &Logs) -> Vec<String> {
    let entries = logs.entries();
    entries
        .map(|e| match e {
            Entry::Record(record) => record.line.message.to_string(),
            Entry::Gap { .. } => "-".to_owned(),
            Entry::Note(_) => "YOU".to_owned(),
        })
        .collect()
}

#[test]
fn a_note_stands_in_time_order_among_the_records_whenever_they_come() {
    let mut logs = after(&[(0, 'I', "a")]);
    note(&mut logs, 2000);
    logs.push(vec![say(1000, 'I', "b")]);
    logs.push(vec![say(3000, 'I', "c")]);
    assert_eq!(shape(&logs), ["a", "b", "YOU", "c"]);
    logs.merge(vec![say(0, 'I', "a"), say(1500, 'I', "late"), say(2500, 'I', "later")]);
    assert_eq!(shape(&logs), ["a", "b", "late", "YOU", "later", "c"]);
}

#[test]
fn a_note_says_what_became_of_it_where_it_stands() {
    let mut logs = after(&[(0, 'I', "a")]);
    let id = note(&mut logs, 10);
    logs.push(vec![say(20, 'I', "b")]);
    logs.settle_note(id, Fate::Confirmed);
    let fates: Vec<&Fate> = logs
        .entries()
        .filter_map(|e| match e {
            Entry::Note(Note { news: News::Yours { fate, .. }, .. }) => Some(fate),
            _ => None,
        })
        .collect();
    assert_eq!(fates, [&Fate::Confirmed]);
    logs.settle_note(EntryId(999), Fate::Unknown);
    assert_eq!(logs.kept(), 2, "a note is no record of the server's");
}

#[test]
fn where_a_note_stands_that_says_something_else_is_told_also_after_it_left_the_ring() {
    let mut logs = after(&[(0, 'I', "a")]);
    let id = note(&mut logs, 10);
    for gone in [false, true] {
        if gone {
            logs.push((20..).take(MOST_RECORDS + 10).map(|ms| say(ms, 'I', "more")).collect());
        }
        logs.take_touched();
        logs.settle_note(id, if gone { Fate::Confirmed } else { Fate::Unknown });
        let touched = logs.take_touched();
        let [place] = touched[..] else { panic!("{touched:?}") };
        assert!(matches!(logs.at(place), Some(Entry::Note(note)) if note.id == id), "{gone}");
        assert_eq!(place < logs.whole_from(), gone);
    }
}

#[test]
fn notes_change_nothing_of_what_the_records_mean() {
    let lines = [
        (0, 'I', "Sending auto-refresh message to account: work"),
        (1000, 'I', "Auto-refresh message sent successfully for account: work"),
        (1010, 'I', "Updated rate_limit_reset for work to 2026-11-24T17:00:00.000Z"),
    ];
    let plain = after(&lines);
    for ahead in [-1500, 0, 5, 1005] {
        let mut logs = Logs::default();
        for (ms, level, message) in lines {
            logs.push(vec![say(ms, level, message)]);
            note(&mut logs, ms + ahead);
        }
        let records = |logs: &Logs| {
            let faces = logs.entries().filter_map(|e| match e {
                Entry::Record(r) => Some((r.line.clone(), r.folded, r.took, r.strike)),
                _ => None,
            });
            faces.collect::<Vec<_>>()
        };
        assert_eq!(records(&logs), records(&plain), "notes {ahead} ms ahead");
        assert_eq!(logs.facts(&Plain::new("work")), plain.facts(&Plain::new("work")));
    }
}

#[test]
fn a_clock_that_is_ahead_does_not_move_the_records() {
    let mut logs = after(&[(0, 'I', "a")]);
    note(&mut logs, 3_600_000);
    logs.push(vec![say(1000, 'I', "c")]);
    logs.push(vec![say(500, 'I', "b")]);
    assert_eq!(shape(&logs), ["a", "b", "c", "YOU"]);
}

#[test]
fn a_gap_is_closed_past_a_note() {
    let mut logs = after(&[(0, 'I', "a")]);
    logs.interrupted();
    logs.mark_gap();
    note(&mut logs, 500);
    logs.push(vec![say(1000, 'I', "b")]);
    assert_eq!(shape(&logs), ["a", "-", "YOU", "b"]);
    let gap = logs.entries().nth(1);
    assert!(matches!(gap, Some(Entry::Gap { before: Some(_), .. })), "{gap:?}");
}

#[test]
fn a_flood_takes_no_note() {
    let mut logs = after(&[(0, 'I', "a"), (1, 'I', "b")]);
    let id = note(&mut logs, 2);
    let flood = |from: i64, to: i64| (from..to).map(|n| say(n, 'I', "x")).collect::<Vec<_>>();
    logs.push(flood(3, most()));
    assert_eq!(shape(&logs)[..2], ["a", "b"], "all are kept while there is room");
    logs.push(flood(most(), 3 * most()));
    assert_eq!(shape(&logs)[..2], ["YOU", "x"], "the note stays");
    assert_eq!(logs.entries().count(), MOST_RECORDS + 1);
    assert_eq!(logs.dropped(), (2 * most() - 1).unsigned_abs(), "only the server's records are counted");
    logs.settle_note(id, Fate::Refused(plain("no")));
    let first = logs.entries().next();
    let said =
        matches!(first, Some(Entry::Note(Note { news: News::Yours { fate: Fate::Refused(_), .. }, .. })));
    assert!(said, "what became of it is told all the same: {first:?}");
}

#[test]
fn notes_without_end_are_bounded() {
    let mut logs = after(&[(0, 'I', "a")]);
    for n in 0..most() + 50 {
        note(&mut logs, n);
    }
    assert_eq!(logs.entries().count(), most() as usize + 50);
    for n in 0..2 * most() {
        note(&mut logs, most() + n);
    }
    assert_eq!(logs.entries().count(), MOST_RECORDS + MOST_KEPT);
    for n in 0..200 {
        let id = note(&mut logs, most() + 100 + n);
        logs.settle_note(id, Fate::Refused(Plain::new(&"x".repeat(1 << 20))));
    }
    logs.push(vec![say(most() + 1000, 'I', "b")]);
    assert!(logs.ring.bytes <= MOST_BYTES, "{}", logs.ring.bytes);
}
