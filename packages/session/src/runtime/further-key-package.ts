import { redeemInvitation } from "@demls/join";
import type { BehaviorSubject } from "rxjs";
import { boundGroupOf } from "../model/group-id.js";
import type { Command } from "../model/input.js";
import { rosterEntryOf } from "../model/roster.js";
import { isActive, type ConversationState } from "../model/state.js";
import type { DriverContext } from "./driver-context.js";

/** Makes a further key package, which replaces the leaves with these names. @returns the command that announces it. */
export type MakeKeyPackage = (replaces: readonly Uint8Array[]) => Promise<Command>;

/**
 * Makes the further key packages of a conversation. A guest redeems its invitation for each, so that the inviter can
 * confirm the group of any of them.
 *
 * @param secret - secret form of the invitation; wiped as soon as no join is pending. It is never stored.
 */
export function furtherKeyPackages(
  context: Pick<DriverContext, "generateKeyPackage" | "random" | "plugins" | "self">,
  states: BehaviorSubject<ConversationState>,
  secret?: Uint8Array,
): MakeKeyPackage {
  const { generateKeyPackage, random } = context;
  let held = secret;
  const wipe = (): void => {
    held?.fill(0);
    held = undefined;
  };
  states.subscribe({ next: ({ phase }) => (phase === "pending-join" ? undefined : wipe()), complete: wipe });
  return async (replaces) => {
    const { value: state } = states;
    const claimedName = await nameIn(state, context);
    const keyPackage = await generateKeyPackage({ boundTo: boundGroupOf(state), replaces, claimedName });
    const redemption = held && redeemInvitation(held, keyPackage, random);
    return { kind: "announceKeyPackage", keyPackage, ...(redemption && { redemption }) };
  };
}

/** Name that this user claims in a conversation, if it is told: by its leaf, or by the key package that it has announced. */
async function nameIn(
  state: ConversationState,
  { plugins: { mls }, self }: Pick<DriverContext, "plugins" | "self">,
): Promise<string | undefined> {
  if (isActive(state)) return rosterEntryOf(state.group, self)?.claimedName;
  const announced = state.phase === "pending-join" ? state.joining.keyPackage : undefined;
  const found = announced && (await mls.inspectKeyPackage(announced));
  return found?.ok === true ? found.claimedName : undefined;
}
