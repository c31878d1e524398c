import { repairsGaps } from "../model/abilities.js";
import type { GenerationRange, RepairMessage } from "@demls/wire";
import { APP_MSG_SUBTOPIC, bytesToHex, REPAIR_SUBTOPIC, type Packet } from "@demls/wire/core";
import { NO_FACTS, type Fact, type Facts } from "../model/fact.js";
import { accepted, ignored, rejected, type InboundOutcome } from "../model/inbound-outcome.js";
import { noteReported } from "../messages/sent-chat.js";
import { LIMITS } from "../model/limits.js";
import { isResent, type Origin } from "../model/origin.js";
import { voidsOf, type RepairEpoch } from "../model/repair.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { noteOthersAnswer, planAnswer } from "./answers.js";
import { isUnconfirmed } from "../standing/index.js";
import { keepChoice, type Choice } from "./choice-packets.js";
import { openRepair } from "./envelope.js";
import { loggedAs, ownVoids, packetsLackedBy } from "./log.js";
import { tellMoved } from "./moved.js";
import { hasPacket, lacks, progressIn, without, type Progress } from "./progress.js";
import { progressOf } from "./progress-of.js";
import { hastenReports, noteEqualReport } from "./reports.js";
import { addVoids, noteAnswer, requestHeight, requestReported } from "./requests.js";
import { ownPosition } from "../model/roster.js";

/** Age beyond which a report is ignored, so that a recorded one cannot be replayed for ever. */
const REPORT_AGE_SECONDS = 300n;

/** Bytes of SHA-256. */
const COMMIT_HASH_BYTES = 32;

/** Time in ms for which a packet may still be on its way to another member. */
const IN_FLIGHT_MS = 2_000;

/** Outcome of a repair packet, and the packets that it serves. */
export interface RepairResult {
  readonly outcome: InboundOutcome;
  readonly served: readonly Packet[];
  readonly facts: Facts;
}

type Report = Extract<RepairMessage, { kind: "progress" }>;
type Answer = Extract<RepairMessage, { kind: "served" }>;

/** Handles a packet of the `repair` subtopic. Of such packets, only choices are of use when they are resent. */
export async function receiveRepair(
  tx: ActiveTransaction,
  packet: Packet,
  origin: Origin,
): Promise<RepairResult> {
  if (!repairsGaps(tx)) return only(ignored("other-group"));
  const opened = await openRepair(tx, packet.payload);
  if (opened === "other-group") return only(ignored(opened));
  if (opened === "malformed") return only(rejected("malformed-packet"));
  if (opened === "forged") return only(rejected("not-decryptable"));
  if (opened === "unknown-key") {
    // Old packets may be of epochs that this member has forgotten.
    return only(ignored("unknown-repair-key"), origin === "history" ? [] : [{ kind: "packetUnreadable" }]);
  }
  const { repairEpoch, position, message } = opened;
  const author = repairEpoch.roster[position]?.member;
  if (!tx.state.repair.epochs.includes(repairEpoch)) {
    if (message.kind === "progress") await tellMoved(tx, repairEpoch);
    return only(ignored("other-branch"));
  }
  if (message.kind === "choice")
    return receiveChoice(tx, repairEpoch, position, message, packet.payload, origin);
  if (origin === "history") return only(ignored("old-packet"));
  if (origin === "repair") return only(rejected("malformed-message", undefined, author));
  if (position === ownPosition(tx, repairEpoch)) return only(ignored("own-message"));
  switch (message.kind) {
    case "progress":
      if (!isWellFormed(message, repairEpoch)) return only(rejected("malformed-message", undefined, author));
      return receiveReport(tx, repairEpoch, position, message, packet.payload.length);
    case "moved":
      return only(accepted("repair", author), [{ kind: "branchMoved", epoch: repairEpoch.epoch, position }]);
    case "served":
      return receiveAnswer(tx, repairEpoch, position, message);
    case "empty":
      return only(ignored("empty-message"));
  }
}

