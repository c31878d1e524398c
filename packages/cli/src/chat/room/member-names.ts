import { DemlsError, type ChatMessage, type MemberId } from "demls";
import { safeName } from "../terminal/safe-text.js";

/** Minimum number of hex digits of a short id. */
const SHORTEST = 4;

/** Maximum number of claimed names; the oldest claim is evicted. */
const MAX_CLAIMS = 1_024;

/** Short names of members, and the lookup of a member by name. */
export interface MemberNames {
  /** Records the name that a member claims. */
  claim(member: MemberId, name: string): void;
  /** Records the names that members claim, as in their messages; those without one keep theirs. */
  claimIn(claims: readonly Pick<ChatMessage, "sender" | "claimedName">[]): void;
  /** The claimed name and the shortest unique prefix of the id: `bob~3fa9`; the prefix alone without a claim. */
  nameOf(member: MemberId): string;
  /**
   * Finds a member, or a joiner, among `members` by its full name, its claimed name, or a prefix of its id with or without `0x`.
   *
   * @throws DemlsError `unknown-member`, `ambiguous-member`.
   */
  find(text: string, members: readonly MemberId[], kind?: "member" | "joiner"): MemberId;
}

/**
 * Creates the names of one conversation's members. Any member may claim any name, so that a name always includes a
 * prefix of the id.
 *
 * @param members the members whose short ids must differ.
 */
export function createMemberNames(members: () => readonly MemberId[]): MemberNames {
  const claims = new Map<MemberId, string>();

  function shortId(member: MemberId): string {
    const others = members().filter((other) => other !== member);
    let digits = SHORTEST;
    while (digits < member.length && others.some((other) => other.startsWith(member.slice(0, digits))))
      digits++;
    return member.slice(0, digits);
  }

  function nameOf(member: MemberId): string {
    const claimed = claims.get(member);
    return claimed === undefined ? shortId(member) : `${claimed}~${shortId(member)}`;
  }

  function claim(member: MemberId, text: string): void {
    const name = safeName(text);
    claims.delete(member);
    // A member without a display name claims its address, which adds nothing to the id.
    if (name === undefined || name.toLowerCase().startsWith(`0x${member.slice(0, 8)}`)) return;
    claims.set(member, name);
    const [oldest] = claims.keys();
    if (claims.size > MAX_CLAIMS && oldest !== undefined) claims.delete(oldest);
  }

  return {
    claim,

    claimIn(messages) {
      for (const { sender, claimedName } of messages)
        if (claimedName !== undefined) claim(sender, claimedName);
    },

    nameOf,

    find(text, among, kind = "member") {
      const wanted = text.toLowerCase();
      const id = wanted.replace(/^0x/, "");
      const isWhole = (member: MemberId): boolean => nameOf(member).toLowerCase() === wanted || member === id;
      const isCalled = (member: MemberId): boolean => claims.get(member)?.toLowerCase() === wanted;
      const begins = (member: MemberId): boolean => id !== "" && member.startsWith(id);
      const [whole] = among.filter(isWhole);
      const found =
        whole === undefined ? among.filter((member) => isCalled(member) || begins(member)) : [whole];
      const [first, second] = found;
      if (first === undefined) throw unknownMember(text, among.map(nameOf), kind);
      if (second !== undefined) throw ambiguousMember(text, found.map(nameOf));
      return first;
    },
  };
}

function unknownMember(
  text: string,
  names: readonly string[],
  kind: "member" | "joiner",
): DemlsError<"unknown-member"> {
  const remedy = names.length === 0 ? `There is no ${kind} now.` : `Type one of ${names.join(", ")}.`;
  return new DemlsError("unknown-member", {
    message: `There is no ${kind} ${JSON.stringify(text)}.`,
    field: "member",
    remedy,
  });
}

function ambiguousMember(text: string, names: readonly string[]): DemlsError<"ambiguous-member"> {
  return new DemlsError("ambiguous-member", {
    message: `${JSON.stringify(text)} matches ${names.join(" and ")}.`,
    field: "member",
    remedy: "Type more of the name.",
  });
}
