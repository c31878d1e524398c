import { redeemInvitation } from "@demls/join";
import type { BehaviorSubject } from "rxjs";
import { boundGroupOf } from "../model/group-id.js";
import type { Command } from "../model/input.js";
import type { ConversationState } from "../model/state.js";
import type { DriverContext } from "./driver-context.js";

/** Makes a further key package, which replaces the leaves with these names. @returns the command that announces it. */
export type MakeKeyPackage = (replaces: readonly Uint8Array[]) => Promise<Command>;

/**
 * Makes the further key packages of a conversation. A guest redeems its invitation for each, since it enters no group by one
 * that the inviter does not confirm.
 *
 * @param secret - secret form of the invitation; wiped as soon as no join is pending. It is never stored.
 */
export function furtherKeyPackages(
  { generateKeyPackage, random }: Pick<DriverContext, "generateKeyPackage" | "random">,
  states: BehaviorSubject<ConversationState>,
  secret?: Uint8Array,
): MakeKeyPackage {
  let held = secret;
  const wipe = (): void => {
    held?.fill(0);
    held = undefined;
  };
  states.subscribe({ next: ({ phase }) => (phase === "pending-join" ? undefined : wipe()), complete: wipe });
  return async (replaces) => {
    const keyPackage = await generateKeyPackage(boundGroupOf(states.value), replaces);
    const redemption = held && redeemInvitation(held, keyPackage, random);
    return { kind: "announceKeyPackage", keyPackage, ...(redemption && { redemption }) };
  };
}
