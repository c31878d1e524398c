//! One peer with two users and without automatic polls: timers fire only when it is polled.

mod members;

use std::{
    io::{BufRead, BufReader, Lines, Write},
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use members::{SECRET_KEYS, quick_config};

const PATIENCE: Duration = Duration::from_secs(20);
/// Long enough that all votes on members are cast by hand.
const VOTING_DELAY_MS: u64 = 600_000;
/// An `AppMessage` with the `ConversationMessage` "raw" and nothing else.
const RAW_MESSAGE_HEX: &str = "0a050a03726177";

struct Peer {
    child: Child,
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
    /// All lines so far, except replies.
    seen: Vec<Value>,
    /// Number of lines of `seen` whose packets were delivered.
    carried: usize,
}

impl Peer {
    /// Starts a process and reads its first line.
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rust-peer"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the peer starts");
        let stdin = child.stdin.take().expect("a piped stdin");
        let stdout = BufReader::new(child.stdout.take().expect("a piped stdout")).lines();
        let mut peer = Self { child, stdin, stdout, seen: Vec::new(), carried: 0 };
        assert_eq!(peer.next_line()["type"], "ready");
        peer
    }

    /// A process with the users 0 and 1, which are members of the room.
    fn with_two_members() -> Self {
        let mut peer = Self::start();
        for (user, key) in SECRET_KEYS.iter().enumerate() {
            let config = quick_config(VOTING_DELAY_MS);
            peer.ask(&json!({
                "cmd": "new_user", "user": user.to_string(), "secret_key_hex": key, "config": config,
            }));
        }
        peer.in_room(0, json!({ "cmd": "create_conversation" }));
        peer.in_room(1, json!({ "cmd": "join" }));
        peer.in_room(1, json!({ "cmd": "send_key_package" }));
        peer.carry();
        let banner = peer.seen_event(0, "app_message").expect("the vote on the newcomer")["app"].clone();
        assert_eq!(banner["decoded_payload"]["kind"], "invite_member");
        peer.vote(0, &banner["proposal_id"], true);
        peer.poll_until("the newcomer is in", |peer| peer.seen_event(1, "joined").is_some());
        // The first commit exhausts the creator's list: nothing can be committed before the next election.
        peer.poll_until("the members know of two stewards", |peer| {
            [0, 1].iter().all(|&user| {
                let state = peer.state(user);
                let stewards = state["steward_list"]["members"].as_array().map_or(0, Vec::len);
                state["state"] == "Working" && stewards == 2
            })
        });
        peer
    }

    fn next_line(&mut self) -> Value {
        let line = self.stdout.next().expect("one more line").expect("UTF-8");
        serde_json::from_str(&line).expect("every line is JSON")
    }

    /// Sends a line and reads up to its reply.
    fn reply_to(&mut self, line: &str) -> Value {
        writeln!(self.stdin, "{line}").expect("a living process");
        loop {
            let line = self.next_line();
            if line["type"] == "reply" {
                return line;
            }
            self.seen.push(line);
        }
    }

    /// The result of a command that must succeed.
    fn ask(&mut self, command: &Value) -> Value {
        let reply = self.reply_to(&command.to_string());
        assert_eq!(reply["ok"], true, "{command}: {reply}");
        reply["result"].clone()
    }

    /// Why a line is refused.
    fn refusal_of(&mut self, line: &str) -> String {
        let reply = self.reply_to(line);
        assert_eq!(reply["ok"], false, "{line}: {reply}");
        reply["error"].as_str().expect("a reason").to_owned()
    }

    fn in_room(&mut self, user: usize, command: Value) -> Value {
        self.ask(&addressed(user, command))
    }

    fn refusal_in_room(&mut self, user: usize, command: Value) -> String {
        self.refusal_of(&addressed(user, command).to_string())
    }

    fn state(&mut self, user: usize) -> Value {
        self.in_room(user, json!({ "cmd": "state" }))
    }

    fn vote(&mut self, user: usize, proposal_id: &Value, vote: bool) {
        self.in_room(user, json!({ "cmd": "vote", "proposal_id": proposal_id, "vote": vote }));
    }

    /// Delivers every packet to the other user, if that one is still in the room.
    fn carry(&mut self) {
        while let Some(line) = self.seen.get(self.carried).cloned() {
            self.carried += 1;
            if line["type"] != "packet" {
                continue;
            }
            let other = usize::from(line["user"] == "0");
            let rooms = self.ask(&json!({ "cmd": "list", "user": other.to_string() }));
            if rooms == json!(["room"]) {
                self.in_room(other, delivery(&line));
            }
        }
    }

    fn poll_until(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(Instant::now() < deadline, "not in time: {what}: {:#?}", self.seen);
            self.ask(&json!({ "cmd": "poll_all" }));
            self.carry();
        }
    }

    /// The last of a user's events with this name.
    fn seen_event(&self, user: usize, event: &str) -> Option<&Value> {
        self.last_seen(user, |line| line["type"] == "event" && line["event"] == event)
    }

    fn last_seen(&self, user: usize, wanted: impl Fn(&Value) -> bool) -> Option<&Value> {
        let name = user.to_string();
        self.seen.iter().rev().find(|line| line["user"] == name && wanted(line))
    }

    /// Ends the process by the end of its stdin.
    fn close(mut self) -> ExitStatus {
        drop(self.stdin);
        self.child.wait().expect("a child")
    }
}

