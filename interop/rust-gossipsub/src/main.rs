//! A rust-libp2p node on the Waku topic of de-mls behind JSON lines: commands on stdin, replies and received
//! messages on stdout.

mod node;
mod protocol;
mod waku;

use std::{
    error::Error,
    io::{self, BufRead, Write},
    thread,
};

use futures::StreamExt;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::protocol::{parse, reply};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut swarm = node::start()?;
    let mut stdin = stdin_lines();
    loop {
        tokio::select! {
            line = stdin.recv() => {
                let Some(line) = line else { return Ok(()) };
                let (id, command) = parse(&line);
                let result = command.and_then(|command| node::execute(&mut swarm, command));
                print(&reply(id, result))?;
            }
            event = swarm.select_next_some() => {
                if let Some(line) = node::line(&swarm, event) {
                    print(&line)?;
                }
            }
        }
    }
}

/// Reads lines of stdin on a thread of their own: a blocking read would hold up the network.
fn stdin_lines() -> UnboundedReceiver<Vec<u8>> {
    let (sender, receiver) = unbounded_channel();
    thread::spawn(move || {
        // Split as bytes, since a line that is not UTF-8 is rejected and does not end the input.
        for line in io::stdin().lock().split(b'\n').map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn print(line: &Value) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}
