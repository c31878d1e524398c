import { memberIdFromBytes } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadVectors } from "../../../vectors/load.js";
import {
  foldProposalId,
  ID_RANDOM_BYTES,
  selfLeaveProposalId,
  selfLeaveProposalName,
  uuidV4,
} from "../src/index.js";
import { bytes, consensus, kebab, NOW, request } from "./fixtures.js";

interface IdsFile {
  readonly source: string;
  readonly self_leave_rule: string;
  readonly self_leave: readonly {
    readonly identity: string;
    readonly name: string;
    readonly proposal_id: number;
  }[];
  readonly vote_ids: string;
  readonly other_proposals: {
    readonly rule: string;
    readonly two_equal_requests_differ: boolean;
    readonly created: {
      readonly expiration_minus_timestamp: number;
      readonly round: number;
      readonly votes: number;
    };
  };
  readonly create_errors: Readonly<
    Record<"expected_voters 0" | "expiration 0 s", { readonly variant: string }>
  >;
}

const vectors = loadVectors<IdsFile>("05_ids.json");
const randomBytes = fc.uint8Array({ minLength: ID_RANDOM_BYTES, maxLength: ID_RANDOM_BYTES });

describe("ids of self-leave proposals", () => {
  it("has all recorded cases of de-mls 3.0.0", () => {
    expect(vectors.source).toBe("de-mls 3.0.0");
    expect(vectors.self_leave_rule).toBe("first 4 bytes, big-endian, of sha256(identity)");
    expect(vectors.self_leave).toHaveLength(9);
  });

  it.each(vectors.self_leave)("$name is derived from the identity", ({ identity, name, proposal_id }) => {
    expect(selfLeaveProposalId(bytes(identity))).toBe(proposal_id);
    expect(selfLeaveProposalId(memberIdFromBytes(bytes(identity)))).toBe(proposal_id);
    expect(selfLeaveProposalName(proposal_id)).toBe(name);
  });
});

describe("ids of other proposals and of votes", () => {
  it("xor the four 32-bit words of a version 4 UUID", () => {
    expect(vectors.other_proposals.rule).toContain("four 32-bit words xor-ed");
    expect(vectors.vote_ids).toBe("random in the same way");
    fc.assert(
      fc.property(randomBytes, (random) => {
        const words = uuidV4(random).replaceAll("-", "").match(/.{8}/g) ?? [];
        const folded = words.reduce((xored, word) => xored ^ BigInt(`0x${word}`), 0n);
        expect(BigInt(foldProposalId(random))).toBe(folded);
      }),
    );
  });

  it("fold known randomness to a known id", () => {
    const random = bytes("00112233445566778899aabbccddeeff");
    expect(uuidV4(random)).toBe("00112233-4455-4677-8899-aabbccddeeff");
    expect(foldProposalId(random)).toBe(0x00112233 ^ 0x44554677 ^ (0x8899aabb ^ 0xccddeeff));
  });

  it("are unsigned where the xor has its highest bit set", () => {
    expect(foldProposalId(bytes("ff000000000000000000000000000000"))).toBe(0x7f004000);
    expect(foldProposalId(bytes("00000000000000000000000080000000"))).toBe(0x00004000);
    expect(foldProposalId(bytes("00000000000000000000000000000000"))).toBe(0x80004000);
  });

  it("are UUIDs of version 4 and the RFC's variant", () => {
    fc.assert(
      fc.property(randomBytes, (random) => {
        expect(uuidV4(random)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  it("differ for equal requests with other randomness", () => {
    const id = foldProposalId(new Uint8Array(16));
    expect(id !== foldProposalId(new Uint8Array(16).fill(3, 12))).toBe(
      vectors.other_proposals.two_equal_requests_differ,
    );
  });

  it("do not mutate the randomness passed in", () => {
    const random = new Uint8Array(16).fill(255);
    foldProposalId(random);
    expect(random).toEqual(new Uint8Array(16).fill(255));
  });

  it.each([0, 15, 17])("reject %i bytes of randomness", (length) => {
    const refusal = expect.objectContaining({ code: "invalid-random-bytes", field: "random" });
    expect(() => foldProposalId(new Uint8Array(length))).toThrow(refusal);
    expect(() => uuidV4(new Uint8Array(length))).toThrow(refusal);
  });
});

describe("opening a proposal", () => {
  it("starts at round 1 without votes, and expires after the requested seconds", () => {
    const { proposal } = consensus.open(consensus.empty(), request({ expirationSeconds: 5n }), NOW);
    expect({
      expiration_minus_timestamp: Number(proposal.expirationTimestamp - proposal.timestamp),
      round: proposal.round,
      votes: proposal.votes.length,
    }).toEqual(vectors.other_proposals.created);
  });

  it.each([
    ["expected_voters 0", { expectedVoters: 0 }, "expectedVoters"],
    ["expiration 0 s", { expirationSeconds: 0n }, "expirationSeconds"],
  ] as const)("refuses %s with the reference's error", (name, changes, field) => {
    const code = kebab(vectors.create_errors[name].variant);
    const open = () => consensus.open(consensus.empty(), request(changes), NOW);
    expect(open).toThrow(expect.objectContaining({ code, field }));
  });
});
