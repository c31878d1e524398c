import { type CommitCandidate, candidateFromWire, candidateToWire } from "./commit-candidate.js";
import { type ConversationSync, syncFromWire, syncToWire } from "./conversation-sync.js";
import {
  type ConversationUpdateRequest,
  updateRequestFromWire,
  updateRequestToWire,
} from "./conversation-update.js";
import { bytesValue, uint64Value } from "./decodable.js";
import type { Decoded, DecodeOptions } from "./decoded.js";
import { text, uint32, uint64 } from "./encodable.js";
import { de_mls } from "./generated/messages.js";
import { decodeMessage, encodeMessage } from "./message-codec.js";
import { type Proposal, proposalFromWire, proposalToWire } from "./proposal.js";
import { type Vote, voteFromWire, voteToWire } from "./vote.js";

type AppMessageFields = de_mls.messages.v1.AppMessage.$Properties;

/**
 * Message on the `app_msg` subtopic: `de_mls.messages.v1.AppMessage`. All kinds travel inside an MLS PrivateMessage,
 * except `commit_candidate`, which travels in the clear.
 */
export type AppMessage =
  | {
      /** Chat message of a member. */
      readonly kind: "conversation_message";
      readonly message: Uint8Array;
      /** Display name chosen by the sender. MLS authenticates the real sender. */
      readonly sender: string;
      readonly conversationName: string;
      /** Id of the message: 16 random bytes. Absent in messages of 3.0.0. An empty id is not sent. */
      readonly id?: Uint8Array;
      /**
       * Time of sending by the sender's clock: milliseconds since the Unix epoch, 64 bits. Absent in messages of 3.0.0.
       * Zero is not sent.
       */
      readonly sentAtMs?: bigint;
    }
  | {
      /** Request of a member to remove another. */
      readonly kind: "ban_request";
      /** Identity bytes. */
      readonly userToBan: Uint8Array;
      readonly conversationName: string;
    }
  | {
      /** Proposal with the votes on it so far. */
      readonly kind: "proposal";
      readonly proposal: Proposal;
    }
  | {
      /** Vote of one member. */
      readonly kind: "vote";
      readonly vote: Vote;
    }
  | {
      /** Request for a vote of this instance's user; not meant for other members. */
      readonly kind: "vote_payload";
      readonly conversationId: string;
      /** 32 bits. */
      readonly proposalId: number;
      /** An encoded `ConversationUpdateRequest`. */
      readonly payload: Uint8Array;
      /** Seconds since the Unix epoch. */
      readonly timestamp: bigint;
    }
  | {
      /** Decision of this instance's user; not meant for other members. */
      readonly kind: "user_vote";
      /** 32 bits. */
      readonly proposalId: number;
      readonly vote: boolean;
      readonly conversationName: string;
    }
  | {
      /** Notice of a proposal for this instance's user; not meant for other members. */
      readonly kind: "proposal_added";
      readonly conversationId: string;
      /** `undefined` if the message holds none. */
      readonly request: ConversationUpdateRequest | undefined;
    }
  | {
      /** Commit candidate of a steward. */
      readonly kind: "commit_candidate";
      readonly candidate: CommitCandidate;
    }
  | {
      /** State that joiners need besides the group. */
      readonly kind: "conversation_sync";
      readonly sync: ConversationSync;
    }
  | {
      /** Lifts a ban. In strict conversations only: 3.0.0 reads it as an empty message. */
      readonly kind: "unban";
      /** Identity bytes of the banned member. */
      readonly member: Uint8Array;
    }
  | {
      /** The sender confirms a newcomer. In strict conversations only: 3.0.0 reads it as an empty message. */
      readonly kind: "member_confirmation";
      /** Identity bytes of the newcomer. */
      readonly member: Uint8Array;
    }
  | {
      /** The sender has issued an invitation, or revokes it. In strict conversations only: 3.0.0 reads it as an empty message. */
      readonly kind: "invitation_notice";
      /** Id of the invitation, 8 bytes. */
      readonly id: Uint8Array;
      /** Time at which it expires: seconds since the Unix epoch, 64 bits. 0: never. */
      readonly expiresAt: bigint;
      readonly revoked: boolean;
      /** Key by which members answer the probes of its holder, 32 bytes; empty if it is revoked. */
      readonly memberKey: Uint8Array;
      /**
       * The members that may confirm the group to the holder of an invitation of the sender: a list, as `@demls/join` encodes
       * it. Absent if it is not told anew. An empty one is not sent.
       */
      readonly deputies?: Uint8Array;
    }
  | {
      /** No message, or one of an unknown kind. */
      readonly kind: "empty";
    };

/**
 * Encodes an app message, byte for byte as prost does.
 *
 * @throws DemlsError `value-out-of-range` if an integer does not fit its field, `invalid-text` if a string has a
 * lone surrogate. The error's `field` is the name.
 */
export function encodeAppMessage(message: AppMessage): Uint8Array {
  return encodeMessage(de_mls.messages.v1.AppMessage, appMessageToWire(message));
}

/**
 * Decodes an app message. Never throws for malformed bytes.
 *
 * @example
 * ```ts
 * const decoded = decodeAppMessage(plaintext);
 * if (!decoded.ok) return reject(decoded.reason);
 * switch (decoded.value.kind) {
 *   case "vote":
 *     return countVote(decoded.value.vote);
 * }
 * ```
 */