/** Keeps a choice. A member that lost its last records learns its own from the others. */
async function receiveChoice(
  tx: ActiveTransaction,
  repairEpoch: RepairEpoch,
  position: number,
  choice: Choice,
  payload: Uint8Array,
  origin: Origin,
): Promise<RepairResult> {
  const author = repairEpoch.roster[position]?.member;
  if (choice.commitHash.length !== COMMIT_HASH_BYTES)
    return only(rejected("malformed-message", undefined, author));
  const result = await keepChoice(tx, repairEpoch, position, choice, payload);
  if (result !== "kept") return only(ignored(result === "known" ? "known-choice" : "too-many-choices"));
  // A recorded one can be replayed, which shows nothing.
  const isSign = position !== ownPosition(tx, repairEpoch) && origin !== "history";
  return only(accepted("choice", author), [
    ...(isSign ? heard(repairEpoch, position, isResent(origin)) : []),
    { kind: "choiceReceived", epoch: repairEpoch.epoch },
  ]);
}

function only(outcome: InboundOutcome, facts: Facts = NO_FACTS): RepairResult {
  return { outcome, served: [], facts };
}

function heard({ epoch, roster }: RepairEpoch, position: number, isResent = false): readonly Fact[] {
  const member = roster[position]?.member;
  return member === undefined ? [] : [{ kind: "memberHeard", member, epoch, position, isResent }];
}

function receiveReport(
  tx: ActiveTransaction,
  repairEpoch: RepairEpoch,
  position: number,
  report: Report,
  bytes: number,
): RepairResult {
  const { epoch, roster } = repairEpoch;
  const age = tx.env.nowSeconds - report.timestamp;
  if (age > REPORT_AGE_SECONDS || -age > REPORT_AGE_SECONDS) return only(ignored("expired-report"));
  const other = progressIn(report);
  noteVoids(tx, epoch, position, report.voids);
  noteOwnReported(tx, repairEpoch, position, other);
  compare(tx, repairEpoch, other);
  const asked = { requester: position, nonce: bytesToHex(report.nonce), bytes, progress: other };
  const isPlanned = !report.asks || planAnswer(tx, repairEpoch, asked);
  const outcome = isPlanned ? accepted("repair", roster[position]?.member) : ignored("too-many-requests");
  return only(outcome, heard(repairEpoch, position));
}

/** Notes which of this member's messages the author of a report has. A full list of missing ones may be cut off. */
function noteOwnReported(
  tx: ActiveTransaction,
  repairEpoch: RepairEpoch,
  position: number,
  other: Progress,
): void {
  const { epoch, roster } = repairEpoch;
  const author = roster[position]?.member;
  if (author === undefined || other.missing.length >= LIMITS.repairRanges) return;
  const own = ownPosition(tx, repairEpoch);
  noteReported(tx, author, epoch, (generation) =>
    hasPacket(other, { kind: "message", position: own, generation }),
  );
}

/** Acts on differences between this member's packets and those of another member's report. */
function compare(tx: ActiveTransaction, repairEpoch: RepairEpoch, other: Progress): void {
  const { epoch } = repairEpoch;
  const own = progressOf(tx, repairEpoch);
  const voids = voidsOf(tx.state.repair, epoch);
  if (own !== undefined && epoch === tx.state.group.epoch) noteDelivered(tx, repairEpoch, own, other);
  // Of an earlier epoch, that of a fork, no message can be opened.
  const isReadable = epoch + 1n >= tx.state.group.epoch;
  const seen = own && (isReadable ? within(own, other) : { ...other, next: own.next });
  const isAhead = own !== undefined && seen !== undefined && lacks(own, seen, voids);
  if (isAhead) requestReported(tx, repairEpoch, seen);
  // One report is not enough: its author may have been away as well. All that have more answer.
  else if (seen !== undefined && epoch === tx.state.group.epoch && isUnconfirmed(tx))
    requestHeight(tx, repairEpoch, seen);
  const lacked = packetsLackedBy(tx, epoch, other).filter(({ atMs }) => tx.env.nowMs - atMs > IN_FLIGHT_MS);
  if (lacked.length > 0) hastenReports(tx);
  else if (!isAhead && epoch === tx.state.group.epoch) noteEqualReport(tx);
}

