//! The client against servers on loopback: what it sends, and what it makes of what comes back.
#![expect(clippy::expect_used, reason = "a test ends where its set-up fails")]

#[path = "client/server.rs"]
mod server;
#[path = "client/stream.rs"]
mod stream;
#[path = "client/tls.rs"]
mod tls;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flaretop::model::{
    AccountId, AuthProblem, Change, Endpoint, Failure, NotJson, Priority, Setting, parse_timestamp,
};
use server::{Server, Then, answer, client, json, noon, with_key};

const LIST: &str = include_str!("fixtures/accounts-standard.json");

fn change(setting: Setting, to: bool) -> Change {
    Change { setting, to }
}

fn status(status: u16, text: &str) -> Failure {
    Failure::Status { status, text: text.into() }
}

#[tokio::test]
async fn the_list_comes_with_its_times() {
    let head = format!(
        "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 07:30:44 GMT\r\nContent-Length: {}\r\n\r\n",
        LIST.len()
    );
    let server = Server::saying(head + LIST);
    let list =
        with_key(&format!("http://{}", server.address), Some("btr-key")).accounts().await.expect("a list");
    assert_eq!(list.accounts.len(), 27);
    assert_eq!((list.sent, list.received), (noon(), noon()));
    assert_eq!(list.date, parse_timestamp("2026-11-23T07:30:44Z"));

    let requests = server.requests();
    assert_eq!(server.lines(), ["GET /api/accounts"]);
    assert!(requests[0].has("x-api-key: btr-key"));
    assert!(requests[0].has("accept: application/json"));
    assert!(!requests[0].mentions("authorization"));
}

#[test]
fn a_client_does_not_print_its_key() {
    let client = with_key("http://localhost:8080", Some("btr-key"));
    assert!(!format!("{client:?}").contains("btr-key"));
}

#[tokio::test]
async fn without_a_key_none_is_sent_and_without_a_date_none_is_made_up() {
    let server = Server::saying(json("200 OK", "[]"));
    let list = server.client().accounts().await.expect("a list");
    assert_eq!((list.accounts.len(), list.date), (0, None));
    assert!(!server.requests()[0].mentions("x-api-key"));
}

