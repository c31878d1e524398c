//! A de-mls 3.0.0 member behind JSON lines: commands on stdin, replies and packets on stdout.
//!
//! Nothing happens by itself unless `--tick-ms` or `tick` asks for it. The effects of a command are printed
//! before its reply.

mod bench;
mod bytes;
mod config;
mod factory;
mod failure;
mod identity;
mod lines;
mod member;
mod mls;
mod observations;
mod peer;
mod protocol;
mod state;
mod steward_list;
mod transport;
mod view;

use std::{
    future,
    io::{self, BufRead, Write},
    process::ExitCode,
    thread,
    time::Duration,
};

use serde_json::Value;
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::{Interval, MissedTickBehavior},
};

use crate::{
    lines::Lines,
    peer::Peer,
    protocol::{Command, Request, parse, reply},
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, scenario, most_members] = arguments.as_slice()
        && command == "bench"
    {
        return bench::main(scenario, most_members);
    }
    let tick_ms = match tick_option(&arguments) {
        Ok(tick_ms) => tick_ms,
        Err(message) => {
            eprintln!("{message}\nusage: rust-peer [--tick-ms N] | bench SCENARIO MOST_MEMBERS");
            return ExitCode::from(2);
        }
    };
    match run(tick_ms) {
        // The driver has closed our stdout, which is an ordinary end.
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rust-peer: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The milliseconds of `--tick-ms N` or `--tick-ms=N`; 0 without it.
fn tick_option(arguments: &[String]) -> Result<u64, String> {
    let figure = match arguments {
        [] => return Ok(0),
        [option, figure] if option == "--tick-ms" => figure,
        [argument] => {
            argument.strip_prefix("--tick-ms=").ok_or_else(|| format!("unknown option {argument}"))?
        }
        _ => return Err("too many arguments".to_owned()),
    };
    figure.parse().map_err(|error| format!("--tick-ms {figure}: {error}"))
}

fn run(tick_ms: u64) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(serve(stdin_lines(), tick_ms))
}

/// Processes lines in order until `quit` or the end of stdin, and polls meanwhile if automatic polls are on.
async fn serve(mut stdin: UnboundedReceiver<Vec<u8>>, tick_ms: u64) -> io::Result<()> {
    let mut server = Server { peer: Peer::default(), ticker: ticker(tick_ms), quits: false };
    print(&[lines::ready()])?;
    while !server.quits {
        tokio::select! {
            line = stdin.recv() => match line {
                Some(line) => print(&server.answer(&line).await)?,
                None => break,
            },
            () = next_tick(&mut server.ticker) => {
                let mut lines = Lines::new();
                server.peer.poll_all(&mut lines).await;
                print(&lines)?;
            }
        }
    }
    Ok(())
}

struct Server {
    peer: Peer,
    ticker: Option<Interval>,
    quits: bool,
}

impl Server {
    /// The lines that a line of stdin causes; the last one is its reply.
    async fn answer(&mut self, line: &[u8]) -> Lines {
        let mut lines = Lines::new();
        let (id, request) = parse(line);
        let result = match request {
            Ok(request) => self.execute(request, &mut lines).await,
            Err(error) => Err(error),
        };
        lines.push(reply(id, result));
        lines
    }

    /// Commands for the process are carried out here, all others by the peer.
    async fn execute(&mut self, request: Request, lines: &mut Lines) -> Result<Value, String> {
        match request.command {
            Command::Quit => self.quits = true,
            Command::Tick { ms } => self.ticker = ticker(ms),
            Command::NewUser { verbose: true, .. } => {
                log_to_stderr();
                return self.peer.execute(request, lines).await;
            }
            _ => return self.peer.execute(request, lines).await,
        }
        Ok(Value::Null)
    }
}

/// Reads lines of stdin on a thread of their own: a blocking read would hold up the ticks.
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

/// An interval of `ms` from now on; none for 0.
fn ticker(ms: u64) -> Option<Interval> {
    let period = Duration::from_millis(ms);
    (ms > 0).then(|| {
        let mut interval = tokio::time::interval(period);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        interval
    })
}

async fn next_tick(ticker: &mut Option<Interval>) {
    match ticker {
        Some(interval) => {
            interval.tick().await;
        }
        None => future::pending().await,
    }
}

fn print(lines: &[Value]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    for line in lines {
        writeln!(stdout, "{line}")?;
    }
    stdout.flush()
}

/// Sends the crate's own log to stderr, for the whole process. Idempotent.
fn log_to_stderr() {
    let _ = tracing_subscriber::fmt().with_writer(io::stderr).with_ansi(false).try_init();
}
