import { createHash } from "node:crypto";
import { appMessageView } from "../peer/dist/protocol/views.js";
import {
  bytesToHex,
  decodeAppMessage,
  decodeWelcomeMessage,
  memberIdFromBytes,
  type AppMessage,
} from "../../packages/wire/dist/index.js";
import { signerOf, type Name } from "./members.js";
import { BOB, BOB_ASKS } from "./recorded-bob.js";
import { runScenario, type SentPacket } from "./scenario.js";

const OTHERS: readonly Name[] = ["dora", "emil", "fay"];

/** The content of `conversation.json`: the packets that bob receives from his welcome on, and his final state. */
export async function writeConversation(): Promise<object> {
  const { sent, chosen, decisions, members, epoch } = await runScenario();
  const afterBob = sent.slice(sent.findIndex(({ from }) => from === "bob") + 1);
  const [welcome, ...later] = afterBob.slice(afterBob.findIndex(isWelcome));
  if (welcome === undefined) throw new Error("Bob has not joined.");
  const forBob = later.filter((one) => !isWelcome(one) && !isLoser(one, chosen));
  const packets = withoutRepeats([welcome, ...forBob]);
  return {
    conversation_id: BOB_ASKS.conversationId,
    members: { bob: BOB, ...Object.fromEntries(OTHERS.map((name) => [name, idOf(name)])) },
    packets: packets.map(written),
    after: {
      epoch: String(epoch),
      members: [...members].sort(),
      decisions: packets
        .flatMap(proposalIdIn)
        .map((id) => ({ proposal_id: id, result: decisions.get(id) ?? "open" })),
    },
  };
}

function idOf(name: Name): string {
  return memberIdFromBytes(signerOf(name).identity);
}

function isWelcome({ packet }: SentPacket): boolean {
  const decoded = decodeWelcomeMessage(packet.payload);
  return packet.subtopic === "welcome" && decoded.ok && decoded.value.kind === "invitation_to_join";
}

/** Whether a packet is a commit candidate that was not chosen. */
function isLoser({ packet, sealed }: SentPacket, chosen: ReadonlySet<string>): boolean {
  if (sealed !== undefined || packet.subtopic === "welcome") return false;
  const message = messageIn(packet.payload);
  if (message.kind !== "commit_candidate") return false;
  return !chosen.has(createHash("sha256").update(message.candidate.commitMessage).digest("hex"));
}

/** Removes duplicate packets: a member may publish a packet twice, and MLS decrypts it once. */
function withoutRepeats(sent: readonly SentPacket[]): readonly SentPacket[] {
  const payloads = sent.map(({ packet }) => bytesToHex(packet.payload));
  return sent.filter((_, i) => payloads.indexOf(payloads[i] ?? "") === i);
}

function proposalIdIn({ sealed }: SentPacket): number | [] {
  const message = sealed && messageIn(sealed);
  return message?.kind === "proposal" ? message.proposal.proposalId : [];
}

function written({ from, at, packet, sealed }: SentPacket): object {
  const common = { from, at: `${at}`, payload: bytesToHex(packet.payload) };
  if (packet.subtopic === "welcome") {
    const decoded = decodeWelcomeMessage(packet.payload);
    return { kind: decoded.ok ? decoded.value.kind : "malformed", ...common };
  }
  if (sealed === undefined) return { kind: messageIn(packet.payload).kind, ...common };
  const message = messageIn(sealed);
  return { kind: message.kind, ...common, sealed: bytesToHex(sealed), decoded: appMessageView(message) };
}

function messageIn(bytes: Uint8Array): AppMessage {
  const decoded = decodeAppMessage(bytes);
  if (!decoded.ok) throw new Error(`Not an AppMessage: ${decoded.reason}.`);
  return decoded.value;
}
