import { decodeConversationUpdateRequest, encodeWelcomeMessage } from "@demls/wire";
import { WELCOME_SUBTOPIC } from "@demls/wire/core";
import {
  DemlsError,
  memberIdFromBytes,
  platformRandom,
  type Conversation,
  type CreatorVote,
  type MembershipCall,
  type MemberId,
  type Packet,
} from "demls";
import { requestFromWire } from "demls/step";
import type { InboundOutcome } from "demls/trace";
import { settingsField } from "../protocol/conversation-settings.js";
import {
  base64Field,
  booleanField,
  choiceField,
  hexField,
  invalidField,
  isMissing,
  textField,
  toBase64,
  uint32Field,
  type Fields,
} from "../protocol/fields.js";
import { conversationOf, describeOutcome, type PeerUser } from "../user/peer-user.js";
import { onceSettled, userOf, type Handler, type Peer } from "./peer.js";
import { settle } from "./settling.js";
import { stateView } from "../protocol/state-view.js";

const APP_ID_BYTES = 16;

/** Commands on one conversation of a user. */
export const CONVERSATION_COMMANDS: Readonly<Record<string, Handler>> = {
  async create_conversation(peer, fields) {
    const { user, compatibility } = userOf(peer, fields);
    const settings = settingsField(fields);
    await user.createConversation(textField(fields, "conversation_id"), {
      ...settings,
      compatibility: settings.compatibility ?? compatibility,
    });
  },

  async join(peer, fields) {
    const { user } = userOf(peer, fields);
    const { config, stewards, scoring, compatibility } = settingsField(fields);
    if (compatibility !== undefined) throw invalidField("config", "no compatibility here: it is the group's");
    const deadlineMs = isMissing(fields, "deadline_ms") ? undefined : uint32Field(fields, "deadline_ms");
    const options = { config, stewards, scoring, announce: false, deadlineMs };
    await user.join({ name: textField(fields, "conversation_id") }, options).conversation;
  },

  async send_key_package(peer, fields) {
    const { user } = userOf(peer, fields);
    const conversation = conversationIn(peer, fields);
    const given = isMissing(fields, "key_package_b64") ? undefined : base64Field(fields, "key_package_b64");
    await conversation.announceKeyPackage(given ?? (await user.generateKeyPackage()));
  },

  async invite(peer, fields) {
    const keyPackage = base64Field(fields, "key_package_b64");
    if (choiceField(fields, "mode", ["buffer"]) === undefined) {
      await openVote(peer, fields, (conversation, options) => conversation.proposeAdd(keyPackage, options));
      return;
    }
    const payload = encodeWelcomeMessage({ kind: "user_key_package", keyPackageBytes: keyPackage });
    await deliver(peer, userOf(peer, fields), {
      payload,
      subtopic: WELCOME_SUBTOPIC,
      conversationId: textField(fields, "conversation_id"),
      // With another sender: the session drops packets with its own id as echoes.
      appId: platformRandom.bytes(APP_ID_BYTES),
    });
  },

  async remove(peer, fields) {
    const member = memberField(fields);
    await openVote(peer, fields, (conversation, options) => conversation.proposeRemove(member, options));
  },

  async ban_request(peer, fields) {
    const member = memberField(fields);
    await openVote(peer, fields, (conversation) => conversation.proposeRemove(member));
  },

  async propose(peer, fields) {
    const decoded = decodeConversationUpdateRequest(hexField(fields, "request_hex"));
    if (!decoded.ok) throw invalidField("request_hex", "an encoded ConversationUpdateRequest");
    const request = requestFromWire(decoded.value);
    if (request === undefined) throw emptyRequest();
    await openVote(peer, fields, (conversation, options) => conversation.propose(request, options));
  },

  async vote(peer, fields) {
    const proposalId = uint32Field(fields, "proposal_id");
    await conversationIn(peer, fields).vote(proposalId, booleanField(fields, "vote"));
  },

  async send_message(peer, fields) {
    if (!isMissing(fields, "data_hex") && !isMissing(fields, "text")) {
      throw invalidField("text", "nothing where data_hex is given");
    }
    const content = isMissing(fields, "data_hex") ? textField(fields, "text") : hexField(fields, "data_hex");
    await onceSettled(peer, fields, conversationIn(peer, fields).send(content));
  },

  async leave(peer, fields) {
    await openVote(peer, fields, (conversation) => conversation.leave());
  },

  async inbound(peer, fields) {
    await deliver(peer, userOf(peer, fields), {
      payload: base64Field(fields, "payload_b64"),
      subtopic: textField(fields, "subtopic"),
      conversationId: textField(fields, "conversation_id"),
      appId: hexField(fields, "app_id"),
    });
  },

  state: (peer, fields) => stateView(conversationIn(peer, fields).state),

  async send_sync(peer, fields) {
    await conversationIn(peer, fields).admin.sendSync();
  },

  async regenerate_steward_list(peer, fields) {
    await conversationIn(peer, fields).admin.regenerateStewards();
  },

  async encrypt_raw(peer, fields) {
    const appMessage = hexField(fields, "app_message_hex");
    const payload = await userOf(peer, fields).encryptRaw(conversationIn(peer, fields), appMessage);
    return { payload_b64: toBase64(payload) };
  },
};

/** Opens a vote, without waiting for its publish, which a freeze may delay. */
async function openVote(
  peer: Peer,
  fields: Fields,
  propose: (conversation: Conversation, options: { creatorVote: CreatorVote }) => MembershipCall,
): Promise<void> {
  const creatorVote = choiceField(fields, "creator_vote", ["yes", "deferred"]) ?? "yes";
  await onceSettled(peer, fields, propose(conversationIn(peer, fields), { creatorVote }).accepted);
}

/** Delivers a packet to a user. @throws DemlsError `packet-rejected`, `unknown-conversation`. */
async function deliver(peer: Peer, user: PeerUser, packet: Packet): Promise<void> {
  const outcomes: InboundOutcome[] = [];
  const reports = conversationOf(user, packet.conversationId).admin.inbound$.subscribe((report) => {
    if (report.packet === packet) outcomes.push(report.outcome);
  });
  user.deliver(packet);
  await settle(peer.users.values());
  reports.unsubscribe();
  const rejected = outcomes.find(({ kind }) => kind === "rejected");
  if (rejected !== undefined) throw packetRejected(describeOutcome(rejected));
  // A failure during processing leaves no outcome; an `error` event reports it.
  if (outcomes.length === 0) throw packetRejected("not processed");
}

function conversationIn(peer: Peer, fields: Fields): Conversation {
  return conversationOf(userOf(peer, fields), textField(fields, "conversation_id"));
}

function memberField(fields: Fields): MemberId {
  return memberIdFromBytes(hexField(fields, "identity_hex"));
}

function emptyRequest(): DemlsError<"incomplete-request"> {
  return new DemlsError("incomplete-request", {
    message: "The request is empty.",
    field: "request_hex",
  });
}

function packetRejected(reason: string): DemlsError<"packet-rejected"> {
  return new DemlsError("packet-rejected", { message: `The packet was ${reason}.` });
}
