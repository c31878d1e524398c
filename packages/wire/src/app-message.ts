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
 * What travels on the `app_msg` subtopic: `de_mls.messages.v1.AppMessage`. All of it inside an MLS
 * PrivateMessage, except `commit_candidate`, which travels in the clear.
 */
export type AppMessage =
  | {
      /** Something a member said. */
      readonly kind: "conversation_message";
      readonly message: Uint8Array;
      /** As the sender shows itself. Who really sent it, MLS tells. */
      readonly sender: string;
      readonly conversationName: string;
    }
  | {
      /** A member asks for another member's removal. */
      readonly kind: "ban_request";
      /** Identity bytes. */
      readonly userToBan: Uint8Array;
      readonly conversationName: string;
    }
  | {
      /** A vote is opened. */
      readonly kind: "proposal";
      readonly proposal: Proposal;
    }
  | {
      /** A vote is cast. */
      readonly kind: "vote";
      readonly vote: Vote;
    }
  | {
      /** Asks the user of this instance for a vote; not meant for other members. */
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
      /** What the user of this instance decided; not meant for other members. */
      readonly kind: "user_vote";
      /** 32 bits. */
      readonly proposalId: number;
      readonly vote: boolean;
      readonly conversationName: string;
    }
  | {
      /** Tells the user of this instance of a proposal; not meant for other members. */
      readonly kind: "proposal_added";
      readonly conversationId: string;
      /** `undefined` where the message holds none. */
      readonly request: ConversationUpdateRequest | undefined;
    }
  | {
      /** A steward offers the next epoch. */
      readonly kind: "commit_candidate";
      readonly candidate: CommitCandidate;
    }
  | {
      /** What newcomers need besides the group. */
      readonly kind: "conversation_sync";
      readonly sync: ConversationSync;
    }
  | {
      /** No message, or one of a kind that this version does not know. */
      readonly kind: "empty";
    };

/**
 * Bytes of an app message, byte for byte as prost writes them.
 *
 * @throws DemlsError `value-out-of-range` where an integer does not fit its field, `ill-formed-text` where
 * a string holds half of a surrogate pair; `field` names which.
 */
export function encodeAppMessage(message: AppMessage): Uint8Array {
  return encodeMessage(de_mls.messages.v1.AppMessage, appMessageToWire(message));
}

/**
 * The app message that `bytes` encode. Never throws for what they hold: they may be anyone's.
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
      return { conversationMessage: { message: message.message, sender, conversationName } };
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
    case "empty":
      return {};
  }
}

function appMessageFromWire(fields: AppMessageFields): AppMessage {
  if (fields.conversationMessage) {
    const { message, sender, conversationName } = fields.conversationMessage;
    return {
      kind: "conversation_message",
      message: bytesValue(message),
      sender: sender ?? "",
      conversationName: conversationName ?? "",
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
  return { kind: "empty" };
}
