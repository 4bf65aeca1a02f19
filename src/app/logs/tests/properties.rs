//! What holds whatever comes.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::model::Weight;

/// Messages that mean something to each other, about two accounts.
fn message() -> impl Strategy<Value = (char, String)> {
    let templates = prop::sample::select(vec![
        ('I', "Sending auto-refresh message to account: {}"),
        ('I', "Sending auto-refresh message to account: {}"),
        ('I', "Attempting auto-refresh for {} with model: m to endpoint: http://localhost:8080/v1/messages"),
        ('W', "Authentication failed (401) for account {}, failing over to next account"),
        ('W', "Account {} rate-limited (429), no model fallbacks \u{2014} failing over to next account"),
        (
            'W',
            "[ccflare] account={} cooldown_applied reason=model_fallback_429 until=2026-11-23T07:33:17.011Z",
        ),
        ('E', "Error: The socket connection was closed unexpectedly."),
        ('E', "Failed to proxy request with account {}"),
        ('E', "Proxy request failed:"),
        ('E', "Token refresh failed for {}: Status 400, Error: gone"),
        ('W', "Account {} is in refresh backoff period (attempt 1)"),
        ('E', "Auto-refresh message failed for account {}: 503 Service Unavailable"),
        ('E', "Auto-refresh message failed for account {}: 429 Too Many Requests"),
        ('E', "Response body: {}"),
        ('W', "Account {} has failed 2 consecutive auto-refresh attempts (non-401 error). Threshold is 5."),
        (
            'E',
            "Account {} has failed 5 consecutive auto-refresh attempts \u{2014} pausing account to prevent routing",
        ),
        ('E', "Account \"{}\" has been PAUSED. Resume with: bun run cli --resume \"{}\""),
        ('I', "Auto-refresh message sent successfully for account: {}"),
        ('I', "Updated rate_limit_reset for {} to 2026-11-23T08:00:00.000Z"),
        ('I', "Cleared rate_limited_until for {} as account has been refreshed (no new reset time)"),
        ('E', "Failed to fetch usage data: 401 Unauthorized"),
        ('W', "Failed to fetch usage data for {} after auto-refresh"),
        ('E', "Error sending auto-refresh message to account {}: TypeError: x"),
        ('I', "Starting auto-refresh scheduler"),
        ('I', "Request: POST /v1/messages"),
        ('E', "\u{274c} AUTHENTICATION FAILED: Account \"{}\" needs manual reauthentication"),
        ('E', "\u{1f527} MANUAL ACTION REQUIRED: Please run the following command to reauthenticate:"),
        (
            'E',
            "\u{1f6ab} Auto-refresh has been DISABLED for account \"{}\" until reauthentication is completed",
        ),
        ('E', "Auto-refresh stack trace for {}: TypeError: x     at y"),
        ('I', "Current token expires at: null"),
        ('I', "Fetched usage data for {}: 5h=37%, 7d=12.3%"),
    ]);
    (templates, prop::sample::select(vec!["work", "home"]))
        .prop_map(|((level, template), name)| (level, template.replace("{}", name)))
}

/// Records in time order, several in one moment, all within a few seconds.
fn sequence(most: usize) -> impl Strategy<Value = Vec<LogLine>> {
    prop::collection::vec((0i64..40, message()), 0..most).prop_map(|steps| {
        let mut ms = 0;
        let steps = steps.into_iter().map(|(step, (level, text))| {
            ms += (step - 25).max(0) * 60;
            say(ms, level, &text)
        });
        steps.collect()
    })
}

type Said = (Timestamp, String, Plain);

fn count<'a>(lines: impl IntoIterator<Item = &'a LogLine>) -> HashMap<Said, usize> {
    let mut counts = HashMap::new();
    for line in lines {
        *counts.entry((line.at, line.level.as_str().to_owned(), line.message.clone())).or_default() += 1;
    }
    counts
}

fn counted(logs: &Logs) -> HashMap<Said, usize> {
    count(records(logs).into_iter().map(|r| &r.line))
}

/// What is shown of each entry, without its name.
fn face(entry: &Entry) -> String {
    match entry {
        Entry::Record(r) => {
            let joined = (r.part_of, r.holds, r.switched_off);
            format!("{:?}", (&r.line, &r.event, r.folded, r.took, r.strike, joined))
        }
        Entry::Gap { after, before, .. } => format!("{after} {before:?}"),
        Entry::Note(note) => format!("{} {:?}", note.at, note.news),
    }
}

fn faces(logs: &Logs) -> Vec<String> {
    logs.entries().map(face).collect()
}

fn facts(logs: &Logs) -> Vec<Option<Facts>> {
    ["work", "home"].map(|name| logs.facts(&plain(name)).cloned()).into()
}

/// Something that happens to a log.
#[derive(Debug, Clone)]
enum Op {
    Push(Vec<LogLine>),
    Merge(Vec<LogLine>),
    Interrupted,
    MarkGap,
    Note(i64),
}

fn op() -> impl Strategy<Value = Op> {
    let shifted = || {
        (sequence(40), -20_000i64..20_000).prop_map(|(mut lines, shift)| {
            for line in &mut lines {
                line.at += TimeDelta::milliseconds(shift);
            }
            lines
        })
    };
    prop_oneof![
        shifted().prop_map(Op::Push),
        shifted().prop_shuffle().prop_map(Op::Push),
        shifted().prop_map(Op::Merge),
        Just(Op::Interrupted),
        Just(Op::MarkGap),
        (-20_000i64..20_000).prop_map(Op::Note),
    ]
}