fn addressed(user: usize, mut command: Value) -> Value {
    command["user"] = json!(user.to_string());
    command["conversation_id"] = json!("room");
    command
}

/// The `inbound` command that delivers a packet.
fn delivery(packet: &Value) -> Value {
    let mut command = packet.clone();
    command["cmd"] = json!("inbound");
    command
}

#[test]
fn a_line_that_cannot_be_carried_out_is_refused_and_the_process_goes_on() {
    let mut peer = Peer::start();
    for line in ["nope", "", "7", r#"["quit"]"#, r#"{"id":1}"#, r#"{"cmd":"dance"}"#, r#"{"cmd":"list"}"#] {
        peer.refusal_of(line);
    }
    assert_eq!(peer.reply_to(r#"{"id":"x","cmd":"list","user":"nobody"}"#)["id"], "x");
    let short = json!({ "cmd": "new_user", "user": "a", "secret_key_hex": "11".repeat(24) });
    assert!(peer.refusal_of(&short.to_string()).contains("24 bytes"));
    let endless = format!(r#"{{"cmd":"tick","ms":{}}}"#, u64::MAX);
    assert_eq!(peer.reply_to(&endless)["ok"], true);
    assert_eq!(peer.reply_to(r#"{"id":2,"cmd":"quit"}"#)["ok"], true);
    assert!(peer.child.wait().expect("a child").success());
}

#[test]
fn the_end_of_stdin_ends_the_process_with_status_0() {
    assert!(Peer::start().close().success());
}

#[test]
fn members_vote_by_hand_talk_and_leave() {
    let mut peer = Peer::with_two_members();
    let state = peer.state(0);
    assert_eq!((&state["epoch"], &state["members"][1]["id"]), (&json!(1), &peer.state(1)["self"]));
    assert_eq!(peer.last_seen(0, |line| line["type"] == "freeze").unwrap()["status"], "applied");

    // Both receive a request, and both vote no.
    let removal = json!({ "cmd": "remove", "identity_hex": state["self"], "creator_vote": "deferred" });
    peer.in_room(1, removal);
    peer.carry();
    let asked = peer.seen_event(0, "app_message").unwrap()["app"].clone();
    assert_eq!(asked["decoded_payload"], json!({ "kind": "remove_member", "identity": state["self"] }));
    peer.vote(0, &asked["proposal_id"], false);
    peer.vote(1, &asked["proposal_id"], false);
    peer.carry();
    let refused = json!({ "kind": "reached", "proposal_id": asked["proposal_id"], "result": false });
    for user in [0, 1] {
        let decided = peer.last_seen(user, |line| line["type"] == "consensus").expect("a decision");
        assert_eq!(decided["outcome"], refused);
        assert_eq!(peer.state(user)["approved"], json!([]));
    }

    // A message encrypted by command is received like any other. The own echo is ignored, and invalid bytes
    // are rejected.
    let sealed = peer.in_room(1, json!({ "cmd": "encrypt_raw", "app_message_hex": RAW_MESSAGE_HEX }));
    let echo = peer.last_seen(1, |line| line["type"] == "packet").unwrap().clone();
    let mut packet = json!({
        "cmd": "inbound", "payload_b64": sealed["payload_b64"],
        "subtopic": "app_msg", "app_id": echo["app_id"],
    });
    peer.in_room(0, packet.clone());
    assert_eq!(peer.seen_event(0, "app_message").unwrap()["app"]["text"], "raw");
    let seen = peer.seen.len();
    peer.in_room(1, packet.clone());
    assert_eq!(peer.seen.len(), seen);
    packet["payload_b64"] = json!("AAAA");
    assert!(!peer.refusal_in_room(0, packet.clone()).is_empty());
    packet["subtopic"] = json!("nowhere");
    assert!(peer.refusal_in_room(0, packet).contains("nowhere"));

    peer.in_room(1, json!({ "cmd": "leave" }));
    peer.carry();
    assert_eq!(peer.state(0)["pending_leave"], json!([peer.state(1)["self"]]));
    peer.poll_until("the leaver is gone", |peer| {
        peer.last_seen(1, |line| line["type"] == "lifecycle" && line["event"] == "removed").is_some()
    });
    assert!(peer.seen_event(1, "leaving").is_some());
    assert!(peer.refusal_in_room(1, json!({ "cmd": "state" })).contains("ConversationNotFound"));
    peer.poll_until("the other is alone", |peer| {
        peer.state(0)["members"].as_array().is_some_and(|members| members.len() == 1)
    });
    let batch = peer.seen_event(0, "commit_applied").unwrap()["batch"].clone();
    assert_eq!(batch[0]["kind"], "remove_member");
}
