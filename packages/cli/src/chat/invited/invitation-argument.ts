import { parseInvitation } from "@demls/join";
import { ethereumVerifier, type MemberId } from "demls";

/** The parts of an invitation that a chat needs. */
export interface Invited {
  /** The line, which lets its holder in. */
  readonly line: string;
  readonly conversation: string;
  readonly inviter: MemberId;
  /** The inviter's message, perhaps empty. */
  readonly note: string;
  /** Multiaddrs of members. */
  readonly addresses: readonly string[];
}

/**
 * Reads the invitation among the arguments of a chat, where the name of a conversation may stand.
 *
 * @param nowSeconds wall clock, seconds since the Unix epoch.
 * @returns `undefined` if there is none.
 * @throws DemlsError `invitation-invalid`.
 */
export async function invitationIn(
  args: readonly string[],
  nowSeconds: number,
): Promise<Invited | undefined> {
  const line = args.find(isInvitation);
  if (line === undefined) return undefined;
  const { invitation, secret } = await parseInvitation(line, { verifier: ethereumVerifier, nowSeconds });
  secret.fill(0);
  const { conversationName: conversation, inviter, note, addresses } = invitation;
  return { line, conversation, inviter, note, addresses };
}

/** Whether an argument is meant as an invitation. */
export function isInvitation(argument: string): boolean {
  return /^demls:/i.test(argument);
}
