//! Carries out what the app decided: requests to the server, each in a task of its own that answers with a message.

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, ready};
use tokio::sync::mpsc::Sender;
use tokio::task::JoinHandle;

use crate::app::{Effect, Msg, Seq};
use crate::client::Client;
use crate::config::{Asks, Server};
use crate::model::{AccountId, Deed, Failure, Plain, Told, Value};

/// Records that one message carries, about.
const MOST_AT_ONCE: usize = 1000;

/// A client, as soon as there is one: the key of a server that was gone to may take a while to be had.
type Connection = Shared<BoxFuture<'static, Result<Client, Failure>>>;

fn connect(server: Server) -> Connection {
    let connected = async move {
        let client = server.connect(Asks::Not).await;
        client.map_err(|why| {
            tracing::warn!(server = %server.target.display(), %why, "no connection");
            Failure::Other(Plain::from(why.to_string()))
        })
    };
    connected.boxed().shared()
}

/// Makes the requests.
#[derive(Debug)]
pub(super) struct Requests {
    connection: Connection,
    /// The servers that can be gone to, and the place of the one that is asked.
    servers: Vec<Server>,
    place: usize,
    answers: Sender<Msg>,
    stream: Option<JoinHandle<()>>,
    poll: Option<JoinHandle<()>>,
    history: Option<JoinHandle<()>>,
}

impl Requests {
    pub(super) fn new(client: Client, servers: Vec<Server>, place: usize, answers: Sender<Msg>) -> Self {
        let connection = ready(Ok(client)).boxed().shared();
        Self { connection, servers, place, answers, stream: None, poll: None, history: None }
    }

    /// Begins what `effect` asks of the server. The other effects are not its business.
    pub(super) fn begin(&mut self, effect: &Effect) {
        let connection = self.connection.clone();
        let answers = self.answers.clone();
        match effect.clone() {
            Effect::Poll { seq } => {
                let task = tokio::spawn(async move {
                    let result = async { connection.await?.accounts().await }.await;
                    let _ = answers.send(Msg::Accounts { seq, result }).await;
                });
                end(self.poll.replace(task));
            }
            Effect::Apply { seq, id, change } => {
                tokio::spawn(async move {
                    let result = async { carry_out(&connection.await?, &id, &change).await }.await;
                    let _ = answers.send(Msg::ChangeDone { seq, id, change, result }).await;
                });
            }
            Effect::OpenStream { seq } => {
                let task = tokio::spawn(async move {
                    let why = match connection.await {
                        Ok(client) => follow(&client, seq, &answers).await,
                        Err(why) => why,
                    };
                    let _ = answers.send(Msg::StreamClosed { seq, why }).await;
                });
                end(self.stream.replace(task));
            }
            Effect::FetchHistory { seq } => {
                let task = tokio::spawn(async move {
                    let result = async { connection.await?.history().await }.await;
                    let _ = answers.send(Msg::History { seq, result }).await;
                });
                end(self.history.replace(task));
            }
            Effect::AskHealth { seq } => {
                tokio::spawn(async move {
                    let result = async { connection.await?.health().await }.await;
                    let _ = answers.send(Msg::Health { seq, result }).await;
                });
            }
            Effect::DropConnections => match connection.peek() {
                Some(Ok(client)) => client.drop_connections(),
                Some(Err(_)) => self.use_server(self.place),
                None => {}
            },
            Effect::UseServer { place } => self.use_server(place),
            Effect::Copy(_) | Effect::Redraw | Effect::Suspend | Effect::Quit => {}
        }
    }

    /// Asks another server from now on, and nothing more of the one before.
    fn use_server(&mut self, place: usize) {
        let Some(server) = self.servers.get(place) else { return };
        tracing::info!(server = %server.target.display(), "go to");
        for task in [&mut self.stream, &mut self.poll, &mut self.history] {
            end(task.take());
        }
        self.place = place;
        self.connection = connect(server.clone());
    }
}

/// Asks the server for `deed`, and says what its answer says.
async fn carry_out(client: &Client, id: &AccountId, deed: &Deed) -> Result<Told, Failure> {
    Ok(match deed {
        Deed::Switch(change) => Told::Is(Value::Switch(client.change(id, *change).await?)),
        Deed::Priority(n) => Told::Is(Value::Priority(client.set_priority(id, *n).await?)),
        Deed::Endpoint(address) => {
            client.set_endpoint(id, address.clone()).await?;
            Told::Done
        }
        Deed::ReadUsage if client.reread_usage(id).await? => Told::Done,
        Deed::ReadUsage => Told::Begun,
        Deed::ClearLimit => {
            client.clear_limit(id).await?;
            Told::Done
        }
    })
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
