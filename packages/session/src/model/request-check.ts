import type { ConversationUpdateRequest, ViolationEvidence } from "@demls/wire";
import { DemlsError, isBytes } from "@demls/wire/core";

type Kind = ConversationUpdateRequest["kind"];
type Check = (value: unknown) => boolean;

/** What each field of a request has to be, whatever its static type says. Ranges are the encoder's to check. */
const FIELDS: {
  readonly [K in Kind]: Readonly<
    Record<Exclude<keyof Extract<ConversationUpdateRequest, { kind: K }>, "kind">, Check>
  >;
} = {
  invite_member: { keyPackageBytes: isBytes, identity: isBytes },
  remove_member: { identity: isBytes },
  emergency_criteria: {
    evidence: (value) =>
      value === undefined || (isObject(value) && wrongField(value, EVIDENCE) === undefined),
  },
  steward_election: {
    proposedStewards: (value) => Array.isArray(value) && value.every(isBytes),
    electionEpoch: isBigint,
    retryRound: isNumber,
  },
  empty: {},
};

const EVIDENCE: Readonly<Record<keyof ViolationEvidence, Check>> = {
  violationType: isNumber,
  targetMemberId: isBytes,
  evidencePayload: isBytes,
  epoch: isBigint,
  creatorMemberId: isBytes,
};

/**
 * Checks that a caller's request has the form that its kind takes.
 *
 * @throws DemlsError `invalid-request`, its field `request`, `request.kind` or the field at fault.
 */
export function checkRequest(request: ConversationUpdateRequest): void {
  const fault = faultIn(request);
  if (fault !== undefined) throw invalidRequest(fault);
}

/** Whether a value has the form of a request. */
export function isRequest(value: unknown): value is ConversationUpdateRequest {
  return faultIn(value) === undefined;
}

function faultIn(request: unknown): string | undefined {
  if (!isObject(request)) return "request";
  const kind = "kind" in request ? request.kind : undefined;
  if (!isKind(kind)) return "request.kind";
  const field = wrongField(request, FIELDS[kind]);
  return field === undefined ? undefined : `request.${field}`;
}

function isKind(value: unknown): value is Kind {
  return typeof value === "string" && Object.hasOwn(FIELDS, value);
}

function wrongField(value: object, checks: Readonly<Record<string, Check>>): string | undefined {
  const fields = new Map(Object.entries(value));
  return Object.entries(checks).find(([field, check]) => !check(fields.get(field)))?.[0];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

function isBigint(value: unknown): boolean {
  return typeof value === "bigint";
}

function invalidRequest(field: string): DemlsError<"invalid-request"> {
  return new DemlsError("invalid-request", {
    message: `${field} is not what a request has there.`,
    field,
    remedy: "See ConversationUpdateRequest for the requests there are, and what each of them holds.",
  });
}
