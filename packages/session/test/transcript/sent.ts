import { decodeAppMessage, decodeWelcomeMessage, encodeAppMessage } from "@demls/wire";
import { bytesToHex, compareBytes, memberIdFromBytes, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { asPacket, bytes, nameOf, type Name, type RecordedPacket, type Recording } from "./recording.js";

/** Comparable form of a member's packet. */
export interface Sent {
  readonly atMs: number;
  readonly appId: string;
  readonly subtopic: string;
  /**
   * All bytes in hex, encrypted or not; for commits and welcomes, which contain fresh secrets, only their kind. Without
   * the id and the time of a chat message, which 3.0.0 does not send.
   */
  readonly content: string;
}

/** Packets of a member in the recording, without the "SYSTEM" line of 3.0.0 (weakness W17). */
export function recordedSent(recording: Recording, name: Name): readonly Sent[] {
  return recording.packets
    .filter(({ sender, decoded }) => sender === name && !isSystemLine(decoded))
    .map((recorded) => {
      const plaintext = recorded.plaintext_hex ?? undefined;
      return asSent(recording, { packet: asPacket(recorded), plaintext, atMs: recorded.t_ms });
    });
}

function isSystemLine(decoded: RecordedPacket["decoded"]): boolean {
  return decoded.kind === "conversation_message" && decoded.sender === "SYSTEM";
}

/** @param sent.plaintext hex of the packet's plaintext, if it is encrypted */
export function asSent(
  recording: Recording,
  sent: { readonly packet: Packet; readonly plaintext: string | undefined; readonly atMs: number },
): Sent {
  const { packet, plaintext, atMs } = sent;
  const { appId, subtopic } = packet;
  const content = plaintext === undefined ? plainContent(recording, packet) : comparable(plaintext);
  return { atMs, appId: bytesToHex(appId), subtopic, content };
}

/**
 * A chat message with the fields of 3.0.0. A ConversationSync with its scores sorted by member: 3.0.0 writes them in
 * hash map order.
 */
function comparable(plaintext: string): string {
  const decoded = decodeAppMessage(bytes(plaintext));
  if (!decoded.ok) return plaintext;
  if (decoded.value.kind === "conversation_message") {
    const { kind, message, sender, conversationName } = decoded.value;
    return bytesToHex(encodeAppMessage({ kind, message, sender, conversationName }));
  }
  if (decoded.value.kind !== "conversation_sync") return plaintext;
  const { kind, sync } = decoded.value;
  const peerScores = sync.peerScores.toSorted((a, b) => compareBytes(a.memberId, b.memberId));
  return bytesToHex(encodeAppMessage({ kind, sync: { ...sync, peerScores } }));
}

function plainContent(recording: Recording, { subtopic, payload }: Packet): string {
  if (subtopic === WELCOME_SUBTOPIC) {
    const welcome = decodeWelcomeMessage(payload);
    return welcome.ok && welcome.value.kind === "invitation_to_join" ? "a welcome" : bytesToHex(payload);
  }
  const decoded = decodeAppMessage(payload);
  if (!decoded.ok || decoded.value.kind !== "commit_candidate") return bytesToHex(payload);
  const { stewardIdentity, mlsProposals } = decoded.value.candidate;
  const steward = nameOf(recording, memberIdFromBytes(stewardIdentity));
  return `a candidate of ${steward} with ${mlsProposals.length} proposals`;
}
