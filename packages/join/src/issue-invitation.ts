import type { ConsensusSigner } from "@demls/consensus";
import { memberIdFromBytes, type RandomSource } from "@demls/wire/core";
import { encodeForm, invitationOf, SEED_BYTES } from "./invitation-codec.js";
import { invalidTerms } from "./invitation-errors.js";
import { invitationKey } from "./invitation-key.js";
import { lineOf } from "./invitation-line.js";
import { invitationStatement } from "./invitation-statement.js";
import { invalidTerm, MAX_SIGNATURE_BYTES } from "./invitation-terms.js";
import type { HeldInvitation, InvitationTerms } from "./invitation.js";

/** Terms that the inviter chooses. */
export interface OfferedTerms extends Pick<InvitationTerms, "conversationName" | "groupId"> {
  /** As in {@link InvitationTerms}, later than now; 0: never. @defaultValue a week from now */
  readonly expiresAt?: number | undefined;
  /** As in {@link InvitationTerms}; 0: no limit. @defaultValue 1 */
  readonly uses?: number | undefined;
  /** As in {@link InvitationTerms}. @defaultValue none */
  readonly addresses?: readonly string[] | undefined;
  /** As in {@link InvitationTerms}. @defaultValue an empty note */
  readonly note?: string | undefined;
}

/** Options of {@link issueInvitation}. */
export interface IssueOptions {
  /** The inviter's signer; a wallet may ask its owner. */
  readonly signer: ConsensusSigner;
  readonly random: RandomSource;
  /** Wall clock, whole seconds since the Unix epoch. */
  readonly nowSeconds: bigint | number;
}

/** A new invitation. */
export interface IssuedInvitation extends HeldInvitation {
  /**
   * The invitation as one line of ASCII, for the joiner alone: its holder can redeem it. At most 300 characters if
   * name and note have at most 80 bytes together, without addresses, and signed by the default signer.
   */
  readonly line: string;
}

/** Time in seconds from the issue of an invitation to its expiry, unless its inviter decides otherwise. */
const LIFETIME_SECONDS = 7 * 86_400;

/** Remedies by term, and one for the signature. */
const RULES: Readonly<Record<keyof InvitationTerms | "signature", string>> = {
  conversationName: "Pass the conversation's name: 1 to 255 bytes of UTF-8.",
  groupId: "Pass the group id in lower-case hex, 32 digits, or undefined for a de-mls-3 conversation.",
  inviter: "Pass a signer whose identity has 1 to 64 bytes.",
  issuedAt: "Pass the time as nowSeconds: whole seconds since the Unix epoch, unsigned 32-bit.",
  expiresAt: "Pass whole seconds since the Unix epoch, later than now, unsigned 32-bit, or 0 for never.",
  uses: "Pass a whole number from 0 (no limit) to 65,535.",
  addresses: "Pass at most 4 addresses, each of 1 to 256 bytes of printable UTF-8.",
  note: "Pass at most 256 bytes of UTF-8, without line breaks and characters that cannot be seen.",
  signature: `Pass a signer whose signatures have 1 to ${MAX_SIGNATURE_BYTES} bytes.`,
};

/**
 * Issues an invitation, signed by the inviter: for one guest and a week, unless its terms say otherwise.
 *
 * @throws DemlsError `invalid-invitation-terms` if a term is out of range, or the signer's identity (`inviter`) or its
 * `signature` is too long; `field` names it. The signer's errors pass through.
 *
 * @example
 * ```ts
 * const { line } = await issueInvitation(
 *   { conversationName: "garden", groupId },
 *   { signer, random: platformRandom, nowSeconds: now },
 * );
 * ```
 */
export async function issueInvitation(
  offered: OfferedTerms,
  options: IssueOptions,
): Promise<IssuedInvitation> {
  const terms = termsOf(offered, options);
  const field = invalidTerm(terms);
  if (field !== undefined) throw invalidTerms(field, RULES[field]);
  const seed = options.random.bytes(SEED_BYTES);
  try {
    const key = invitationKey(seed);
    const signature = Uint8Array.from(await options.signer.sign(invitationStatement(terms, key)));
    if (signature.length === 0 || signature.length > MAX_SIGNATURE_BYTES)
      throw invalidTerms("signature", RULES.signature);
    const secret = encodeForm({ terms, seedOrKey: seed, signature });
    return { invitation: invitationOf(terms, key, signature), secret, line: lineOf(secret) };
  } finally {
    seed.fill(0);
  }
}

function termsOf(offered: OfferedTerms, { signer, nowSeconds }: IssueOptions): InvitationTerms {
  const issuedAt = Number(nowSeconds);
  const { conversationName, groupId, addresses = [], note = "" } = offered;
  const { expiresAt = issuedAt + LIFETIME_SECONDS, uses = 1 } = offered;
  const inviter = memberIdFromBytes(signer.identity);
  return { conversationName, groupId, inviter, issuedAt, expiresAt, uses, addresses: [...addresses], note };
}
