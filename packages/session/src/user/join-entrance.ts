import { readRedemption, type Invitation, type JoinTarget, type NamedConversation } from "@demls/join";
import { invitationKeyOf } from "../model/invitations.js";
import type { Joining } from "../model/joining.js";
import type { Conversation } from "./conversation.js";
import type { Entered, JoinParts } from "./run-join.js";
import { unknownConversation } from "./user-errors.js";

/** Parts of the user that joins. */
export interface EntranceParts {
  /** An active conversation with its driver. */
  entered(name: string): Entered | undefined;
  /** Asks to join, by a name or by an invitation, whose secret is left as it is. The attempt announces the guest's key package. */
  readonly ask: (...given: Parameters<JoinParts["enter"]>) => Promise<Conversation>;
}

/**
 * Begins and gives up the joins of attempts. Those of one conversation take turns, so that an attempt finds no join that an
 * earlier one is about to give up. A join that several attempts share ends with the last of them.
 */
export function createJoinEntrance({ entered, ask }: EntranceParts): Pick<JoinParts, "enter" | "giveUp"> {
  /** Number of attempts that share each join. */
  const shares = new WeakMap<Entered["driver"], number>();
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

  async function goOn(...given: Parameters<JoinParts["enter"]>): Promise<Entered> {
    const [wanted] = given;
    const { name, groupId } = namedBy(wanted);
    const known = entered(name);
    const { state } = known?.driver ?? {};
    const joining = state?.phase === "pending-join" ? state.joining : undefined;
    const found = joining === undefined ? known?.conversation.state.groupId : joining.groupId;
    const isSame = found === groupId || (groupId === undefined && "name" in wanted);
    if (known !== undefined && state?.phase !== "ended" && isSame) {
      const isKept = "name" in wanted || groupId === undefined || joining === undefined;
      if (isKept || redeems(joining, wanted.invitation)) return known;
      // It waits for the confirmation of another inviter, or of none.
      await endJoin(known, false);
    }
    // It asks any group of the name, and this one names its group.
    const isAny = joining !== undefined && joining.groupId === undefined && groupId !== undefined;
    if (known !== undefined && isAny) await endJoin(known, false);
    await ask(...given);
    const begun = entered(name);
    if (begun === undefined) throw unknownConversation(name);
    return begun;
  }

  /** Counts the attempts that share a join. @returns whether some do. */
  function share({ driver }: Entered, by: 1 | -1): boolean {
    const left = (shares.get(driver) ?? 0) + by;
    shares.set(driver, left);
    return left > 0;
  }

  async function giveUpNow(begun: Entered, isCancelled: boolean): Promise<void> {
    if (!share(begun, -1)) await endJoin(begun, isCancelled);
  }

  async function endJoin({ driver }: Entered, isCancelled: boolean): Promise<void> {
    if (driver.state.phase !== "pending-join") return;
    // It may have ended meanwhile.
    await driver
      .submit({ kind: "command", command: { kind: "giveUpJoin", isCancelled } })
      .catch(() => undefined);
  }

  return {
    enter: (...given) =>
      inTurn(namedBy(given[0]).name, async () => {
        const begun = await goOn(...given);
        share(begun, 1);
        return begun;
      }),
    giveUp: (begun, isCancelled) => inTurn(begun.conversation.name, () => giveUpNow(begun, isCancelled)),
  };
}

/** The conversation that a joiner wants to enter. */
export function namedBy(wanted: JoinTarget): NamedConversation {
  if ("name" in wanted) return wanted;
  const { conversationName: name, groupId } = wanted.invitation;
  return { name, groupId };
}

/** Whether a pending join redeems this invitation. */
function redeems({ redemption, keyPackage }: Joining, invitation: Invitation): boolean {
  const read = redemption && keyPackage && readRedemption(redemption, keyPackage);
  return read?.ok === true && invitationKeyOf(read.invitation) === invitationKeyOf(invitation);
}
