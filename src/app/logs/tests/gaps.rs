//! The stream and the history: nothing lost, nothing twice, and a mark where something may be missing.

use super::*;

fn line_at(ms: i64) -> LogLine {
    say(ms, 'I', &format!("line {ms}"))
}

fn lines(all: &[i64]) -> Vec<LogLine> {
    all.iter().map(|ms| line_at(*ms)).collect()
}

/// Entries as words: the record's milliseconds, or `after..before` for a gap.
fn told(logs: &Logs) -> String {
    let ms = |t: Timestamp| (t - at(0)).num_milliseconds().to_string();
    let words = logs.entries().map(|entry| match entry {
        Entry::Record(record) => ms(record.line.at),
        Entry::Gap { after, before, .. } => {
            format!("[{}..{}]", ms(*after), before.map(ms).unwrap_or_default())
        }
        Entry::Note(_) => "note".to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_first_history_marks_nothing() {
    let mut logs = Logs::default();
    logs.interrupted();
    logs.push(lines(&[30]));
    logs.merge(lines(&[10, 20, 30]));
    assert_eq!(told(&logs), "10 20 30");
}

#[test]
fn a_cut_after_silence_loses_nothing_and_marks_nothing() {
    let mut logs = Logs::default();
    logs.merge(lines(&[1, 2, 3]));
    logs.push(lines(&[4, 5]));
    logs.interrupted(); // 252 s of silence
    logs.push(lines(&[262_000])); // the stream is open again, and the history is still to come
    logs.merge(lines(&[2, 3, 4, 5, 100_000, 262_000]));
    assert_eq!(told(&logs), "1 2 3 4 5 100000 262000");
    logs.interrupted();
    logs.merge(lines(&[5, 100_000, 262_000]));
    assert_eq!(told(&logs), "1 2 3 4 5 100000 262000");
}

#[test]
fn a_record_that_the_history_told_first_is_not_doubled_by_the_stream() {
    let mut logs = Logs::default();
    logs.merge(lines(&[1, 2, 3]));
    logs.push(lines(&[2, 3, 4]));
    assert_eq!(told(&logs), "1 2 3 4");
    logs.push(lines(&[3]));
    assert_eq!(told(&logs), "1 2 3 3 4", "the stream tells each record once, so a second one is another");
}

#[test]
fn twins_are_counted() {
    let mut logs = Logs::default();
    logs.push(lines(&[5]));
    logs.merge(lines(&[5, 5]));
    assert_eq!(told(&logs), "5 5");
    logs.merge(lines(&[5]));
    assert_eq!(told(&logs), "5 5");
}

#[test]
fn a_history_that_does_not_reach_back_leaves_a_mark() {
    let mut logs = Logs::default();
    logs.push(lines(&[1, 2]));
    logs.interrupted();
    logs.push(lines(&[60]));
    logs.merge(lines(&[50, 60]));
    assert_eq!(told(&logs), "1 2 [2..50] 50 60");
    logs.interrupted();
    logs.merge(lines(&[50, 60, 70]));
    assert_eq!(told(&logs), "1 2 [2..50] 50 60 70", "the old mark stays, and there is no new one");
}

#[test]
fn an_emptied_log_leaves_a_mark() {
    let mut logs = Logs::default();
    logs.push(lines(&[1, 2]));
    logs.interrupted();
    logs.merge(Vec::new());
    assert_eq!(told(&logs), "1 2 [2..]");
    logs.push(lines(&[9]));
    assert_eq!(told(&logs), "1 2 [2..9] 9");
    logs.push(lines(&[10]));
    assert_eq!(told(&logs), "1 2 [2..9] 9 10");
}

#[test]
fn without_a_history_there_is_a_mark_until_one_bridges_it() {
    let mut logs = Logs::default();
    logs.push(lines(&[1, 2]));
    logs.interrupted();
    logs.mark_gap();
    logs.mark_gap();
    assert_eq!(told(&logs), "1 2 [2..]");
    let id = logs.entries().last().map(Entry::id);
    logs.push(lines(&[8]));
    assert_eq!(told(&logs), "1 2 [2..8] 8");
    assert_eq!(logs.entries().nth(2).map(Entry::id), id);
    logs.merge(lines(&[2, 5, 8]));
    assert_eq!(told(&logs), "1 2 5 8");
}

#[test]
fn a_late_record_corrects_the_mark_before_it() {
    let mut logs = Logs::default();
    logs.push(lines(&[1, 2]));
    logs.interrupted();
    logs.mark_gap();
    logs.push(lines(&[100, 90]));
    assert_eq!(told(&logs), "1 2 [2..90] 90 100");
}

#[test]
fn the_mark_stands_where_the_stream_was_lost() {
    let mut logs = Logs::default();
    logs.push(lines(&[1, 2]));
    logs.interrupted();
    logs.push(lines(&[8, 9]));
    logs.mark_gap();
    assert_eq!(told(&logs), "1 2 [2..8] 8 9");
}

#[test]
fn each_loss_is_marked_by_itself() {
    let mut logs = Logs::default();
    logs.push(lines(&[1]));
    logs.interrupted();
    logs.interrupted();
    logs.push(lines(&[10]));
    logs.interrupted();
    logs.push(lines(&[20]));
    logs.merge(lines(&[8, 10, 15, 20]));
    assert_eq!(told(&logs), "1 [1..8] 8 10 15 20", "the second loss is bridged, the first is not");
}

#[test]
fn nothing_known_means_nothing_missing() {
    let mut logs = Logs::default();
    logs.mark_gap();
    logs.interrupted();
    logs.mark_gap();
    assert_eq!(told(&logs), "");
    assert_eq!(logs.kept(), 0);
}

#[test]
fn a_refresh_is_not_tied_together_across_a_gap() {
    let mut logs = after(&[(0, 'I', "Sending auto-refresh message to account: work")]);
    logs.interrupted();
    logs.mark_gap();
    let sent = say(60_000, 'I', "Auto-refresh message sent successfully for account: work");
    logs.push(vec![sent.clone()]);
    assert_eq!(records(&logs)[1].took, None);
    assert!(!records(&logs)[0].folded);
    let mut history = vec![records(&logs)[0].line.clone(), sent];
    logs.merge(std::mem::take(&mut history));
    assert_eq!(records(&logs)[1].took, Some(TimeDelta::seconds(60)), "once it is bridged, it is");
}

#[test]
fn a_mark_with_nothing_before_it_is_dropped() {
    let mut logs = Logs::default();
    logs.push(lines(&[1, 2]));
    logs.interrupted();
    logs.mark_gap();
    logs.push((0..most()).map(|n| line_at(10 + n)).collect());
    assert!(logs.entries().all(|entry| matches!(entry, Entry::Record(_))));
    assert_eq!((logs.kept(), logs.dropped()), (MOST_RECORDS, 2));
}

#[test]
fn a_stream_cut_inside_a_moment_is_mended_in_order() {
    let all = recorded(include_str!("../../../../tests/fixtures/app-log.jsonl"));
    for cut in [100, 158, 219, 1_000, 2_000] {
        let mut whole = Logs::default();
        whole.push(all.clone());
        let mut mended = Logs::default();
        mended.push(all[..cut].to_vec());
        mended.interrupted();
        mended.push(all[cut + 20..].to_vec());
        mended.merge(all[..cut + 60].to_vec());
        assert_eq!(messages(&mended), messages(&whole), "cut at {cut}");
        assert!(records(&mended).iter().zip(records(&whole)).all(|(a, b)| {
            (&a.event, a.folded, a.took, a.strike) == (&b.event, b.folded, b.took, b.strike)
        }));
    }
}

#[test]
fn the_recorded_stream_and_history_of_one_server_fit_together() {
    let text = include_str!("../../../../tests/fixtures/logs-history.json");
    let rows: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
    let history: Vec<_> = rows.iter().map(|row| line(&row.to_string())).collect();
    let stream = recorded(include_str!("../../../../tests/fixtures/logs-stream.sse"));
    let mut logs = Logs::default();
    logs.push(stream.clone());
    logs.merge(history.clone());
    assert_eq!(logs.kept(), stream.len(), "the stream has all that the history has");
    let last = history.last().unwrap().at;
    let opened = stream.iter().position(|l| l.at > last - TimeDelta::seconds(30)).unwrap();
    let first = stream.iter().position(|l| *l == history[0]).unwrap();
    let mut joined = Logs::default();
    joined.merge(history);
    joined.push(stream[opened..].to_vec());
    assert_eq!(joined.kept(), stream.len() - first);
    assert_eq!(messages(&joined), messages(&logs)[first..]);
}
