import {
  encodeWithdrawal,
  readRedemption,
  WITHDRAWAL_LABEL,
  type HeldInvitation,
  type Invitation,
} from "@demls/join";
import { JOIN_SUBTOPIC } from "@demls/wire/core";
import { invitationKeyOf } from "../model/invitations.js";
import type { Joining } from "../model/joining.js";
import { hexBytes } from "../repair/hex.js";
import type { DriverContext } from "../runtime/driver-context.js";
import type { Conversation } from "./conversation.js";
import type { ConversationOptions } from "./options.js";
import type { Entered, JoinParts } from "./run-join.js";
import { unknownConversation } from "./user-errors.js";

/** Parts of the user that joins. */
export interface EntranceParts {
  readonly context: Pick<DriverContext, "leafKey" | "self" | "transport" | "appId">;
  /** An active conversation with its driver. */
  entered(name: string): Entered | undefined;
  /** Requests to join by an invitation, whose secret is left as it is. */
  redeem(held: HeldInvitation, options: ConversationOptions): Promise<Conversation>;
}

/**
 * Begins and gives up the joins of attempts. Those of one conversation take turns, so that an attempt finds no join that an
 * earlier one is about to give up.
 */
export function createJoinEntrance({
  context,
  entered,
  redeem,
}: EntranceParts): Pick<JoinParts, "enter" | "giveUp"> {
  /** The last task of each conversation that has one. */
  const turns = new Map<string, Promise<unknown>>();

  function inTurn<T>(name: string, task: () => Promise<T>): Promise<T> {
    const result = (turns.get(name) ?? Promise.resolve()).then(task);
    const turn: Promise<unknown> = result
      .catch(() => undefined)
      .then(() => turns.get(name) === turn && turns.delete(name));
    turns.set(name, turn);
    return result;
  }

  async function goOn(held: HeldInvitation, options: ConversationOptions): Promise<Entered> {
    const { conversationName: name, groupId } = held.invitation;
    const known = entered(name);
    const { state } = known?.driver ?? {};
    const joining = state?.phase === "pending-join" ? state.joining : undefined;
    const wanted = joining === undefined ? known?.conversation.state.groupId : joining.groupId;
    if (known !== undefined && state?.phase !== "ended" && wanted === groupId) {
      if (joining === undefined || groupId === undefined || redeems(joining, held.invitation)) return known;
      // It waits for the word of another inviter, or of none.
      await giveUpNow(known, false);
    }
    await redeem(held, options);
    const begun = entered(name);
    if (begun === undefined) throw unknownConversation(name);
    return begun;
  }

  /** Tells the members not to add this user. Once: if it is lost, they add a member that reads nothing. */
  async function withdraw({ driver }: Entered): Promise<void> {
    const { state } = driver;
    if (state.phase !== "pending-join" || state.joining.keyPackage === undefined) return;
    const { leafKey, self, transport, appId } = context;
    const found = await leafKey.mls.inspectKeyPackage(state.joining.keyPackage);
    if (!found.ok) return;
    const reference = hexBytes(found.reference);
    const signature = await leafKey.mls.sign(undefined, WITHDRAWAL_LABEL, reference);
    const payload = encodeWithdrawal(self, reference, signature);
    await transport.publish({ payload, subtopic: JOIN_SUBTOPIC, conversationId: state.name, appId });
  }

  async function giveUpNow(begun: Entered, withdraws: boolean): Promise<void> {
    const { driver } = begun;
    if (driver.state.phase !== "pending-join") return;
    // Not awaited, since a transport may hang.
    if (withdraws) void withdraw(begun).catch(() => undefined);
    // It may have ended meanwhile.
    await driver.submit({ kind: "command", command: { kind: "giveUpJoin" } }).catch(() => undefined);
  }

  return {
    enter: (held, { options, isWanted }) =>
      inTurn(held.invitation.conversationName, async () => {
        const begun = await goOn(held, options);
        if (!isWanted()) await giveUpNow(begun, true);
        return begun;
      }),
    giveUp: (begun, withdraws) => inTurn(begun.conversation.name, () => giveUpNow(begun, withdraws)),
  };
}

/** Whether a pending join redeems this invitation. */
function redeems({ redemption, keyPackage }: Joining, invitation: Invitation): boolean {
  const read = redemption && keyPackage && readRedemption(redemption, keyPackage);
  return read?.ok === true && invitationKeyOf(read.invitation) === invitationKeyOf(invitation);
}
