import { DemlsError, isBytes, memberIdFromBytes, memberIdToBytes, type MemberId } from "@demls/wire/core";
import { isViolation, type ChangeRequest, type EmergencyEvidence } from "./request.js";

type Kind = ChangeRequest["kind"];
type Check = (value: unknown) => boolean;

/**
 * Checks of each field of a request, independent of its static type. The encoder checks ranges. This module is 0.6 kB
 * gzipped; with valibot it would be 2.1 kB and exceed the limit of the bundle.
 */
const FIELDS: {
  readonly [K in Kind]: Readonly<Record<Exclude<keyof Extract<ChangeRequest, { kind: K }>, "kind">, Check>>;
} = {
  add: {
    member: isMemberId,
    keyPackage: isBytes,
    redemption: (value) => value === undefined || isBytes(value),
  },
  remove: { member: isMemberId },
  emergency: {
    evidence: (value) =>
      value === undefined || (isObject(value) && wrongField(value, EVIDENCE) === undefined),
  },
  electStewards: {
    stewards: (value) => Array.isArray(value) && value.every(isMemberId),
    electionEpoch: isBigint,
    retryRound: isNumber,
  },
};

const EVIDENCE: Readonly<Record<keyof EmergencyEvidence, Check>> = {
  violation: isViolation,
  target: isMemberId,
  creator: isMemberId,
  epoch: isBigint,
  payload: isBytes,
};

/**
 * Checks the form of a caller's request.
 *
 * @throws DemlsError `invalid-request`, with field `request`, `request.kind` or the invalid field.
 */
export function checkRequest(request: ChangeRequest): void {
  const fault = faultIn(request);
  if (fault !== undefined) throw invalidRequest(fault);
}

/** Whether a value has the form of a request. */
export function isRequest(value: unknown): value is ChangeRequest {
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

/** Whether a value is a member id: lower-case hex. */
function isMemberId(value: unknown): boolean {
  try {
    return memberIdFromBytes(memberIdToBytes(value as MemberId)) === value;
  } catch {
    return false;
  }
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

function isBigint(value: unknown): boolean {
  return typeof value === "bigint";
}

function invalidRequest(field: string): DemlsError<"invalid-request"> {
  return new DemlsError("invalid-request", {
    message: `${field} has the wrong type.`,
    field,
    remedy: "See ChangeRequest for the kinds of requests and their fields.",
  });
}
