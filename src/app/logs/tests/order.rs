//! Order, bounds and names of the kept records.

use super::*;

fn numbered(range: std::ops::Range<i64>) -> Vec<LogLine> {
    range.map(|n| say(n, 'I', &format!("line {n}"))).collect()
}

#[test]
fn records_of_one_moment_keep_the_order_in_which_they_came() {
    let logs = after(&[(0, 'I', "b"), (0, 'I', "a"), (0, 'I', "c")]);
    assert_eq!(messages(&logs), ["b", "a", "c"]);
}

#[test]
fn a_late_record_is_put_in_its_place() {
    let logs = after(&[(0, 'I', "a"), (100, 'I', "c"), (100, 'I', "d"), (60, 'I', "b")]);
    assert_eq!(messages(&logs), ["a", "b", "c", "d"]);
}

#[test]
fn a_late_beginning_still_finds_its_outcome() {
    let sent = "Auto-refresh message sent successfully for account: work";
    let logs = after(&[(100, 'I', sent), (60, 'I', "Sending auto-refresh message to account: work")]);
    assert_eq!(shown(&logs), [sent]);
    assert_eq!(records(&logs)[1].took, Some(TimeDelta::milliseconds(40)));
}

#[test]
fn when_the_servers_clock_is_set_back_records_stay_where_they_came() {
    let logs = after(&[(0, 'I', "a"), (3_600_000, 'I', "b"), (60_000, 'I', "c"), (61_000, 'I', "d")]);
    assert_eq!(messages(&logs), ["a", "b", "c", "d"]);
}

#[test]
fn the_oldest_are_dropped_and_counted() {
    let mut logs = Logs::default();
    let most = most();
    logs.push(numbered(0..most));
    assert_eq!((logs.kept(), logs.dropped()), (MOST_RECORDS, 0));
    logs.push(numbered(most..most + 7));
    assert_eq!((logs.kept(), logs.dropped()), (MOST_RECORDS, 7));
    assert_eq!(messages(&logs)[0], "line 7");
}

#[test]
fn large_records_are_bounded_by_their_bytes() {
    let mut logs = Logs::default();
    let large = "x".repeat(1 << 20);
    for n in 0..40 {
        logs.push(vec![say(n, 'I', &large)]);
    }
    assert!(logs.kept() < 32 && logs.kept() > 28);
    assert_eq!(logs.kept() as u64 + logs.dropped(), 40);
    logs.push(vec![say(50, 'I', &"x".repeat(MOST_BYTES + 1))]);
    assert_eq!(logs.kept(), 0, "one that is too large by itself is not kept");
    logs.push(vec![say(51, 'I', "small")]);
    assert_eq!(messages(&logs), ["small"]);
}

#[test]
fn what_was_dropped_is_not_brought_back() {
    let mut logs = Logs::default();
    let most = most();
    logs.push(numbered(0..most + 100));
    let before = logs.clone();
    logs.merge(numbered(0..most + 100));
    assert!(logs == before);
}

#[test]
fn more_history_than_fits_keeps_the_newest() {
    let mut logs = Logs::default();
    let most = most();
    logs.merge(numbered(0..most + 100));
    assert_eq!((logs.kept(), logs.dropped(), messages(&logs)[0]), (MOST_RECORDS, 100, "line 100"));
    let before = logs.clone();
    logs.merge(numbered(0..most + 100));
    assert!(logs == before);
}

#[test]
fn names_of_entries_last_while_others_come_between() {
    let mut logs = after(&[(0, 'I', "a"), (100, 'I', "c")]);
    let ids: Vec<_> = records(&logs).iter().map(|r| (r.id, r.line.message.clone())).collect();
    logs.merge(vec![say(-5, 'I', "before"), say(50, 'I', "b"), say(100, 'I', "c")]);
    assert_eq!(messages(&logs), ["before", "a", "b", "c"]);
    for (id, message) in ids {
        assert!(records(&logs).iter().any(|r| r.id == id && r.line.message == message));
    }
    let mut all: Vec<_> = logs.entries().map(Entry::id).collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 4, "no name twice");
}
