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
    assert!(logs.kept() < 16 && logs.kept() > 12);
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

#[test]
fn what_is_about_refreshes_outlasts_a_flood() {
    let failure = [
        (0, 'I', "Sending auto-refresh message to account: work"),
        (40, 'E', "Auto-refresh message failed for account work: 429 Too Many Requests"),
        (
            41,
            'W',
            "Account work has failed 2 consecutive auto-refresh attempts (non-401 error). Threshold is 5.",
        ),
    ];
    let mut logs = after(&failure);
    let told: Vec<Record> = records(&logs).into_iter().cloned().collect();
    let most = most();
    logs.push(numbered(100..3 * most));
    let left: Vec<Record> = records(&logs).into_iter().take(3).cloned().collect();
    assert_eq!(left, told, "with its attempt and its count, as it was told");
    assert_eq!(logs.kept(), MOST_RECORDS + 3);
    assert_eq!(logs.kept() + logs.dropped() as usize, 3 + 3 * MOST_RECORDS - 100);
    let places: Vec<Place> = logs.since(0).take(3).map(|(place, _)| place).collect();
    assert!(
        places
            .iter()
            .zip(&told)
            .all(|(place, r)| matches!(logs.at(*place), Some(Entry::Record(at)) if at == r))
    );
    let before = logs.clone();
    logs.merge(failure.iter().map(|(ms, level, text)| say(*ms, *level, text)).collect());
    assert!(logs == before, "and the history does not bring it twice");
}

#[test]
fn an_outcome_that_comes_after_a_flood_is_tied_to_its_attempt() {
    let mut logs = after(&[(0, 'I', "Sending auto-refresh message to account: work")]);
    let most = most();
    logs.push(numbered(100..2 * most));
    assert_eq!(shown(&logs), ["Sending auto-refresh message to account: work"]);
    let sent = "Auto-refresh message sent successfully for account: work";
    logs.push(vec![say(2 * most, 'I', sent)]);
    assert_eq!(shown(&logs), [sent], "the attempt is told by its outcome");
    let (_, last) = logs.since(0).last().unwrap();
    assert!(
        matches!(last, Entry::Record(r) if r.took == Some(TimeDelta::milliseconds(2 * most)) && r.holds == 1)
    );
}

#[test]
fn failures_without_end_are_bounded() {
    let mut logs = Logs::default();
    let most = most();
    for n in 0..2 * most {
        let text = format!("Auto-refresh message failed for account work: 503 {}", "x".repeat(4000));
        logs.push(vec![say(n, 'E', &text)]);
    }
    let [ring, kept] =
        [logs.ring.first, 0].map(|from| logs.since(from).map(|(_, e)| e.weight()).sum::<usize>());
    assert!(ring <= MOST_BYTES && kept - ring <= 4 << 20, "{ring} {kept}");
    assert!(logs.kept() > MOST_RECORDS / 2);
    assert_eq!(logs.kept() as u64 + logs.dropped(), 2 * MOST_RECORDS as u64);
}

#[test]
fn a_loss_that_is_dropped_is_marked_behind_what_is_kept_from_before_it() {
    let mut logs = after(&[(0, 'E', "Auto-refresh message failed for account work: 429 Too Many Requests")]);
    logs.push(numbered(100..110));
    logs.interrupted();
    let most = most();
    logs.push(numbered(1_000..1_000 + 2 * most));
    logs.mark_gap();
    let mut entries = logs.entries();
    assert!(matches!(entries.next(), Some(Entry::Record(r)) if matches!(r.event.kind, Kind::Failed(_))));
    assert!(matches!(entries.next(), Some(Entry::Gap { .. })), "what came between is not known");
    let bare = {
        let mut logs = Logs::default();
        logs.push(numbered(100..110));
        logs.interrupted();
        logs.push(numbered(1_000..1_000 + 2 * most));
        logs.mark_gap();
        logs
    };
    assert!(bare.entries().all(|entry| matches!(entry, Entry::Record(_))), "nothing is left from before it");
}

#[test]
fn a_long_history_is_told_as_it_would_have_been_live() {
    let failure = [
        say(0, 'I', "Sending auto-refresh message to account: work"),
        say(40, 'E', "Auto-refresh message failed for account work: 429 Too Many Requests"),
        say(
            41,
            'W',
            "Account work has failed 2 consecutive auto-refresh attempts (non-401 error). Threshold is 5.",
        ),
    ];
    let lines: Vec<LogLine> = failure.into_iter().chain(numbered(100..100 + most())).collect();
    let mut live = Logs::default();
    live.push(lines.clone());
    let mut history = Logs::default();
    history.merge(lines);
    assert!(live.entries().zip(history.entries()).all(|(a, b)| a == b));
    assert_eq!((history.kept(), shown(&history).len()), (live.kept(), 1));
}

#[test]
fn renewals_that_fail_without_end_push_no_failure_out() {
    let failed = "Auto-refresh message failed for account home: 403 Forbidden";
    let mut logs = after(&[(0, 'E', failed)]);
    let again = "Token refresh for account work is in backoff period after recent failure";
    let most = most();
    logs.push((0..3 * most).map(|n| say(1_000 + n, 'E', again)).collect());
    logs.push(numbered(10 * most..11 * most));
    assert!(messages(&logs).contains(&failed));
    let large = format!("{failed} {}", "x".repeat(1 << 20));
    logs.push(vec![say(12 * most, 'E', &large)]);
    logs.push(numbered(13 * most..14 * most));
    assert!(messages(&logs).contains(&failed) && !messages(&logs).contains(&large.as_str()));
}
