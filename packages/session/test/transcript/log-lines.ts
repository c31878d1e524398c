import { requestToWire } from "../../src/model/request.js";
import {
  encodeAppMessage,
  encodeConversationUpdateRequest,
  type ConversationUpdateRequest,
} from "@demls/wire";
import { bytesToHex } from "@demls/wire/core";
import type { ConversationEvent, LifecycleEvent, Phase } from "../../src/index.js";
import { nameOf, type LogEntry, type Name, type Recording } from "./recording.js";

/** Streams of the log. Each is ordered; the order between them depends on the recorder's polling. */
export type Stream = "event" | "consensus" | "freeze" | "lifecycle";

/** An event in the common vocabulary of the log and this implementation. */
export interface Line {
  /** Milliseconds since the start of the log. */
  readonly atMs: number;
  readonly stream: Stream;
  readonly text: string;
}

/**
 * Events of `name` in the log, without repeated results: 3.0.0 repeats a proposal's result with every late vote
 * (weakness W16).
 */
export function recordedLines(recording: Recording, name: Name): readonly Line[] {
  const decided = new Set<number>();
  return recording.log.flatMap((entry): Line[] => {
    if (!("user" in entry) || entry.user !== name || entry.type === "packet") return [];
    if (entry.type === "consensus") {
      if (decided.has(entry.outcome.proposal_id)) return [];
      decided.add(entry.outcome.proposal_id);
    }
    return [{ atMs: entry.t_ms, stream: entry.type, text: recordedText(recording, entry) }];
  });
}

function recordedText(
  recording: Recording,
  entry: Exclude<LogEntry, { type: "ready" | "step" | "packet" }>,
): string {
  switch (entry.type) {
    case "lifecycle":
      return entry.event;
    case "freeze":
      return entry.status;
    case "consensus": {
      const { kind, proposal_id, result, timestamp } = entry.outcome;
      return `${kind} ${proposal_id} ${result} at ${timestamp}`;
    }
    case "event":
      break;
  }
  switch (entry.event) {
    case "phase_change":
      return entry.state;
    case "commit_applied":
      return `commit ${entry.batch.map((change) => JSON.stringify(change, Object.keys(change).sort())).join()}`;
    case "app_message": {
      const { app, app_message_hex } = entry;
      if (app.kind === "vote_payload") return app_message_hex;
      const users = Object.values(recording.users);
      const sender =
        users.find(({ identity_string }) => identity_string === app.sender)?.identity ?? app.sender;
      return `${nameOf(recording, sender)} said ${app.message}`;
    }
    default:
      return entry.event;
  }
}

const RECORDED_PHASES: Readonly<Record<Exclude<Phase, "ended">, string>> = {
  "pending-join": "PendingJoin",
  working: "Working",
  freezing: "Freezing",
  selection: "Selection",
  reelection: "Reelection",
};

/** An event of this implementation in the vocabulary of the log; undefined if the log has none for it. */
export function toldLines(
  recording: Recording,
  event: ConversationEvent,
  { atMs, wallMs }: { readonly atMs: number; readonly wallMs: number },
): readonly Line[] {
  const line = (stream: Stream, text: string): Line[] => [{ atMs, stream, text }];
  const timestamp = Math.floor(wallMs / 1_000);
  switch (event.kind) {
    case "joined":
    case "leaving":
      return line("event", event.kind);
    case "phaseChanged":
      return event.phase === "ended" ? [] : line("event", RECORDED_PHASES[event.phase]);
    case "message":
      // Messages of 3.0.0 have no id and no time, so neither is in the log.
      return line(
        "event",
        `${nameOf(recording, event.sender)} said ${bytesToHex(event.content)}${event.id.includes(".") ? "" : event.id}${event.sentAtMs ?? ""}`,
      );
    case "voteRequested": {
      const asked = encodeAppMessage({
        kind: "vote_payload",
        conversationId: recording.conversation_id,
        proposalId: event.proposalId,
        payload: encodeConversationUpdateRequest(requestToWire(event.request)),
        timestamp: BigInt(timestamp),
      });
      return line("event", bytesToHex(asked));
    }
    case "proposalDecided":
      return event.result === "failed"
        ? line("consensus", `failed ${event.proposalId}`)
        : line("consensus", `reached ${event.proposalId} ${event.result === "yes"} at ${timestamp}`);
    case "commitCandidateChosen":
      return line("freeze", "applied");
    case "commitApplied":
      return line(
        "event",
        `commit ${event.changes.map(({ request }) => changeText(requestToWire(request))).join()}`,
      );
    case "error":
      return line("event", `${event.operation}: ${event.message}`);
    default:
      return [];
  }
}

/** Changes of the registry in the vocabulary of the log. */
export function lifecycleLines(change: LifecycleEvent, atMs: number): readonly Line[] {
  const line = (stream: Stream, text: string): Line => ({ atMs, stream, text });
  if (change.kind === "removed") return [line("lifecycle", "removed")];
  const { phase } = change.conversation.state;
  return [
    ...(phase === "ended" ? [] : [line("event", RECORDED_PHASES[phase])]),
    line("lifecycle", "created"),
  ];
}

function changeText(request: ConversationUpdateRequest): string {
  switch (request.kind) {
    case "invite_member":
      return JSON.stringify({
        identity: bytesToHex(request.identity),
        key_package_bytes: bytesToHex(request.keyPackageBytes),
        kind: request.kind,
      });
    case "remove_member":
      return JSON.stringify({ identity: bytesToHex(request.identity), kind: request.kind });
    default:
      return request.kind;
  }
}
