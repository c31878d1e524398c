import { isBytes } from "@demls/wire/core";
import type { InboundOutcome } from "../model/inbound-outcome.js";
import { isRequest } from "../model/request-check.js";
import type { TraceRecord, TracedCommand, TracedInput } from "./record.js";
import type { Obstacle, TracedDecision } from "../model/traced-decision.js";

type Check = (value: unknown) => boolean;

/**
 * Checks of the fields of each kind. The type requires a check for every kind and field; of a union of texts it checks
 * only that the value is text. A value may have further fields, which a later version added.
 */
type Shapes<T extends { readonly kind: string }> = {
  readonly [K in T["kind"]]: {
    readonly [F in Exclude<keyof Extract<T, { kind: K }>, "kind">]-?: Check;
  };
};

const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => typeof value === "boolean";
const isNumber: Check = (value) => Number.isFinite(value);
const isBigint: Check = (value) => typeof value === "bigint";
const isLength: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

function isOneOf<T extends { readonly kind: string }>(shapes: Shapes<T>): Check {
  const checks = new Map<unknown, Readonly<Record<string, Check>>>(Object.entries(shapes));
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    const fields = new Map<string, unknown>(Object.entries(value));
    const shape = checks.get(fields.get("kind"));
    return shape !== undefined && Object.entries(shape).every(([field, check]) => check(fields.get(field)));
  };
}

const isPacket: Check = (value) => {
  if (typeof value !== "object" || value === null) return false;
  const { payload, subtopic, conversationId, appId } = { ...value } as Record<string, unknown>;
  return isBytes(payload) && isText(subtopic) && isText(conversationId) && isBytes(appId);
};

const isCommand = isOneOf<TracedCommand>({
  propose: {
    request: isRequest,
    creatorVote: (value) => value === "yes" || value === "deferred",
  },
  vote: { proposalId: isNumber, vote: isFlag },
  send: { ticket: isNumber, contentBytes: isLength },
  announceKeyPackage: {
    keyPackage: isBytes,
    redemption: (value) => value === undefined || isBytes(value),
  },
  shareInvitation: { id: isText, expiresAt: isBigint },
  revokeInvitation: { id: isText },
  announceAgain: {},
  noteAssurance: { assurance: (value) => value === "inviter" || value === "deputy", inviter: isText },
  awaitJoin: { untilMs: isNumber },
  giveUpJoin: { isCancelled: isFlag },
  withdrawJoiner: { member: isText, reference: isText, signature: isBytes },
  admit: { joiner: isText },
  refuse: { joiner: isText },
  sendSync: {},
  regenerateStewards: {},
  renewKeys: {},
  unban: { member: isText },
  confirmMember: { member: isText },
  markVerified: { member: isText, verified: isFlag },
  leave: {},
});

const isInput = isOneOf<TracedInput>({
  packet: { packet: isPacket, origin: (value) => value === undefined || value === "history" },
  command: { command: isCommand },
  tick: {},
  resumed: {},
  signed: { requestId: isNumber, signature: isBytes },
  signingFailed: { requestId: isNumber },
  published: { sequence: isNumber },
  publishFailed: { sequence: isNumber },
});

const isOutcome = isOneOf<InboundOutcome>({
  accepted: { what: isText, sender: optional(isText) },
  buffered: { reason: isText },
  ignored: { reason: isText, detail: optional(isText) },
  rejected: { reason: isText, detail: optional(isText), sender: optional(isText) },
});

const isObstacle = isOneOf<Obstacle>({
  urgentNotAlone: { target: isText },
  tooManyChanges: { approved: isNumber },
  notAMember: { target: isText },
  alreadyAMember: { target: isText },
  twoKeyPackages: { target: isText },
  nobodyLeft: { target: isText },
  notAdmitted: { target: isText, reason: isText },
  withdrawn: { target: isText },
});

const isDecision = isOneOf<TracedDecision>({
  defaultVote: { proposalId: isNumber, vote: isFlag, reason: isText },
  proposalDecided: {
    proposalId: isNumber,
    request: isText,
    result: isText,
    yes: isNumber,
    no: isNumber,
    expected: isNumber,
  },
  proposalAbandoned: { proposalId: isNumber, reason: isText },
  opened: { operation: isText, proposalId: optional(isNumber) },
  heldBack: { operation: isText, target: optional(isText), reason: isText },
  openingFailed: { operation: isText, code: isText },
  candidateHeld: { steward: isText, commitHash: isText, own: isFlag, displaced: isFlag },
  candidateDropped: { steward: isText, commitHash: isText, reason: isText },
  candidateBacked: { steward: isText, commitHash: isText },
  candidateChosen: { steward: isText, commitHash: isText, reason: isText },
  phase: { from: isText, to: isText, reason: isText },
  score: { member: isText, score: optional(isBigint), cause: isText },
  stewardsInstalled: { electionEpoch: isBigint, retryRound: isNumber, cause: isText },
  uncommittableChange: { obstacle: isObstacle },
  synced: { from: isText, extent: isText },
});

const isRecord = isOneOf<TraceRecord>({
  input: { nowMs: isNumber, nowSeconds: isBigint, input: isInput },
  decision: { decision: isDecision },
  outcome: { buffered: isFlag, outcome: isOutcome },
  failed: { code: isText },
});

/** Whether a value has the form of a record. Reason texts are not checked; a replay reports different ones. */
export function isTraceRecord(value: unknown): value is TraceRecord {
  return isRecord(value);
}
