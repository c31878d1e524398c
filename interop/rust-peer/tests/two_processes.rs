//! Two peers in two processes, with this test as their network.
//!
//! The crate uses real time, so the peers poll automatically and the test waits for their lines.

mod members;

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use members::{SECRET_KEYS, quick_config};

const PATIENCE: Duration = Duration::from_secs(20);

struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
}

/// Two processes, each with one user named by its number.
struct Network {
    processes: Vec<Process>,
    lines: Receiver<(usize, Value)>,
    /// Every line so far, with the process that printed it.
    seen: Vec<(usize, Value)>,
}

impl Network {
    fn of_two() -> Self {
        let (sender, lines) = channel();
        let processes = (0..2).map(|number| spawn(number, sender.clone())).collect();
        let mut network = Self { processes, lines, seen: Vec::new() };
        for (number, key) in SECRET_KEYS.iter().enumerate() {
            let config = quick_config(100);
            network.ask(number, json!({ "cmd": "new_user", "secret_key_hex": key, "config": config }));
        }
        network
    }

    fn send(&mut self, number: usize, mut command: Value) {
        command["user"] = json!(number.to_string());
        let stdin = self.processes[number].stdin.as_mut().expect("an open stdin");
        writeln!(stdin, "{command}").expect("a living process");
    }

    /// Sends a command that must succeed, and returns its result.
    fn ask(&mut self, number: usize, mut command: Value) -> Value {
        let id = json!(self.seen.len());
        command["id"] = id.clone();
        self.send(number, command);
        let is_reply = |line: &Value| line["type"] == "reply" && line["id"] == id;
        let reply = self.wait_for(number, "a reply", is_reply);
        assert_eq!(reply["ok"], true, "{reply}");
        reply["result"].clone()
    }

    fn in_room(&mut self, number: usize, mut command: Value) -> Value {
        command["conversation_id"] = json!("room");
        self.ask(number, command)
    }

    /// The first past or future line of a process for which `wanted` holds. Delivers packets meanwhile.
    fn wait_for(&mut self, number: usize, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        let mut next = 0;
        loop {
            while let Some((from, line)) = self.seen.get(next) {
                if *from == number && wanted(line) {
                    return line.clone();
                }
                next += 1;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok((from, line)) = self.lines.recv_timeout(left) else {
                panic!("{number} never printed {what}: {:#?}", self.seen);
            };
            if line["type"] == "packet" {
                self.deliver(1 - from, &line);
            }
            self.seen.push((from, line));
        }
    }

    fn deliver(&mut self, number: usize, packet: &Value) {
        let mut command = packet.clone();
        command["cmd"] = json!("inbound");
        self.send(number, command);
    }

    fn wait_for_event(&mut self, number: usize, event: &str) -> Value {
        self.wait_for(number, event, |line| line["type"] == "event" && line["event"] == event)
    }

    /// Ends both by the end of their stdin.
    fn close(mut self) {
        for process in &mut self.processes {
            drop(process.stdin.take());
            assert!(process.child.wait().expect("a child").success());
        }
    }
}

fn spawn(number: usize, lines: Sender<(usize, Value)>) -> Process {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rust-peer"))
        .args(["--tick-ms", "20"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the peer starts");
    let stdout = BufReader::new(child.stdout.take().expect("a piped stdout"));
    thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            let line = serde_json::from_str(&line).expect("every line is JSON");
            if lines.send((number, line)).is_err() {
                return;
            }
        }
    });
    Process { stdin: child.stdin.take(), child }
}

#[test]
fn a_joiner_is_voted_in_hears_a_message_and_is_banned() {
    let mut network = Network::of_two();
    network.in_room(0, json!({ "cmd": "create_conversation" }));
    network.in_room(1, json!({ "cmd": "join" }));
    assert_eq!(network.in_room(1, json!({ "cmd": "state" }))["state"], "PendingJoin");
    network.in_room(1, json!({ "cmd": "send_key_package" }));
    network.wait_for_event(1, "joined");

    // The first commit exhausts the creator's list, so the joiner's first vote is on an election.
    network.wait_for(1, "the election", |line| line["type"] == "consensus");
    let states = [0, 1].map(|number| network.in_room(number, json!({ "cmd": "state" })));
    assert_eq!(states.each_ref().map(|state| &state["epoch"]), [1, 1]);

    network.in_room(0, json!({ "cmd": "send_message", "text": "hello" }));
    network.wait_for(1, "the message", |line| line["app"]["text"] == "hello");

    network.in_room(0, json!({ "cmd": "ban_request", "identity_hex": states[1]["self"] }));
    network.wait_for_event(1, "leaving");
    network.wait_for(1, "the removal", |line| line["type"] == "lifecycle" && line["event"] == "removed");
    assert_eq!(network.ask(1, json!({ "cmd": "list" })), json!([]));
    network.close();
}
