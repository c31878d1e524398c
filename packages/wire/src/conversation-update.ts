import { bytesValue, uint64Value } from "./decodable.js";
import type { Decoded, DecodeOptions } from "./decoded.js";
import { uint32, uint64 } from "./encodable.js";
import { de_mls } from "./generated/messages.js";
import { decodeMessage, encodeMessage } from "./message-codec.js";
import { evidenceFromWire, evidenceToWire, type ViolationEvidence } from "./violation-evidence.js";

type UpdateRequestFields = de_mls.messages.v1.ConversationUpdateRequest.$Properties;

/** Payload of a consensus proposal: `de_mls.messages.v1.ConversationUpdateRequest`. */
export type ConversationUpdateRequest =
  | {
      /** Add a member. */
      readonly kind: "invite_member";
      /** An MLS key package: serde JSON in de-mls 3.0.0, TLS encoding in 4.x. */
      readonly keyPackageBytes: Uint8Array;
      /** Identity bytes, as claimed. */
      readonly identity: Uint8Array;
      /** Redemption of an invitation for the key package. Absent in messages of 3.0.0. An empty one is not sent. */
      readonly redemption?: Uint8Array;
    }
  | {
      /** Remove a member, or let it leave. */
      readonly kind: "remove_member";
      /** Identity bytes. */
      readonly identity: Uint8Array;
    }
  | {
      /** An accusation, or the Deadlock emergency after too many elections. */
      readonly kind: "emergency_criteria";
      /** `undefined` if the message holds none. */
      readonly evidence: ViolationEvidence | undefined;
    }
  | {
      /** Elect these members as stewards. */
      readonly kind: "steward_election";
      /** Identity bytes, in the order of the list. */
      readonly proposedStewards: readonly Uint8Array[];
      /** MLS epoch of the election. */
      readonly electionEpoch: bigint;
      /** Attempt within the epoch; 32 bits. */
      readonly retryRound: number;
    }
  | {
      /** No request, or one of an unknown kind. */
      readonly kind: "empty";
    };

/** Encodes a request. @throws DemlsError `value-out-of-range` if an integer does not fit its field. */
export function encodeConversationUpdateRequest(request: ConversationUpdateRequest): Uint8Array {
  return encodeMessage(de_mls.messages.v1.ConversationUpdateRequest, updateRequestToWire(request));
}

/** Decodes a request. */
export function decodeConversationUpdateRequest(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Decoded<ConversationUpdateRequest> {
  return decodeMessage(de_mls.messages.v1.ConversationUpdateRequest, bytes, options, updateRequestFromWire);
}

/** Encodes the fields for generated code. @internal */
export function updateRequestToWire(request: ConversationUpdateRequest): UpdateRequestFields {
  switch (request.kind) {
    case "invite_member":
      return {
        inviteMember: {
          keyPackageBytes: request.keyPackageBytes,
          identity: request.identity,
          redemption: request.redemption ?? null,
        },
      };
    case "remove_member":
      return { removeMember: { identity: request.identity } };
    case "emergency_criteria": {
      const { evidence } = request;
      return { emergencyCriteria: evidence === undefined ? {} : { evidence: evidenceToWire(evidence) } };
    }
    case "steward_election":
      return {
        stewardElection: {
          proposedStewards: [...request.proposedStewards],
          electionEpoch: uint64(request.electionEpoch, "request.electionEpoch"),
          retryRound: uint32(request.retryRound, "request.retryRound"),
        },
      };
    case "empty":
      return {};
  }
}

/** Decodes the fields from generated code. @internal */
export function updateRequestFromWire(message: UpdateRequestFields): ConversationUpdateRequest {
  const { inviteMember, removeMember, emergencyCriteria, stewardElection } = message;
  if (inviteMember) {
    const redemption = bytesValue(inviteMember.redemption);
    return {
      kind: "invite_member",
      keyPackageBytes: bytesValue(inviteMember.keyPackageBytes),
      identity: bytesValue(inviteMember.identity),
      ...(redemption.length > 0 && { redemption }),
    };
  }
  if (removeMember) return { kind: "remove_member", identity: bytesValue(removeMember.identity) };
  if (emergencyCriteria) {
    const { evidence } = emergencyCriteria;
    return { kind: "emergency_criteria", evidence: evidence ? evidenceFromWire(evidence) : undefined };
  }
  if (stewardElection) {
    return {
      kind: "steward_election",
      proposedStewards: (stewardElection.proposedStewards ?? []).map(bytesValue),
      electionEpoch: uint64Value(stewardElection.electionEpoch),
      retryRound: stewardElection.retryRound ?? 0,
    };
  }
  return { kind: "empty" };
}