fn apply(logs: &mut Logs, op: Op) {
    match op {
        Op::Push(lines) => {
            logs.push(lines);
        }
        Op::Merge(lines) => logs.merge(lines),
        Op::Interrupted => logs.interrupted(),
        Op::MarkGap => logs.mark_gap(),
        Op::Note(ms) => {
            logs.note(at(ms), plain("work"), News::MoreSeen(1));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn walking_on_and_walking_anew_give_the_same(lines in sequence(120)) {
        let mut step_by_step = Logs::default();
        for line in lines.clone() {
            step_by_step.push(vec![line]);
        }
        let mut anew = step_by_step.clone();
        anew.walk_all();
        prop_assert_eq!(faces(&step_by_step), faces(&anew));
        prop_assert_eq!(facts(&step_by_step), facts(&anew));
        let mut at_once = Logs::default();
        at_once.merge(lines);
        prop_assert_eq!(faces(&step_by_step), faces(&at_once));
        prop_assert_eq!(facts(&step_by_step), facts(&at_once));
    }

    #[test]
    fn what_was_dropped_still_means_the_same(lines in sequence(120), dropped in 0usize..60) {
        let mut whole = Logs::default();
        whole.push(lines.clone());
        let mut part = whole.clone();
        for _ in 0..dropped.min(lines.len()) {
            part.drop_oldest(&mut Vec::new());
        }
        let seen = (faces(&part), facts(&part));
        part.walk_all();
        prop_assert_eq!(&seen.0, &faces(&part));
        prop_assert_eq!(&seen.1, &facts(&part));
        let is_kept = |(place, entry): &(Place, &Entry)| match entry {
            Entry::Record(Record { folded: true, event: Event { kind: Kind::TokenRefreshFailed, .. }, .. }) => {
                *place >= part.ring.first
            }
            Entry::Record(record) => {
                let joined = record.part_of.is_some() || record.holds > 0;
                *place >= part.ring.first || joined || record.event.kind.weight() == Weight::Refresh
            }
            _ => false,
        };
        let left: Vec<_> = whole.since(0).filter(is_kept).map(|(_, entry)| face(entry)).collect();
        prop_assert_eq!(&seen.0, &left, "what is about refreshes stays, as it was told");
    }

    #[test]
    fn any_split_between_stream_and_history_gives_each_record_once(
        lines in sequence(80),
        from in 0usize..80,
        until in 0usize..80,
        cuts in prop::collection::vec(0usize..80, 0..4),
    ) {
        let within = |n: usize| n.min(lines.len());
        let history = &lines[..within(until)];
        let stream = &lines[within(from)..];
        let mut logs = Logs::default();
        let mut pushed = 0;
        let mut cuts: Vec<_> = cuts.into_iter().map(|c| c.min(stream.len())).collect();
        cuts.sort_unstable();
        for cut in cuts {
            logs.push(stream[pushed..cut].to_vec());
            pushed = cut;
            logs.merge(history.to_vec());
        }
        logs.push(stream[pushed..].to_vec());
        logs.merge(history.to_vec());
        let mut union = count(history);
        for (said, n) in count(stream) {
            let most = union.entry(said).or_default();
            *most = n.max(*most);
        }
        prop_assert_eq!(counted(&logs), union);
        let again = logs.clone();
        logs.merge(history.to_vec());
        prop_assert!(logs == again, "the same history again changes nothing");
    }

    #[test]
    fn a_whole_history_restores_the_order(lines in sequence(80), kept in prop::collection::vec(any::<bool>(), 80)) {
        let mut logs = Logs::default();
        let stream = lines.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(line, _)| line.clone());
        logs.push(stream.collect());
        logs.merge(lines.clone());
        let restored: Vec<_> = records(&logs).into_iter().map(|r| r.line.clone()).collect();
        prop_assert_eq!(restored, lines);
    }

    #[test]
    fn whatever_happens_the_books_are_right(ops in prop::collection::vec(op(), 0..12)) {
        let mut logs = Logs::default();
        for op in ops {
            let merged = match &op {
                Op::Merge(lines) => Some(lines.clone()),
                _ => None,
            };
            apply(&mut logs, op);
            prop_assert_eq!(logs.kept(), records(&logs).len());
            let in_ring = logs.ring.since(logs.ring.first).filter(|(_, e)| !matches!(e, Entry::Gap { .. }));
            prop_assert_eq!(logs.ring.bytes, in_ring.map(|(_, entry)| entry.weight()).sum::<usize>());
            prop_assert!(logs.ring.slots.iter().zip(logs.ring.slots.iter().skip(1)).all(|(a, b)| a.key <= b.key));
            let gap_first = matches!(logs.entries().next(), Some(Entry::Gap { .. }));
            prop_assert!(!gap_first);
            let mut ids: Vec<_> = logs.entries().map(Entry::id).collect();
            ids.sort_unstable();
            ids.dedup();
            prop_assert_eq!(ids.len(), logs.entries().count());
            if let Some(lines) = merged {
                let before = logs.clone();
                logs.merge(lines);
                prop_assert!(logs == before, "the same history again changes nothing");
            }
            let mut anew = logs.clone();
            anew.walk_all();
            prop_assert_eq!(faces(&logs), faces(&anew));
            prop_assert_eq!(facts(&logs), facts(&anew));
        }
    }
}
