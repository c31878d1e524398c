import type { MemberId } from "@demls/wire/core";
import type { Invitation } from "../invitation.js";
import type { JoinProbe } from "../probe.js";
import type { InvitationEnd, Readiness, RequestState, RequestStatus } from "../readiness-codec.js";
import { sealReadiness, type SealOptions } from "../seal-readiness.js";
import type { SignByLeaf, VouchedKey } from "../vouched-key.js";

/** State of a member's group, as its answers tell it. */
export interface GroupMark extends Pick<Readiness, "epoch" | "head" | "appliedMessages"> {
  /** The member, with the key of its leaf. */
  readonly own: VouchedKey;
}

/** A member's knowledge of its group and of those that ask to join it. */
export interface MemberKnowledge {
  readonly self: MemberId;
  /** Group id, lower-case hex of 16 bytes. */
  readonly groupId: string;
  /** All members, with this one. */
  readonly members: readonly MemberId[];
  /** Whether a member is away for long, so that nobody waits for its answer. */
  isAbsent(member: MemberId): boolean;
  /** The key of an invitation that its inviter has told the members, 32 bytes; `undefined` if it is unknown here. */
  memberKeyOf(invitation: Invitation): Uint8Array | undefined;
  /** Reason for which an invitation is over; `undefined` if none is known here. */
  endOf(invitation: Invitation): InvitationEnd | undefined;
  /**
   * How far the request of a joiner is.
   *
   * @param reference - of the key package that it has announced, 32 bytes; `undefined` if there is none.
   */
  requestOf(reference: Uint8Array | undefined): Promise<RequestStatus>;
  /** `undefined` if this member's identity does not vouch for its leaf: then it gives no answer. */
  mark(): GroupMark | undefined;
  /** Signs by this member's leaf. */
  sign: SignByLeaf;
}

const NO_VOTES = { yes: 0, no: 0, voters: 0, millisecondsLeft: 0 };
const NO_GROUP = { epoch: 0n, head: new Uint8Array(), appliedMessages: 0, memberCount: 0 };

/** States of a request that the end of its invitation does not stop. The joiner may have used it up itself. */
const UNDER_WAY: ReadonlySet<RequestState> = new Set(["voting", "approved", "member"]);

/**
 * A member's answer to a probe, sealed. The holder of an invitation that is over learns that alone, unless the members vote on
 * it or have let it in.
 *
 * @returns `undefined` if this member's identity does not vouch for its leaf.
 */
export async function answerTo(
  probe: JoinProbe,
  knowledge: MemberKnowledge,
  { seal, nowSeconds }: Pick<SealOptions, "seal"> & { readonly nowSeconds: number },
): Promise<Uint8Array | undefined> {
  const mark = knowledge.mark();
  if (mark === undefined) return undefined;
  const { own, ...group } = mark;
  const { invitation, keyPackageReference } = probe;
  const request = await knowledge.requestOf(keyPackageReference);
  const end = UNDER_WAY.has(request.state) ? undefined : knowledge.endOf(invitation);
  const told =
    end === undefined
      ? { ...group, memberCount: knowledge.members.length, request }
      : { ...NO_GROUP, request: { ...NO_VOTES, state: end } };
  const readiness = { ...own, ...told, groupId: knowledge.groupId, sentAt: nowSeconds };
  return sealReadiness(probe, readiness, {
    memberKey: knowledge.memberKeyOf(invitation),
    sign: (label, content) => knowledge.sign(label, content),
    seal,
  });
}
