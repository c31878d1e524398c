import { DemlsError, type MemberId } from "demls";
import { safeName } from "../terminal/safe-text.js";

/** Hex digits of a short id, where no other member's begins alike. */
const SHORTEST = 4;

/** Names that members claimed; the one claimed longest ago gives way. */
const MAX_CLAIMS = 1_024;

/** How members are called, and who is meant by a name. */
export interface MemberNames {
  /** Notes that a member calls itself so. */
  claim(member: MemberId, name: string): void;
  /** The first digits of its id, as many as set it apart; after the name that it claims: `bob~3fa9`. */
  nameOf(member: MemberId): string;
  /**
   * The member that `text` means, among `members`: by its whole name, the name it claims, or the beginning of its
   * id, with or without `0x`.
   *
   * @throws DemlsError `unknown-member`, `ambiguous-member`.
   */
  find(text: string, members: readonly MemberId[]): MemberId;
}

/**
 * Names for the members of one conversation. Anyone may claim any name, so that it never stands without the id.
 *
 * @param members those whose ids must be told apart.
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

  return {
    claim(member, text) {
      const name = safeName(text);
      claims.delete(member);
      // Who gives none is named by its address; that says no more than the id.
      if (name === undefined || name.toLowerCase().startsWith(`0x${member.slice(0, 8)}`)) return;
      claims.set(member, name);
      const [oldest] = claims.keys();
      if (claims.size > MAX_CLAIMS && oldest !== undefined) claims.delete(oldest);
    },

    nameOf,

    find(text, among) {
      const wanted = text.toLowerCase();
      const id = wanted.replace(/^0x/, "");
      const isWhole = (member: MemberId): boolean => nameOf(member).toLowerCase() === wanted || member === id;
      const isCalled = (member: MemberId): boolean => claims.get(member)?.toLowerCase() === wanted;
      const begins = (member: MemberId): boolean => id !== "" && member.startsWith(id);
      const [whole] = among.filter(isWhole);
      const found =
        whole === undefined ? among.filter((member) => isCalled(member) || begins(member)) : [whole];
      const [first, second] = found;
      if (first === undefined) throw unknownMember(text, among.map(nameOf));
      if (second !== undefined) throw ambiguousMember(text, found.map(nameOf));
      return first;
    },
  };
}

function unknownMember(text: string, names: readonly string[]): DemlsError<"unknown-member"> {
  return new DemlsError("unknown-member", {
    message: `No member is called ${JSON.stringify(text)}.`,
    field: "member",
    remedy: `Members are ${names.join(", ")}.`,
  });
}

function ambiguousMember(text: string, names: readonly string[]): DemlsError<"ambiguous-member"> {
  return new DemlsError("ambiguous-member", {
    message: `${JSON.stringify(text)} may be ${names.join(" or ")}.`,
    field: "member",
    remedy: "Type more of the name.",
  });
}
