//! What the dashboard costs, and how each cost grows: `cargo bench`.

#![allow(missing_docs, reason = "criterion's macros make functions without them")]
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench that cannot run ends, and says what it counts"
)]

use std::hint::black_box;

use chrono::{SubsecRound as _, TimeDelta};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use flaretop::api::{Record, read_list, read_record};
use flaretop::app::logs::classify;
use flaretop::app::{AccountsAnswer, Effect, Msg, Options, State, update};
use flaretop::client::sse::{Decoder, Event};
use flaretop::demo::account::{Account, Token, Usage};
use flaretop::model::{LogLine, Timestamp, parse_timestamp};
use flaretop::runtime::encode::Encoder;
use flaretop::view::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

const COUNTS: [usize; 3] = [10, 1_000, 10_000];
const SIZES: [(u16, u16); 2] = [(80, 24), (200, 50)];
const LOG: &str = include_str!("../tests/fixtures/app-log.jsonl");

fn now() -> Timestamp {
    parse_timestamp("2026-11-24T14:02:37Z").expect("a time")
}

/// The list of so many accounts as the server sends it; all of them count seconds.
fn body(count: usize, used: f64) -> Vec<u8> {
    let rows: Vec<_> = (0..count)
        .map(|n| {
            let id = format!("{n:08x}-0000-4000-8000-{n:012x}");
            let mut account = Account::new(&id, &format!("account-{n:05}"), "anthropic", now());
            let seconds = i64::try_from(n % 3_000).expect("small") + 500;
            account.auto_refresh_enabled = true;
            account.priority = i64::try_from(n % 100).expect("small");
            account.rate_limit_reset = Some(now() + TimeDelta::seconds(seconds));
            account.rate_limit_status = Some("allowed".to_owned());
            account.token = Token { refresh: true, expires: Some(now() + TimeDelta::hours(8)) };
            account.usage = Some(Usage {
                five_hour: used,
                five_hour_resets: account.rate_limit_reset,
                seven_day: 12.5,
                seven_day_resets: Some(now() + TimeDelta::days(3)),
            });
            account.to_row(now())
        })
        .collect();
    serde_json::to_vec(&rows).expect("JSON")
}

/// The program with this list on a screen of this size.
fn dashboard(body: &[u8], width: u16, height: u16) -> State {
    let mut state = State::new(now(), Size::new(width, height), Options::default());
    let effects = update(&mut state, now(), Msg::Tick);
    answer(&mut state, &effects, body, now());
    state
}

/// The list that is asked for.
fn asked(effects: &[Effect]) -> Option<flaretop::app::Seq> {
    effects.iter().find_map(|effect| if let Effect::Poll { seq } = effect { Some(*seq) } else { None })
}

/// Takes in the list that was asked for.
fn answer(state: &mut State, effects: &[Effect], body: &[u8], at: Timestamp) {
    let seq = asked(effects).expect("the list is asked for");
    let (accounts, rows) = read_list(body.to_vec()).expect("a list");
    let answer = AccountsAnswer { accounts, sent: at, received: at, date: Some(at.trunc_subsecs(0)), rows };
    update(state, at, Msg::Accounts { seq, result: Ok(answer) });
}

fn lines() -> Vec<LogLine> {
    let read = |line: &str| match read_record(line.as_bytes()) {
        Record::Line(line) => Some(line),
        _ => None,
    };
    LOG.lines().filter_map(read).collect()
}