#[tokio::test]
async fn a_list_without_a_length_is_read_whole() {
    let rows = format!("[{}]", vec![r#"{"id":"i"}"#; 20_000].join(","));
    let pieces = rows.as_bytes().chunks(5000).map(|piece| {
        let text = String::from_utf8_lossy(piece);
        format!("{:x}\r\n{text}\r\n", piece.len())
    });
    let chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned() + &pieces.collect::<String>();
    let server = Server::saying(chunked + "0\r\n\r\n");
    assert_eq!(server.client().accounts().await.expect("a list").accounts.len(), 20_000);
}

#[tokio::test]
async fn changes_go_to_their_own_paths_with_numbers() {
    let server = Server::answering(|request, wire| {
        let body = match request.line.rsplit('/').next() {
            Some("auto-refresh") => r#"{"success":true,"autoRefreshEnabled":true}"#,
            Some("auto-fallback") => r#"{"success":true,"autoFallbackEnabled":false}"#,
            _ => r#"{"success":true,"message":"done"}"#,
        };
        wire.write_all(json("200 OK", body).as_bytes()).expect("sent");
        Then::Keep
    });
    let client = server.client();
    let id = AccountId::new("2c440e88-d742_B");
    for (setting, to, position, line, body) in [
        (Setting::AutoRefresh, true, true, "auto-refresh", r#"{"enabled":1}"#),
        (Setting::AutoFallback, false, false, "auto-fallback", r#"{"enabled":0}"#),
        (Setting::Paused, true, true, "pause", ""),
        (Setting::Paused, false, false, "resume", ""),
    ] {
        assert_eq!(client.change(&id, change(setting, to)).await, Ok(position));
        let request = server.requests().pop().expect("a request");
        assert_eq!(request.line, format!("POST /api/accounts/2c440e88-d742_B/{line}"));
        assert_eq!(request.body, body);
        assert_eq!(request.has("content-type: application/json"), !body.is_empty());
    }
    // What the server says counts, not what was asked for.
    assert_eq!(client.change(&id, change(Setting::AutoFallback, true)).await, Ok(false));
    assert_eq!(server.requests().iter().map(|r| r.connection).max(), Some(0));
}

#[tokio::test]
async fn values_and_commands_go_to_their_own_paths() {
    let server = Server::answering(|request, wire| {
        let body = match request.line.rsplit('/').next() {
            Some("priority") => r#"{"success":true,"priority":7}"#,
            Some("refresh-usage") => {
                r#"{"success":true,"message":"…","pollingRestarted":true,"cacheRefreshed":false}"#
            }
            _ => r#"{"success":true,"message":"done"}"#,
        };
        wire.write_all(json("200 OK", body).as_bytes()).expect("sent");
        Then::Keep
    });
    let client = server.client();
    let id = AccountId::new("2c440e88-d742_B");
    let address = Endpoint::parse("https://x.example/v1?a=%22").expect("an address");
    // What the server says counts, not what was asked for.
    assert_eq!(client.set_priority(&id, Priority::new(5).expect("a priority")).await, Ok(7));
    assert_eq!(client.set_endpoint(&id, Some(address)).await, Ok(()));
    assert_eq!(client.set_endpoint(&id, None).await, Ok(()));
    assert_eq!(client.reread_usage(&id).await, Ok(false));
    assert_eq!(client.clear_limit(&id).await, Ok(()));
    let sent: Vec<(String, String)> =
        server.requests().into_iter().map(|request| (request.line, request.body)).collect();
    let wanted = [
        ("priority", r#"{"priority":5}"#),
        ("custom-endpoint", r#"{"customEndpoint":"https://x.example/v1?a=%22"}"#),
        ("custom-endpoint", r#"{"customEndpoint":null}"#),
        ("refresh-usage", ""),
        ("force-reset-rate-limit", ""),
    ]
    .map(|(action, body)| (format!("POST /api/accounts/2c440e88-d742_B/{action}"), body.to_owned()));
    assert_eq!(sent, wanted);
}

#[tokio::test]
async fn values_and_commands_are_refused_in_the_servers_words_and_bounded() {
    let id = AccountId::new("a");
    let five = Priority::new(5).expect("a priority");
    for (head, body, failure) in [
        (
            "500 Internal Server Error",
            r#"{"error":"Failed to update account priority"}"#,
            status(500, "Failed to update account priority"),
        ),
        ("404 Not Found", r#"{"error":"Account not found"}"#, status(404, "Account not found")),
        ("200 OK", r#"{"success":false}"#, Failure::NotJson(NotJson::WrongShape)),
        ("200 OK", "<html>", Failure::NotJson(NotJson::Html)),
    ] {
        let said = json(head, body);
        let server = Server::answering(move |_, wire| {
            wire.write_all(said.as_bytes()).expect("sent");
            Then::Keep
        });
        let client = server.client();
        assert_eq!(client.set_priority(&id, five).await, Err(failure.clone()));
        assert_eq!(client.set_endpoint(&id, None).await, Err(failure.clone()));
        assert_eq!(client.reread_usage(&id).await, Err(failure.clone()));
        assert_eq!(client.clear_limit(&id).await, Err(failure));
        assert_eq!(server.requests().len(), 4, "each is sent once");
    }
    let endless = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n{");
    assert_eq!(endless.client().clear_limit(&id).await, Err(Failure::TooLarge(1)));
    let silent = Server::answering(|_, _| Then::Keep);
    assert_eq!(silent.client().set_priority(&id, five).await, Err(Failure::AnswerTimeout(1)));
}

#[tokio::test]
async fn the_servers_own_count_is_taken_whatever_the_status() {
    let body = |n: u64| {
        format!(r#"{{"status":"degraded","accounts":3,"pool":{{"configured":3,"paused":1,"routable":{n}}}}}"#)
    };
    for (head, n) in [("200 OK", 2), ("503 Service Unavailable", 0)] {
        let server = Server::saying(json(head, &body(n)));
        let health = server.client().health().await.expect("a count");
        assert_eq!((health.routable, health.configured), (Some(n), Some(3)));
        assert_eq!(server.lines(), ["GET /health"]);
    }
    for (said, failure) in [
        (
            json("401 Unauthorized", r#"{"error":"no"}"#),
            Failure::Unauthorized(AuthProblem::Other("no".into())),
        ),
        (json("500 Internal Server Error", r#"{"error":"no"}"#), status(500, "no")),
        (answer("200 OK", "text/html", "<!doctype html>"), Failure::NotJson(NotJson::Html)),
        (json("200 OK", "[]"), Failure::NotJson(NotJson::WrongShape)),
    ] {
        let server = Server::saying(said.clone());
        assert_eq!(server.client().health().await.err(), Some(failure), "{said}");
    }
}

#[tokio::test]
async fn the_rows_come_as_they_were_sent() {
    let list = Server::saying(json("200 OK", LIST)).client().accounts().await.expect("a list");
    let sent: serde_json::Value = serde_json::from_str(LIST).expect("fixture");
    for (account, row) in list.accounts.iter().zip(sent.as_array().expect("rows")) {
        let kept = list.rows.get(&account.id).expect("its row");
        assert_eq!(serde_json::from_str::<serde_json::Value>(kept).expect("JSON"), *row);
    }
    let odd = "\u{feff}[{\"id\":\"a\"}, 7, {\"id\":\"a\"}]";
    let list = Server::saying(json("200 OK", odd)).client().accounts().await.expect("a list");
    let rows: Vec<_> = list.accounts.iter().map(|a| list.rows.get(&a.id)).collect();
    assert_eq!(rows, [Some(r#"{"id":"a"}"#), Some("7"), Some(r#"{"id":"a"}"#)]);
}

#[tokio::test]
async fn an_id_that_would_change_the_path_is_never_sent() {
    let server = Server::saying(json("200 OK", r#"{"success":true}"#));
    for id in ["", "a/b", "..", "a?b", "a#b", "a b", "%2e", "a\r\nb", "?row-3", "ä"] {
        let (client, id) = (server.client(), AccountId::new(id));
        let result = client.change(&id, change(Setting::Paused, true)).await;
        assert_eq!(result, Err(Failure::UnsafeId), "{id:?}");
        let five = Priority::new(5).expect("a priority");
        assert_eq!(client.set_priority(&id, five).await, Err(Failure::UnsafeId), "{id:?}");
        assert_eq!(client.set_endpoint(&id, None).await, Err(Failure::UnsafeId), "{id:?}");
        assert_eq!(client.reread_usage(&id).await, Err(Failure::UnsafeId), "{id:?}");
        assert_eq!(client.clear_limit(&id).await, Err(Failure::UnsafeId), "{id:?}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn refusals_of_a_change_are_told_in_the_servers_words() {
    for (head, body, failure) in [
        ("404 Not Found", r#"{"error":"Account not found"}"#, status(404, "Account not found")),
        (
            "400 Bad Request",
            r#"{"error":"Account 'a\u001b' is already paused"}"#,
            status(400, "Account 'a\u{FFFD}' is already paused"),
        ),
        (
            "500 Internal Server Error",
            r#"{"error":"Failed","details":"to do it"}"#,
            status(500, "Failed (to do it)"),
        ),
        (
            "503 Service Unavailable",
            include_str!("fixtures/pool-exhausted-503.json"),
            status(503, "All accounts are temporarily unavailable"),
        ),
        ("502 Bad Gateway", "<html>nginx</html>", status(502, "")),
        ("200 OK", r#"{"success":false}"#, Failure::NotJson(NotJson::WrongShape)),
        ("200 OK", "", Failure::NotJson(NotJson::Empty)),
    ] {
        let server = Server::saying(json(head, body));
        let result = server.client().change(&AccountId::new("a"), change(Setting::Paused, true)).await;
        assert_eq!(result, Err(failure));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn answers_that_are_no_list_are_told_apart() {
    use AuthProblem::{InvalidKey, KeyRequired, NotAdmin, Other};
    let html = answer("200 OK", "text/html; charset=utf-8", "<!doctype html>");
    let auth = |text: &str| json("401 Unauthorized", &format!(r#"{{"error":"{text}"}}"#));
    for (said, failure) in [
        (
            auth("API key required. Include it in the 'x-api-key' header or Authorization: Bearer <key>"),
            Failure::Unauthorized(KeyRequired),
        ),
        (auth("Invalid API key"), Failure::Unauthorized(InvalidKey)),
        (auth("Unauthorized: This API key does not have dashboard access"), Failure::Unauthorized(NotAdmin)),
        (auth("come back later"), Failure::Unauthorized(Other("come back later".into()))),
        (
            answer("401 Unauthorized", "text/html", "<h1>401</h1>"),
            Failure::Unauthorized(Other("unauthorized".into())),
        ),
        (json("500 Internal Server Error", r#"{"error":"Invalid Date"}"#), status(500, "Invalid Date")),
        (answer("404 Not Found", "text/html", "<h1>no</h1>"), status(404, "")),
        (answer("404 Not Found", "text/plain", "404 page not found\n"), status(404, "404 page not found")),
        (
            json(
                "503 Service Unavailable",
                r#"{"type":"error","error":{"type":"pool_exhausted","message":"none left"}}"#,
            ),
            status(503, "none left"),
        ),
        (answer("204 No Content", "text/plain", ""), status(204, "")),
        (html, Failure::NotJson(NotJson::Html)),
        (json("200 OK", " <html>"), Failure::NotJson(NotJson::Html)),
        (json("200 OK", ""), Failure::NotJson(NotJson::Empty)),
        (json("200 OK", r#"[{"id":"#), Failure::NotJson(NotJson::CutShort)),
        (json("200 OK", r#"{"accounts":[]}"#), Failure::NotJson(NotJson::WrongShape)),
        (json("200 OK", "pong"), Failure::NotJson(NotJson::Other)),
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1,".into(), Failure::NotJson(NotJson::CutShort)),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n".into(),
            Failure::NotJson(NotJson::CutShort),
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 104857601\r\n\r\n[".into(), Failure::TooLarge(100)),
        ("HTTP/1.1 200 OK\r\nConte".into(), Failure::ClosedUnanswered),
        ("SSH-2.0-OpenSSH_9.6\r\n".into(), Failure::NotJson(NotJson::Other)),
    ] {
        let server = Server::saying(said.clone());
        assert_eq!(server.client().accounts().await.err(), Some(failure), "{said}");
    }
}

#[tokio::test]
async fn a_redirection_is_told_and_not_followed() {
    let server = Server::saying(
        "HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/\x07x\r\nContent-Length: 0\r\n\r\n"
            .replace('\x07', "\u{9b}"),
    );
    let failure = with_key(&format!("http://{}", server.address), Some("btr-key")).accounts().await.err();
    let Some(Failure::Redirected(to)) = failure else { panic!("{failure:?}") };
    assert!(to.as_str().starts_with("http://elsewhere.example/"), "{to}");
    assert!(!to.as_str().contains(char::is_control));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_port_without_a_server_refuses() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let client = client(&format!("http://{port}"));
    assert_eq!(client.accounts().await.err(), Some(Failure::Refused));
    assert_eq!(client.stream().await.err(), Some(Failure::Refused));
    let result = client.change(&AccountId::new("a"), change(Setting::Paused, true)).await;
    assert_eq!(result, Err(Failure::Refused));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_is_not_made_in_time_is_told() {
    // A full queue of unaccepted connections, into which Linux lets no more.
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a port");
    let listener = socket.listen(0).expect("a listener");
    let address = listener.local_addr().expect("an address");
    let mut waiting = Vec::new();
    let patience = Duration::from_millis(200);
    while let Ok(Ok(connection)) =
        tokio::time::timeout(patience, tokio::net::TcpStream::connect(address)).await
    {
        waiting.push(connection);
    }
    let client = client(&format!("http://{address}"));
    assert_eq!(client.accounts().await.err(), Some(Failure::ConnectTimeout(1)));
}

#[tokio::test]
async fn a_host_that_nobody_knows_is_not_called_silent() {
    let failure = client("http://nobody.invalid:8080").accounts().await.expect_err("no such host");
    assert!(matches!(failure, Failure::UnknownHost | Failure::Unreachable(_)), "{failure:?}");
}

#[tokio::test]
async fn localhost_finds_a_server_of_one_family() {
    let server = Server::saying(json("200 OK", "[]"));
    let client = client(&format!("localhost:{}", server.address.port()));
    assert!(client.accounts().await.is_ok());
}

#[tokio::test]
async fn a_frozen_server_is_given_up() {
    let server = Server::answering(|_, _| Then::Keep);
    assert_eq!(server.client().accounts().await.err(), Some(Failure::AnswerTimeout(1)));
    let stuck = Server::answering(|_, wire| {
        wire.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[").expect("sent");
        Then::Keep
    });
    assert_eq!(stuck.client().accounts().await.err(), Some(Failure::AnswerTimeout(1)));
}

#[tokio::test]
async fn a_slow_list_is_waited_for_while_bytes_come() {
    let server = Server::answering(|_, wire| {
        wire.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n").expect("sent");
        for byte in b"[      ]" {
            std::thread::sleep(Duration::from_millis(300)); // the passing of time is what is tested
            wire.write_all(&[*byte]).expect("sent");
        }
        Then::Close
    });
    assert!(server.client().accounts().await.is_ok());
}

#[tokio::test]
async fn a_change_is_sent_once_whatever_becomes_of_it() {
    // The first answer makes the connection a kept one; on the next request the server closes it.
    let server = Server::answering(|request, wire| {
        if request.line.starts_with("GET") {
            wire.write_all(json("200 OK", "[]").as_bytes()).expect("sent");
            return Then::Keep;
        }
        Then::Close
    });
    let client = server.client();
    client.accounts().await.expect("a list");
    let result = client.change(&AccountId::new("a"), change(Setting::AutoRefresh, true)).await;
    assert_eq!(result, Err(Failure::Closed));
    assert!(Failure::Closed.leaves_outcome_unknown());
    assert_eq!(server.lines(), ["GET /api/accounts", "POST /api/accounts/a/auto-refresh"]);
}

#[tokio::test]
async fn a_question_is_repeated_once_where_a_kept_connection_was_closed() {
    let asked = AtomicUsize::new(0);
    let server = Server::answering(move |_, wire| {
        if asked.fetch_add(1, Ordering::Relaxed) == 1 {
            return Then::Close;
        }
        wire.write_all(json("200 OK", "[]").as_bytes()).expect("sent");
        Then::Keep
    });
    let client = server.client();
    client.accounts().await.expect("a list");
    client.accounts().await.expect("a list, at the second try");
    let connections: Vec<_> = server.requests().iter().map(|r| r.connection).collect();
    assert_eq!(connections, [0, 0, 1]);
}

#[tokio::test]
async fn a_server_that_keeps_closing_is_asked_twice_and_no_more() {
    let asked = AtomicUsize::new(0);
    let server = Server::answering(move |_, wire| {
        if asked.fetch_add(1, Ordering::Relaxed) == 0 {
            wire.write_all(json("200 OK", "[]").as_bytes()).expect("sent");
        }
        Then::Close
    });
    let client = server.client();
    client.accounts().await.expect("a list");
    assert_eq!(client.accounts().await.err(), Some(Failure::Closed));
    assert!(server.requests().len() <= 3, "{:?}", server.lines());
}

#[tokio::test]
async fn a_connection_closed_without_a_byte_may_want_tls() {
    let server = Server::answering(|_, _| Then::Close);
    let failure = server.client().accounts().await.expect_err("closed");
    assert_eq!(failure, Failure::ClosedUnanswered);
    assert!(failure.advice().is_some_and(|advice| advice.contains("https://")));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn connections_are_kept_until_they_are_dropped() {
    let server = Server::answering(|_, wire| {
        wire.write_all(json("200 OK", "[]").as_bytes()).expect("sent");
        Then::Keep
    });
    let client = server.client();
    client.accounts().await.expect("a list");
    client.clone().accounts().await.expect("a list");
    client.drop_connections();
    client.accounts().await.expect("a list");
    let connections: Vec<_> = server.requests().iter().map(|r| r.connection).collect();
    assert_eq!(connections, [0, 0, 1]);
}

#[tokio::test]
async fn the_history_is_read_and_bounded() {
    let server = Server::saying(json("200 OK", include_str!("fixtures/logs-history.json")));
    let lines = server.client().history().await.expect("records");
    assert_eq!(lines.len(), 1000_usize.min(lines.len()));
    assert!(!lines.is_empty());
    assert_eq!(server.lines(), ["GET /api/logs/history"]);

    for (said, failure) in [
        (json("404 Not Found", r#"{"error":"Not found"}"#), Failure::NotOffered),
        (json("405 Method Not Allowed", ""), Failure::NotOffered),
        (json("200 OK", r#"{"logs":[],"message":"none"}"#), Failure::NotJson(NotJson::WrongShape)),
        (
            json("401 Unauthorized", r#"{"error":"Invalid API key"}"#),
            Failure::Unauthorized(AuthProblem::InvalidKey),
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 67108865\r\n\r\n[".into(), Failure::TooLarge(64)),
    ] {
        assert_eq!(Server::saying(said).client().history().await.err(), Some(failure));
    }
}

#[tokio::test]
async fn a_body_that_never_ends_is_cut_at_the_bound() {
    let server = Server::answering(|_, wire| {
        let _ = wire.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let piece = format!("100000\r\n{}\r\n", " ".repeat(0x10_0000));
        while wire.write_all(piece.as_bytes()).is_ok() {}
        Then::Close
    });
    assert_eq!(server.client().history().await.err(), Some(Failure::TooLarge(64)));
}

#[tokio::test]
async fn a_loopback_address_is_never_reached_through_a_proxy() {
    const PROXIED: &str = "FLARETOP_TEST_PROXIED";
    if std::env::var_os(PROXIED).is_none() {
        // The environment is read once per process, so the test runs itself in one that names a proxy.
        let own = std::env::current_exe().expect("this program");
        let mut again = std::process::Command::new(own);
        again.args(["--exact", "a_loopback_address_is_never_reached_through_a_proxy"]);
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            again.env(name, "http://127.0.0.1:1");
        }
        let output =
            again.env(PROXIED, "1").env_remove("NO_PROXY").env_remove("no_proxy").output().expect("run");
        assert!(output.status.success(), "{output:?}");
        return;
    }
    let server = Server::saying(json("200 OK", "[]"));
    assert!(server.client().accounts().await.is_ok());
    assert_eq!(client("http://server.example:8080").accounts().await.err(), Some(Failure::Refused));
}

#[tokio::test]
async fn a_list_has_begun_with_its_head_and_a_refusal_is_none() {
    let held =
        Server::saying("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n[");
    let client = held.client();
    assert!(!client.has_list_begun());
    let asking = tokio::spawn({
        let client = client.clone();
        async move { client.accounts().await }
    });
    while !client.has_list_begun() && !asking.is_finished() {
        tokio::task::yield_now().await;
    }
    assert!(client.has_list_begun());
    let refused = Server::saying(json("401 Unauthorized", "{}"));
    let client = refused.client();
    assert!(client.accounts().await.is_err());
    assert!(!client.has_list_begun());
}
