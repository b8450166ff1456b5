//! A reflector of kube-rs, as scripts/bench measures it.
mod model;

use futures::{Stream, StreamExt};
use kube::runtime::watcher::{self, Event, watcher};
use kube::runtime::{WatchStreamExt, reflector};
use kube::{Api, Client, ResourceExt};
use model::ValkeyCluster;
use std::time::Instant;
use tokio::io::AsyncReadExt;

struct Count {
    events: u64,
    first: Instant,
}

impl Count {
    fn add(&mut self) {
        self.events += 1;
        if self.events == 1 {
            self.first = Instant::now();
        }
        if self.events.is_multiple_of(1000) {
            let seconds = self.first.elapsed().as_secs_f64();
            println!(
                r#"{{"event":"seen","events":{},"seconds":{seconds:.6}}}"#,
                self.events
            );
        }
    }
}

type Events<'a> = std::pin::Pin<Box<dyn Stream<Item = watcher::Result<Event<ValkeyCluster>>> + 'a>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let variant = std::env::args().nth(1).ok_or("which variant?")?;
    let config = match variant.as_str() {
        "streaming" => watcher::Config::default().streaming_lists(),
        _ => watcher::Config::default(),
    };
    let objects: Api<ValkeyCluster> = Api::all(Client::try_default().await?);
    let (store, writer) = reflector::store();
    let events = watcher(objects, config).default_backoff();
    let mut events: Events = match variant.as_str() {
        "default" => Box::pin(events.reflect(writer)),
        _ => Box::pin(
            events
                .modify(|it| it.managed_fields_mut().clear())
                .reflect(writer),
        ),
    };

    let mut count = Count {
        events: 0,
        first: Instant::now(),
    };
    let (mut stdin, mut end) = (tokio::io::stdin(), [0]);
    loop {
        tokio::select! {
            event = events.next() => match event.ok_or("the watch ended")? {
                Ok(Event::InitDone) => println!(r#"{{"event":"synced","objects":{}}}"#, store.len()),
                Ok(Event::Apply(_) | Event::Delete(_)) => count.add(),
                Ok(_) => (),
                Err(problem) => eprintln!("{problem}"),
            },
            _ = stdin.read(&mut end) => break,
        }
    }
    std::process::exit(0) // tokio's thread that reads stdin would be waited for
}
