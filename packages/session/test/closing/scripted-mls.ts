import {
  STRICT_MARKER,
  type MlsAction,
  type MlsGroup,
  type MlsService,
  type OwnCandidate,
  type StagedCommit,
} from "@demls/mls";
import { commitHash } from "@demls/steward";
import { bytesToHex, DemlsError, memberIdFromBytes, utf8ToBytes, type MemberId } from "@demls/wire/core";
import { GARDEN } from "../harness/index.js";

/** A scripted commit with its staging result. */
export interface ScriptedCommit {
  readonly commit: Uint8Array;
  readonly sender: MemberId;
  readonly proposals: number;
  readonly actions: readonly MlsAction[];
  /** Whether it can be staged, which authenticates its sender. */
  readonly stages: boolean;
}

/** MLS without cryptography, for selections that real commits cannot produce. */
export interface ScriptedMls {
  readonly service: MlsService;
  /** The merged commits, each as `own` or `other`. */
  readonly adopted: readonly string[];
}

/** An empty group of these members. */
export function scriptedGroup(self: MemberId, members: readonly MemberId[], epoch: bigint): MlsGroup {
  const epochAuthenticator = new Uint8Array(32).fill(Number(epoch));
  return {
    groupId: bytesToHex(utf8ToBytes(GARDEN)),
    name: GARDEN,
    epoch,
    self,
    leafIndex: members.indexOf(self),
    members,
    roster: members.map((member, leafIndex) => ({
      ...{ leafIndex, member, signatureKey: new Uint8Array(32) },
      ...{
        admission: undefined,
        identityProof: undefined,
        keySince: 0,
        replaces: [],
        claimedName: undefined,
        boundTo: undefined,
      },
    })),
    epochAuthenticator,
    requiredExtensions: [],
    supportedExtensions: [STRICT_MARKER],
    state: {},
  };
}

/** A proposal message of a scripted candidate. */
export function scriptedProposal(number: number): Uint8Array {
  return Uint8Array.of(0xee, number);
}

/**
 * @param commits the commits that can be staged. @param own the one that this member creates; without it, it can create
 *   none.
 */
export function scriptedMls(
  group: MlsGroup,
  commits: readonly ScriptedCommit[],
  own: ScriptedCommit | undefined,
): ScriptedMls {
  const adopted: string[] = [];
  const candidateOf = (scripted: ScriptedCommit): OwnCandidate => {
    const removed = scripted.actions.flatMap((action) => (action.kind === "remove" ? [action.member] : []));
    const members = group.members.filter((member) => !removed.includes(member));
    return {
      hash: commitHash(scripted.commit),
      epoch: group.epoch,
      parentEpochAuthenticator: group.epochAuthenticator,
      sender: scripted.sender,
      proposalSenders: Array.from({ length: scripted.proposals }, () => scripted.sender),
      authenticatedData: new Uint8Array(0),
      actions: scripted.actions,
      selfRemoved: false,
      next: scriptedGroup(group.self, members, group.epoch + 1n),
      proposals: Array.from({ length: scripted.proposals }, (_, i) => scriptedProposal(i)),
      commit: scripted.commit,
      welcome: undefined,
    };
  };
  const service: Pick<MlsService, "identity" | "describe" | "stage" | "createCandidate" | "merge"> = {
    identity: group.self,
    describe: () => ({ kind: "commit", groupId: group.groupId, epoch: group.epoch }),
    stage: async (current, _proposals, commit) => {
      const scripted = commits.find((other) => bytesToHex(other.commit) === bytesToHex(commit));
      if (!scripted?.stages) return { group: current, outcome: { kind: "rejected", reason: "malformed" } };
      return { group: current, outcome: { kind: "staged", staged: candidateOf(scripted) } };
    },
    createCandidate: async (current) => {
      if (own === undefined) throw new DemlsError("commit-failed", { message: "The script has none." });
      return { group: current, candidate: candidateOf(own) };
    },
    merge: (_current, { hash, sender, next }: StagedCommit) => {
      if (next === undefined) throw new Error("No commit of the script removes this member.");
      adopted.push(`${sender === group.self ? "own" : "other"} ${bytesToHex(hash)}`);
      return next;
    },
  };
  return { service: service as MlsService, adopted };
}

/** Id of a member that is missing in the recording. */
export function extra(number: number): MemberId {
  return memberIdFromBytes(new Uint8Array(20).fill(0xe0 + number));
}