export function decodeAppMessage(bytes: Uint8Array, options: DecodeOptions = {}): Decoded<AppMessage> {
  return decodeMessage(de_mls.messages.v1.AppMessage, bytes, options, appMessageFromWire);
}

function appMessageToWire(message: AppMessage): AppMessageFields {
  switch (message.kind) {
    case "conversation_message": {
      const sender = text(message.sender, "sender");
      const conversationName = text(message.conversationName, "conversationName");
      const id = message.id ?? null;
      const sentAtMs = message.sentAtMs === undefined ? null : uint64(message.sentAtMs, "sentAtMs");
      return { conversationMessage: { message: message.message, sender, conversationName, id, sentAtMs } };
    }
    case "ban_request": {
      const conversationName = text(message.conversationName, "conversationName");
      return { banRequest: { userToBan: message.userToBan, conversationName } };
    }
    case "proposal":
      return { proposal: proposalToWire(message.proposal) };
    case "vote":
      return { vote: voteToWire(message.vote) };
    case "vote_payload":
      return {
        votePayload: {
          conversationId: text(message.conversationId, "conversationId"),
          proposalId: uint32(message.proposalId, "proposalId"),
          payload: message.payload,
          timestamp: uint64(message.timestamp, "timestamp"),
        },
      };
    case "user_vote": {
      const proposalId = uint32(message.proposalId, "proposalId");
      const conversationName = text(message.conversationName, "conversationName");
      return { userVote: { proposalId, vote: message.vote, conversationName } };
    }
    case "proposal_added": {
      const conversationId = text(message.conversationId, "conversationId");
      const request = message.request === undefined ? null : updateRequestToWire(message.request);
      return { proposalAdded: { conversationId, request } };
    }
    case "commit_candidate":
      return { commitCandidate: candidateToWire(message.candidate) };
    case "conversation_sync":
      return { conversationSync: syncToWire(message.sync) };
    case "unban":
      return { unban: { member: message.member } };
    case "member_confirmation":
      return { memberConfirmation: { member: message.member } };
    case "invitation_notice": {
      const { id, expiresAt, revoked, memberKey, deputies = null } = message;
      const expiry = uint64(expiresAt, "expiresAt");
      return { invitationNotice: { id, expiresAt: expiry, revoked, memberKey, deputies } };
    }
    case "empty":
      return {};
  }
}

function appMessageFromWire(fields: AppMessageFields): AppMessage {
  if (fields.conversationMessage) {
    const { message, sender, conversationName } = fields.conversationMessage;
    const id = bytesValue(fields.conversationMessage.id);
    const sentAtMs = uint64Value(fields.conversationMessage.sentAtMs);
    return {
      kind: "conversation_message",
      message: bytesValue(message),
      sender: sender ?? "",
      conversationName: conversationName ?? "",
      ...(id.length > 0 && { id }),
      ...(sentAtMs > 0n && { sentAtMs }),
    };
  }
  if (fields.banRequest) {
    const { userToBan, conversationName } = fields.banRequest;
    return {
      kind: "ban_request",
      userToBan: bytesValue(userToBan),
      conversationName: conversationName ?? "",
    };
  }
  if (fields.proposal) return { kind: "proposal", proposal: proposalFromWire(fields.proposal) };
  if (fields.vote) return { kind: "vote", vote: voteFromWire(fields.vote) };
  if (fields.votePayload) {
    const { conversationId, proposalId, payload, timestamp } = fields.votePayload;
    return {
      kind: "vote_payload",
      conversationId: conversationId ?? "",
      proposalId: proposalId ?? 0,
      payload: bytesValue(payload),
      timestamp: uint64Value(timestamp),
    };
  }
  if (fields.userVote) {
    const { proposalId, vote, conversationName } = fields.userVote;
    return {
      kind: "user_vote",
      proposalId: proposalId ?? 0,
      vote: vote ?? false,
      conversationName: conversationName ?? "",
    };
  }
  if (fields.proposalAdded) {
    const { conversationId, request } = fields.proposalAdded;
    return {
      kind: "proposal_added",
      conversationId: conversationId ?? "",
      request: request ? updateRequestFromWire(request) : undefined,
    };
  }
  if (fields.commitCandidate) {
    return { kind: "commit_candidate", candidate: candidateFromWire(fields.commitCandidate) };
  }
  if (fields.conversationSync) {
    return { kind: "conversation_sync", sync: syncFromWire(fields.conversationSync) };
  }
  if (fields.unban) return { kind: "unban", member: bytesValue(fields.unban.member) };
  if (fields.memberConfirmation)
    return { kind: "member_confirmation", member: bytesValue(fields.memberConfirmation.member) };
  if (fields.invitationNotice) {
    const { id, expiresAt, revoked, memberKey } = fields.invitationNotice;
    const deputies = bytesValue(fields.invitationNotice.deputies);
    return {
      kind: "invitation_notice",
      id: bytesValue(id),
      expiresAt: uint64Value(expiresAt),
      revoked: revoked ?? false,
      memberKey: bytesValue(memberKey),
      ...(deputies.length > 0 && { deputies }),
    };
  }
  return { kind: "empty" };
}
