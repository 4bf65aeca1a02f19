//! Carries out what the app decided: requests to the server, each in a task of its own that answers with a message.

use futures_util::FutureExt as _;
use tokio::sync::mpsc::Sender;
use tokio::task::JoinHandle;

use crate::app::{Effect, Msg, Seq};
use crate::client::Client;
use crate::model::Failure;

/// Records that one message carries, about.
const MOST_AT_ONCE: usize = 1000;

/// Makes the requests.
#[derive(Debug)]
pub(super) struct Requests {
    client: Client,
    answers: Sender<Msg>,
    stream: Option<JoinHandle<()>>,
    poll: Option<JoinHandle<()>>,
    history: Option<JoinHandle<()>>,
}

impl Requests {
    pub(super) fn new(client: Client, answers: Sender<Msg>) -> Self {
        Self { client, answers, stream: None, poll: None, history: None }
    }

    /// Begins what `effect` asks of the server. The other effects are not its business.
    pub(super) fn begin(&mut self, effect: &Effect) {
        let client = self.client.clone();
        let answers = self.answers.clone();
        match effect.clone() {
            Effect::Poll { seq } => {
                let task = tokio::spawn(async move {
                    let result = client.accounts().await;
                    let _ = answers.send(Msg::Accounts { seq, result }).await;
                });
                end(self.poll.replace(task));
            }
            Effect::Apply { seq, id, change } => {
                tokio::spawn(async move {
                    let result = client.change(&id, change).await;
                    let _ = answers.send(Msg::ChangeDone { seq, id, change, result }).await;
                });
            }
            Effect::OpenStream { seq } => {
                let task = tokio::spawn(async move {
                    let why = follow(&client, seq, &answers).await;
                    let _ = answers.send(Msg::StreamClosed { seq, why }).await;
                });
                end(self.stream.replace(task));
            }
            Effect::FetchHistory { seq } => {
                let task = tokio::spawn(async move {
                    let result = client.history().await;
                    let _ = answers.send(Msg::History { seq, result }).await;
                });
                end(self.history.replace(task));
            }
            Effect::AskHealth { seq } => {
                tokio::spawn(async move {
                    let result = client.health().await;
                    let _ = answers.send(Msg::Health { seq, result }).await;
                });
            }
            Effect::DropConnections => self.client.drop_connections(),
            Effect::Copy(_) | Effect::Redraw | Effect::Suspend | Effect::Quit => {}
        }
    }
}

fn end(task: Option<JoinHandle<()>>) {
    if let Some(task) = task {
        task.abort();
    }
}

/// Passes the stream's records on until it ends, and says why it did.
async fn follow(client: &Client, seq: Seq, answers: &Sender<Msg>) -> Failure {
    let mut stream = match client.stream().await {
        Ok(stream) => stream,
        Err(why) => return why,
    };
    if answers.send(Msg::StreamOpened { seq }).await.is_err() {
        return Failure::Closed;
    }
    loop {
        let mut next = stream.next().await;
        let (mut lines, mut skipped) = (Vec::new(), 0);
        let alive = matches!(next, Ok(Some(_)));
        // What has come already comes as one message: a flood is a few large ones, not thousands of small ones.
        while let Ok(Some(batch)) = &mut next {
            lines.append(&mut batch.lines);
            skipped += batch.skipped;
            if lines.len() >= MOST_AT_ONCE {
                break;
            }
            match stream.next().now_or_never() {
                Some(more) => next = more,
                None => break,
            }
        }
        if alive {
            let msg = Msg::StreamRecords { seq, lines, skipped };
            if answers.send(msg).await.is_err() {
                return Failure::Closed;
            }
        }
        match next {
            Ok(Some(_)) => {}
            Ok(None) => return Failure::Closed,
            Err(why) => return why,
        }
    }
}
