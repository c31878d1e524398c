import {
  createEthereumSigner,
  ethereumVerifier,
  selfLeaveProposalId,
  selfLeaveProposalName,
  validateProposal,
  validateVote,
} from "@demls/consensus";
import { createDeterministicStewardList, stewardListConfig } from "@demls/steward";
import {
  decodeConversationUpdateRequest,
  decodeWelcomeMessage,
  encodeAppMessage,
  encodeWelcomeMessage,
  type Proposal,
  type Vote,
} from "@demls/wire";
import { bytesToHex, memberIdFromBytes, WELCOME_SUBTOPIC } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { loadVectors } from "../../../../vectors/load.js";
import { appMessageIn, asPacket, bytes, idOf, stampOf, startWallMs, type Recording } from "./recording.js";

const deterministicStewardList = createDeterministicStewardList();

const recording = loadVectors<Recording>("10_transcript.json");
const { config, conversation_id, log, packets, secrets, users } = recording;

const messages = packets
  .filter(({ subtopic }) => subtopic !== WELCOME_SUBTOPIC)
  .map((packet) => appMessageIn(packet).message);
const proposals: readonly Proposal[] = messages.flatMap((message) =>
  message.kind === "proposal" ? [message.proposal] : [],
);
const votes: readonly Vote[] = messages.flatMap((message) => (message.kind === "vote" ? [message.vote] : []));

describe("vectors/10, the recorded conversation of three", () => {
  test("has 140 entries in its log and 37 packets, the same in both", () => {
    expect(recording.source).toBe("de-mls 3.0.0");
    expect(recording.note).toContain("so a second implementation can replay them");
    expect(log).toHaveLength(140);
    expect(packets).toHaveLength(37);
    const logged = log.flatMap((entry) => (entry.type === "packet" ? [`${entry.user} ${entry.seq}`] : []));
    expect(logged).toEqual(packets.map(({ sender, sender_seq }) => `${sender} ${sender_seq}`));
  });

  test("has timestamps that match its log on one wall clock", () => {
    const start = startWallMs(recording);
    const stamped = packets.filter((packet) => stampOf(packet) !== undefined);
    expect(stamped).toHaveLength(20);
    for (const packet of stamped)
      expect(stampOf(packet), `#${packet.n}`).toBe(Math.floor((start + packet.t_ms) / 1_000));
  });

  test("has the keys of its members", () => {
    for (const { secret_key_hex, identity, identity_string, display } of Object.values(users)) {
      expect(bytesToHex(createEthereumSigner(bytes(secret_key_hex)).identity)).toBe(identity);
      expect(identity_string.toLowerCase()).toBe(`0x${identity}`);
      expect(display).toBe(identity_string);
    }
    for (const name of ["bob", "carol"] as const) {
      const { identity, signature_key_pair } = secrets[`${name}_before_welcome`];
      expect(identity).toBe(users[name].identity);
      const signaturePublic = bytesToHex(Uint8Array.from(signature_key_pair.public));
      expect(signaturePublic).toBe(users[name].mls_signature_public);
    }
  });

  test.each(packets.map((packet) => ({ name: `${packet.kind} of ${packet.sender}`, packet })))(
    "holds packet $packet.n, a $name, which decodes and encodes to the same bytes",
    ({ packet }) => {
      const { payload, subtopic } = asPacket(packet);
      expect(packet.encrypted).toBe(packet.plaintext_hex !== null);
      if (subtopic === WELCOME_SUBTOPIC) {
        const decoded = decodeWelcomeMessage(payload);
        if (!decoded.ok) throw new Error(decoded.reason);
        expect(decoded.value.kind).toBe(packet.kind);
        expect(encodeWelcomeMessage(decoded.value)).toEqual(payload);
      } else {
        const { message, encoded } = appMessageIn(packet);
        expect(message.kind).toBe(packet.kind);
        expect(encodeAppMessage(message)).toEqual(encoded);
      }
    },
  );

  test("has valid signatures on all proposals and votes", async () => {
    expect([proposals.length, votes.length]).toEqual([8, 12]);
    const context = { nowSeconds: proposals[0]?.timestamp ?? 0n, verifier: ethereumVerifier };
    for (const proposal of proposals) expect(await validateProposal(proposal, context)).toBeUndefined();
    for (const vote of votes) {
      const proposal = proposals.find(({ proposalId }) => proposalId === vote.proposalId);
      if (proposal === undefined) throw new Error("A vote is on nothing.");
      expect(await validateVote(vote, proposal, context)).toBeUndefined();
    }
  });

  test("elects the lists that every member derives", () => {
    const elections = proposals.flatMap(({ payload }) => {
      const decoded = decodeConversationUpdateRequest(payload);
      return decoded.ok && decoded.value.kind === "steward_election" ? [decoded.value] : [];
    });
    expect(elections.map(({ electionEpoch }) => electionEpoch)).toEqual([1n, 3n, 3n, 4n]);
    const bounds = stewardListConfig({ snMin: config.sn_min, snMax: config.sn_max });
    const state = deterministicStewardList.create(conversation_id, bounds, 1);
    for (const { proposedStewards, electionEpoch, retryRound } of elections) {
      const list = proposedStewards.map(memberIdFromBytes);
      const pool = [...list].sort();
      expect(deterministicStewardList.validateProposed(state, list, electionEpoch, pool, retryRound)).toBe(
        true,
      );
    }
  });

  test("contains bob's leave with one voter, its id and its name", () => {
    const id = selfLeaveProposalId(idOf(recording, "bob"));
    const leave = proposals.find(({ proposalId }) => proposalId === id);
    expect(leave).toMatchObject({ expectedVotersCount: 1, name: selfLeaveProposalName(id) });
  });
});
