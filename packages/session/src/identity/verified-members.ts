import { DemlsError, type MemberId } from "@demls/wire/core";
import { LIMITS } from "../model/limits.js";
import { appendBounded } from "../model/persistent-collections.js";
import type { Active } from "../model/state.js";
import { update, type ActiveTransaction } from "../model/transaction.js";
import { checkProved, ownIdentity } from "./verification-code.js";

/** Whether this user has marked a member as verified. */
export function isVerified({ identities }: Pick<Active, "identities">, member: MemberId): boolean {
  return identities.verified.includes(member);
}

/**
 * Marks another member as verified, or takes the mark back.
 *
 * @throws DemlsError `wrong-mode` in a `de-mls-3` conversation; `own-identity`, `not-a-member`.
 */
export function markVerified(tx: ActiveTransaction, member: MemberId, verified: boolean): void {
  const { group, identities, mode } = tx.state;
  checkProved(mode);
  if (member === tx.env.self) throw ownIdentity();
  if (!group.members.includes(member)) throw notAMember();
  const others = identities.verified.filter((each) => each !== member);
  update(tx, "identities", {
    verified: verified ? appendBounded(others, member, LIMITS.verifiedMembers) : others,
  });
}

/** Forgets the marks of removed members. Call it once no other branch can exist, on which they may be members. */
export function forgetRemovedIdentities(tx: ActiveTransaction): void {
  const { group, identities } = tx.state;
  const verified = identities.verified.filter((member) => group.members.includes(member));
  if (verified.length < identities.verified.length) update(tx, "identities", { verified });
}

function notAMember(): DemlsError<"not-a-member"> {
  return new DemlsError("not-a-member", {
    message: "Only a member can be marked as verified.",
    field: "member",
    remedy: "Pass the id of one of state.members.",
  });
}
