import {
  bytesToHex,
  decodeConversationUpdateRequest,
  type AppMessage,
  type ConversationUpdateRequest,
  type Proposal,
  type WelcomeMessage,
} from "@demls/wire";
import type { ChangeRequest } from "demls";
import { requestToWire } from "demls/step";

/**
 * JSON view of a message: names in snake_case, bytes as hex, 64-bit integers as decimal strings, absent values as
 * null. The golden vectors record messages in this form.
 */
export type View = Readonly<Record<string, unknown>>;

/** Decodes invalid UTF-8 as replacement characters, and keeps a byte order mark. */
const lossyText = new TextDecoder("utf-8", { ignoreBOM: true });

/** The view of a message on the `app_msg` subtopic. */
export function appMessageView(message: AppMessage): View {
  switch (message.kind) {
    case "conversation_message":
      return chatView(message);
    case "proposal":
      return { kind: "proposal", proposal: proposalView(message.proposal) };
    case "vote_payload":
      return { ...fieldsView(message), decoded_payload: payloadView(message.payload) };
    case "commit_candidate":
      return { kind: "commit_candidate", ...fieldsView(message.candidate) };
    case "conversation_sync":
      return { kind: "conversation_sync", ...fieldsView(message.sync) };
    case "ban_request":
    case "vote":
    case "user_vote":
    case "proposal_added":
    case "unban":
    case "invitation_notice":
    case "member_confirmation":
    case "empty":
      return fieldsView(message);
  }
}

/** The view of a chat message with the fields of 3.0.0. */
function chatView({
  kind,
  message,
  sender,
  conversationName,
}: Extract<AppMessage, { kind: "conversation_message" }>): View {
  return { ...fieldsView({ kind, message, sender, conversationName }), text: lossyText.decode(message) };
}

/** The view of a message on the `welcome` subtopic. */
export function welcomeMessageView(message: WelcomeMessage): View {
  return fieldsView(message);
}

/** The view of a change request. */
export function requestView(request: ChangeRequest): View {
  return updateView(requestToWire(request));
}

/** The view of an encoded change request. */
function updateView(request: ConversationUpdateRequest): View {
  return fieldsView(request);
}

/** The view of a proposal with its votes and its request. */
export function proposalView(proposal: Proposal): View {
  return { ...fieldsView(proposal), decoded_payload: payloadView(proposal.payload) };
}

function payloadView(payload: Uint8Array): View | null {
  const decoded = decodeConversationUpdateRequest(payload);
  return decoded.ok ? updateView(decoded.value) : null;
}

function fieldsView(fields: object): View {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [snakeCase(name), fieldView(name, value)]),
  );
}

function fieldView(name: string, value: unknown): unknown {
  if (value === undefined) return null;
  if (name === "kind" && value === "empty") return "none";
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (Array.isArray(value)) return value.map((element) => fieldView("", element));
  return typeof value === "object" && value !== null ? fieldsView(value) : value;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