fn parse(c: &mut Criterion) {
    let mut group = c.benchmark_group("parse");
    for count in COUNTS {
        let body = body(count, 37.0);
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(count), &body, |b, body| {
            b.iter_batched(
                || body.clone(),
                |body| read_list(black_box(body)).expect("a list"),
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

fn polls(c: &mut Criterion) {
    for (name, used) in [("poll/unchanged", 37.0), ("poll/changed", 38.0)] {
        let mut group = c.benchmark_group(name);
        for count in COUNTS {
            let (before, after) = (body(count, 37.0), body(count, used));
            let state = dashboard(&before, 200, 50);
            let (accounts, rows) = read_list(after).expect("a list");
            group.throughput(Throughput::Elements(count as u64));
            group.bench_function(BenchmarkId::from_parameter(count), |b| {
                b.iter_batched(
                    || {
                        let mut state = state.clone();
                        let at = now() + TimeDelta::seconds(5);
                        let effects = update(&mut state, at, Msg::Key("r".parse().expect("a key")));
                        let seq = asked(&effects).expect("a poll is asked for");
                        let (accounts, rows) = (accounts.clone(), rows.clone());
                        let date = Some(at.trunc_subsecs(0));
                        let answer = AccountsAnswer { accounts, sent: at, received: at, date, rows };
                        (state, Msg::Accounts { seq, result: Ok(answer) }, at)
                    },
                    |(mut state, msg, at)| {
                        black_box(update(&mut state, at, msg));
                        state
                    },
                    BatchSize::LargeInput,
                );
            });
        }
        group.finish();
    }
}

fn draw(c: &mut Criterion) {
    for (width, height) in SIZES {
        let mut group = c.benchmark_group(format!("draw/{width}x{height}"));
        for count in COUNTS {
            let state = dashboard(&body(count, 37.0), width, height);
            let area = Rect::new(0, 0, width, height);
            let mut buffer = Buffer::empty(area);
            group.bench_function(BenchmarkId::from_parameter(count), |b| {
                b.iter(|| {
                    flaretop::view::render(black_box(&state), &Theme::new(true, false), area, &mut buffer);
                });
            });
        }
        group.finish();
    }
}

/// One second in which 48 countdowns fall: drawn, told apart from the last frame, and written. Once as a whole frame, and once as the
/// program does it, which draws the panes with the countdowns alone.
fn second(c: &mut Criterion) {
    let (width, height) = (200, 50);
    let area = Rect::new(0, 0, width, height);
    let theme = Theme::new(true, false);
    let mut state = dashboard(&body(48, 37.0), width, height);
    let mut encoder = Encoder::new(area);
    let (mut buffer, mut bytes) = (Buffer::empty(area), Vec::new());
    let mut frame = |state: &State, bytes: &mut Vec<u8>| {
        bytes.clear();
        flaretop::view::render(state, &theme, area, &mut buffer);
        encoder.encode(&mut buffer, bytes);
    };
    frame(&state, &mut bytes);
    let whole = bytes.len();
    let mut at = now();
    let mut total = 0;
    for _ in 0..60 {
        at += TimeDelta::seconds(1);
        state.now = at;
        frame(&state, &mut bytes);
        total += bytes.len();
    }
    println!(
        "second/48: the whole frame is {whole} bytes; a second is {:.1} on average",
        f64::from(total as u32) / 60.0
    );
    let mut group = c.benchmark_group("second/48");
    group.bench_function("whole frame", |b| {
        b.iter(|| {
            at += TimeDelta::seconds(1);
            state.now = at;
            frame(&state, &mut bytes);
            black_box(bytes.len())
        });
    });
    group.bench_function("countdowns alone", |b| {
        b.iter(|| {
            at += TimeDelta::seconds(1);
            state.now = at;
            bytes.clear();
            let rows = flaretop::view::render_counts(&state, &theme, area, &mut buffer);
            encoder.encode_rows(&mut buffer, rows, &mut bytes);
            black_box(bytes.len())
        });
    });
    group.finish();
}

fn records(c: &mut Criterion) {
    let lines = lines();
    let mut group = c.benchmark_group("log");
    group.throughput(Throughput::Elements(lines.len() as u64));
    group.bench_function("classify", |b| b.iter(|| lines.iter().map(classify).map(black_box).count()));
    let state = State::new(now(), Size::new(120, 40), Options::default());
    group.bench_function("take in", |b| {
        b.iter_batched(
            || (state.logs.clone(), lines.clone()),
            |(mut logs, lines)| {
                logs.push(lines);
                logs
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

/// A flood as it comes from the socket, in reads of 16 KiB: split into events, parsed.
fn flood(c: &mut Criterion) {
    let text = LOG.lines().fold(String::new(), |text, line| text + "data: " + line + "\n\n");
    let mut group = c.benchmark_group("flood");
    group.throughput(Throughput::Elements(LOG.lines().count() as u64));
    group.bench_function("split", |b| {
        b.iter(|| {
            let (mut decoder, mut count) = (Decoder::new(8 << 20), 0);
            for chunk in text.as_bytes().chunks(16 << 10) {
                decoder.push(chunk, |_| count += 1);
            }
            black_box(count)
        });
    });
    group.bench_function("split and parse", |b| {
        b.iter(|| {
            let (mut decoder, mut count) = (Decoder::new(8 << 20), 0);
            for chunk in text.as_bytes().chunks(16 << 10) {
                decoder.push(chunk, |event| {
                    if let Event::Data(data) = event
                        && let Record::Line(line) = read_record(data)
                    {
                        black_box(line);
                        count += 1;
                    }
                });
            }
            black_box(count)
        });
    });
    group.finish();
}

criterion_group!(benches, parse, polls, draw, second, records, flood);
criterion_main!(benches);