/** Notes how many of this member's messages another member has, without a gap but voids: it can resend them. */
function noteDelivered(
  tx: ActiveTransaction,
  repairEpoch: RepairEpoch,
  own: Progress,
  other: Progress,
): void {
  const position = ownPosition(tx, repairEpoch);
  const { epoch } = repairEpoch;
  const voids = ownVoids(tx, epoch, position, own.next[position]).map((range) => ({ ...range, position }));
  if (without(other.missing, voids).some((range) => range.position === position)) return;
  const delivered = Math.min(own.next[position] ?? 0, other.next[position] ?? 0);
  if (delivered > tx.state.repair.delivered) update(tx, "repair", { delivered });
}

/** A report without generations that no message could have reached: those are ignored. */
function within(own: Progress, other: Progress): Progress {
  const next = other.next.map((generation, position) =>
    generation <= (own.next[position] ?? 0) + LIMITS.repairGenerationsAhead
      ? generation
      : (own.next[position] ?? 0),
  );
  return { ...other, next };
}

function isWellFormed(report: Report, { roster }: RepairEpoch): boolean {
  const { next, missing, voids, candidates, nonce, chosen } = report;
  return (
    next.length === roster.length &&
    missing.length <= LIMITS.repairRanges &&
    candidates.length <= LIMITS.repairCandidates &&
    nonce.length === 8 &&
    candidates.every((id) => id.length === 8) &&
    chosen.length <= LIMITS.repairCandidates &&
    chosen.every(({ commit, choosers }) => commit.length === 8 && 8 * choosers.length < roster.length + 8) &&
    missing.every((range) => isBelow(range, next[range.position])) &&
    areVoids(voids)
  );
}

function areVoids(voids: readonly GenerationRange[]): boolean {
  return (
    voids.length <= LIMITS.repairRanges && voids.every(({ position, count }) => position === 0 && count > 0)
  );
}

function noteVoids(
  tx: ActiveTransaction,
  epoch: bigint,
  position: number,
  voids: readonly GenerationRange[],
): void {
  addVoids(
    tx,
    voids.map(({ from, count }) => ({ epoch, position, from, count })),
  );
}

function isBelow({ from, count }: GenerationRange, next: number | undefined): boolean {
  return next !== undefined && count > 0 && from + count <= next;
}

/** Takes the packets of an answer, if this member has asked for packets of that epoch. */
function receiveAnswer(
  tx: ActiveTransaction,
  repairEpoch: RepairEpoch,
  position: number,
  { nonce, packets, more, epoch: peerEpoch, choices, voids }: Answer,
): RepairResult {
  const { epoch, roster } = repairEpoch;
  const author = roster[position]?.member;
  const isBounded = packets.length + choices.length <= LIMITS.servedPackets;
  if (!isBounded || nonce.length !== 8 || !areVoids(voids))
    return only(rejected("malformed-message", undefined, author));
  // Only an answer to this member's own nonce is surely no replay.
  const isOwn = tx.state.repair.requests.some((request) => request.nonce === bytesToHex(nonce));
  const signs = isOwn ? heard(repairEpoch, position) : [];
  noteOthersAnswer(tx, bytesToHex(nonce), [...packets, ...choices]);
  noteVoids(tx, epoch, position, voids);
  const { repair, name } = tx.state;
  if (!repair.requests.some((request) => request.epoch === epoch))
    return only(accepted("repair", author), signs);
  const isComplete = noteAnswer(tx, epoch, bytesToHex(nonce), !more);
  // Several members may answer with the same packets.
  const served = (payloads: readonly Uint8Array[], subtopic: string): readonly Packet[] =>
    payloads
      .filter((payload) => loggedAs(tx, epoch, payload) === undefined)
      // The id is not an instance's own: every served packet is read.
      .map((payload) => ({ payload, subtopic, conversationId: name, appId: new Uint8Array(0) }));
  return {
    outcome: accepted("repair", author),
    facts: [...signs, { kind: "requestAnswered", epoch, position, peerEpoch, isComplete }],
    // A chosen candidate is always taken.
    served: [...served(choices, REPAIR_SUBTOPIC), ...served(packets, APP_MSG_SUBTOPIC)],
  };
}
