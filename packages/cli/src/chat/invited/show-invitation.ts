import type { AgreedAddresses } from "./agreed-addresses.js";
import type { Invited } from "./invitation-argument.js";

/** Facts of an invitation that a guest sees before the chat dials: inviter, conversation and note. */
export function describeInvitation({ inviter, conversation, note }: Invited): readonly string[] {
  return [
    `0x${inviter} invites you to ${conversation}${note === "" ? "." : `: “${note}”`}`,
    "The line proves nothing: ask the person who sent you the line whether that is their address.",
  ];
}

/** Which of its addresses are dialled. */
export function describeDialled({ dialled, leftOut }: AgreedAddresses): readonly string[] {
  return [
    ...(dialled.length === 0 ? [] : [`The invitation has you dial ${dialled.join(", ")}.`]),
    ...(leftOut.length === 0
      ? []
      : [
          `Left out, since they are of this machine or its network: ${leftOut.join(", ")}. --dial-private dials them.`,
        ]),
  ];
}

/** Question about the addresses of this machine and its network. */
export function askAboutPrivate(addresses: readonly string[]): string {
  return `The invitation has you dial ${addresses.join(", ")}, of this machine or its network. Agree only if the inviter is there, too. Dial? [y/N] `;
}

/** The same for a program. */
export function invitationJson(
  { inviter, conversation, note }: Invited,
  { dialled, leftOut }: AgreedAddresses,
): string {
  return JSON.stringify({ type: "invited", conversation, inviter, note, dialled, leftOut });
}
