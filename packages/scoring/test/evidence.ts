import { memberIdFromBytes } from "@demls/wire/core";

import type { EmergencyEvidence } from "../src/index.js";

type Field = number | Uint8Array;

/** Decodes the last value of each field of a protobuf message whose numbers are all below 128. */
function fields(message: Uint8Array): ReadonlyMap<number, Field> {
  const found = new Map<number, Field>();
  let at = 0;
  while (at < message.length) {
    const tag = message[at++] ?? 0;
    const value = message[at++] ?? 0;
    if ((tag & 7) === 2) {
      found.set(tag >> 3, message.subarray(at, at + value));
      at += value;
    } else {
      found.set(tag >> 3, value);
    }
  }
  return found;
}

function bytes(field: Field | undefined): Uint8Array {
  return field instanceof Uint8Array ? field : new Uint8Array();
}

/** Extracts the evidence of an encoded ConversationUpdateRequest: emergency_criteria (3), evidence (1). */
export function decodeEvidence(request: Uint8Array): EmergencyEvidence {
  const evidence = fields(bytes(fields(bytes(fields(request).get(3))).get(1)));
  const violationType = evidence.get(1) ?? 0;
  if (typeof violationType !== "number") throw new Error("The violation type is no number.");
  return {
    violationType,
    target: memberIdFromBytes(bytes(evidence.get(2))),
    creator: memberIdFromBytes(bytes(evidence.get(5))),
  };
}
