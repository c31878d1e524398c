import { openConfirmation, readRedemption } from "@demls/join";
import type { JoinOutcome } from "@demls/mls";
import { bytesEqual, bytesToHex, DemlsError } from "@demls/wire/core";
import { accepted, ignored, rejected, type InboundOutcome } from "../model/inbound-outcome.js";
import type { ConfirmedWelcome, HeldWelcome, Joining } from "../model/joining.js";
import { LIMITS } from "../model/limits.js";
import { appendBounded } from "../model/persistent-collections.js";
import type { PendingJoin } from "../model/state.js";
import { update, type Transaction } from "../model/transaction.js";
import { CLOCK_TOLERANCE_SECONDS } from "../voting/deputies.js";
import { farewellAskMs } from "./farewell.js";
import { headOf } from "./readiness.js";

/** Time in ms after which a joiner asks for a confirmation or a welcome that it lacks; each further one after twice as long. */
const FIRST_ASK_MS = 2_000;
const LONGEST_ASK_MS = 60_000;
/** Number of times that a farewell asks. */
const FAREWELL_REQUESTS = 8;

/** Whether a joiner enters no group that is not confirmed: it redeems an invitation. */
export function awaitsConfirmation({ redemption }: Joining): boolean {
  return redemption !== undefined;
}

/**
 * Checks that a guest redeems its invitation for each key package: without that, any group could add it.
 *
 * @throws DemlsError `invalid-key-package`.
 */
export function requireRedemption(joining: Joining, redemption: Uint8Array | undefined): void {
  if (!awaitsConfirmation(joining) || redemption !== undefined) return;
  throw new DemlsError("invalid-key-package", {
    message: "This user joins by an invitation, which is not redeemed for this key package.",
    field: "keyPackage",
    remedy: "Call join() with the invitation again.",
  });
}

/** Whether a joiner has a welcome that is not confirmed, or a confirmation without its welcome. */
export function lacksHalf({ held, confirmed }: Joining): boolean {
  return held.length > 0 || confirmed !== undefined;
}

/** Monotonic time of the next announcement of such a joiner, by which it asks for the other half; undefined if it asks no more. */
export function nextAskMs({ env, state }: Transaction<PendingJoin>): number | undefined {
  const { asked } = state.joining;
  const atMs = env.nowMs + Math.min(LONGEST_ASK_MS, FIRST_ASK_MS * 2 ** Math.min(asked, 10));
  const leastMs = farewellAskMs(state);
  if (leastMs === undefined) return atMs;
  return asked < FAREWELL_REQUESTS ? Math.max(atMs, leastMs) : undefined;
}

/**
 * Holds a welcome until its group is confirmed. Key packages are announced in the clear, so anyone can answer one with a group
 * of the same name and id.
 *
 * @returns the confirmed group, if it is that of the welcome.
 */
export function holdWelcome(
  tx: Transaction<PendingJoin>,
  welcome: Uint8Array,
  { group, reference }: Extract<JoinOutcome, { kind: "joined" }>,
): ConfirmedWelcome | undefined {
  const { held, confirmed } = tx.state.joining;
  const own = { welcome, reference, epoch: group.epoch, head: bytesToHex(headOf(group)) };
  if (confirmed !== undefined) return isOf(confirmed, own) ? confirmed : undefined;
  if (held.some((each) => bytesEqual(each.welcome, welcome))) return undefined;
  if (held.length === 0) askSoon(tx);
  update(tx, "joining", { held: appendBounded(tx.state.joining.held, own, LIMITS.heldWelcomes) });
  return undefined;
}

/** Notes a confirmation for this joiner. @returns the held welcome that it confirms, if there is one. */
export async function takeConfirmation(
  tx: Transaction<PendingJoin>,
  bytes: Uint8Array,
): Promise<{ readonly outcome: InboundOutcome; readonly welcome?: Uint8Array }> {
  const { env, state } = tx;
  const { redemption, keyPackage } = state.joining;
  const read = redemption && keyPackage && readRedemption(redemption, keyPackage);
  if (read?.ok !== true) return { outcome: ignored("confirmation-not-needed") };
  const { inviter, groupId } = read.invitation;
  const opened = await openConfirmation(bytes, {
    ...{ inviter, groupId: groupId ?? "", nonce: read.nonce },
    ...{ nowSeconds: env.nowSeconds, toleranceSeconds: CLOCK_TOLERANCE_SECONDS },
    verifier: env.plugins.verifier,
    verify: (...signed) => env.plugins.mls.verify(...signed),
  });
  if (!opened.ok)
    return {
      outcome:
        opened.reason === "other-joiner"
          ? ignored("confirmation-not-needed")
          : rejected("invalid-confirmation", opened.reason),
    };
  const { epoch, head, keyPackageReference, by } = opened.confirmation;
  const reference = bytesToHex(keyPackageReference);
  const confirmed = { reference, epoch, head: bytesToHex(head), trust: opened.trust, inviter };
  const former = state.joining.confirmed;
  // The inviter's word counts more than a deputy's.
  if (former?.trust === "inviter" && opened.trust === "deputy")
    return { outcome: ignored("confirmation-not-needed") };
  if (former === undefined) askSoon(tx);
  update(tx, "joining", { confirmed });
  const found = state.joining.held.find((each) => isOf(confirmed, each));
  const taken = found && { welcome: found.welcome };
  return { outcome: accepted("confirmation", by.member), ...taken };
}

/** Asks for the half that is missing before long: the packet with it was lost, or those that confirm are away. */
function askSoon(tx: Transaction<PendingJoin>): void {
  update(tx, "joining", { asked: 0 });
  const { announceAtMs = Infinity } = tx.state.joining;
  const askAtMs = nextAskMs(tx);
  if (askAtMs !== undefined) update(tx, "joining", { announceAtMs: Math.min(announceAtMs, askAtMs) });
}

function isOf(confirmed: ConfirmedWelcome, held: Omit<HeldWelcome, "welcome">): boolean {
  return (
    confirmed.reference === held.reference && confirmed.epoch === held.epoch && confirmed.head === held.head
  );
}
