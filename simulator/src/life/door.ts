import { readRedemption } from "@demls/join";
import type { CommittedChange, ConversationSnapshot, MemberId } from "demls";
import type { Line } from "../world/door.js";
import type { Person } from "../world/person.js";
import type { World } from "../world/world.js";

/** Time by which an attempt may end after its deadline. */
const LATE_MS = 1_000;

/** Checks of a life. */
export interface DoorRules {
  /** Bound on the guests of a member: one for so many settled members; 0: none. */
  readonly guestShare: number;
  readonly isHostile: boolean;
  /** Whether guests come by lines, and no honest person removes anyone. */
  readonly hasGuests: boolean;
}

/** Checks of the rules by which members let guests in: docs/protocol.md. */
export interface DoorWatch {
  /** Checks what can be told at the end of the life alone. */
  settle(): void;
}

/**
 * Checks at every commit that
 *
 * - a line lets in no more guests than it says, unless members merged with a minority;
 * - of those that one member has brought in by default consent, no more are on probation than a third of the settled
 *   members, and one at least;
 * - no honest member is removed, which no honest member has asked for;
 *
 * and at the end of the life that
 *
 * - every group that an honest guest has entered is that of its inviter;
 * - every attempt has ended by its deadline;
 * - of those that gave up for good while nothing was approved or lost, none is in the group;
 * - honest guests alone, without a bound of the group, are all in if their line was for so many.
 */
export function watchDoor(world: World, { guestShare, isHostile, hasGuests }: DoorRules): DoorWatch {
  const { door } = world;
  /** Lines that the additions of each honest member's last commit redeem, by the added member. */
  const redeemed = new Map<Person, ReadonlyMap<string, Line>>();
  /** Members that each honest one has seen come in, by the id of the line. One that comes in again uses it again. */
  const comers = new Map<Person, Map<string, readonly string[]>>();
  /** First epoch of each guest, with its authenticator. */
  const entries: { readonly guest: Person; readonly epoch: string }[] = [];

  const isHonest = ({ puppet }: Person): boolean => puppet === undefined;
  const isGuest = (person: Person): boolean => door.attempts.some(({ guest }) => guest === person);

  function noteAddition(person: Person, line: Line, member: string): void {
    const seen = comers.get(person) ?? new Map<string, readonly string[]>();
    comers.set(person, seen);
    const uses = [...(seen.get(line.id) ?? []), member];
    seen.set(line.id, uses);
    const members = new Set(uses).size;
    if (line.uses === 0 || members <= line.uses) return;
    // A member tells of a merge with a minority after the additions.
    world.after(1, () => {
      if ((world.counts.get("provisional merges") ?? 0) === 0)
        world.violate(`${person.name} sees ${members} come in by a line for ${line.uses}`);
    });
  }

  function noteCommit(person: Person, changes: readonly CommittedChange[]): void {
    const lines = changes.flatMap(({ request }) => {
      const line = request.kind === "add" ? lineOf(world, request) : undefined;
      return request.kind === "add" && line !== undefined ? [[request.member, line] as const] : [];
    });
    redeemed.set(person, new Map(lines));
  }

  world.onEvent((person, event) => {
    if (!isHonest(person)) return;
    const state = person.conversation?.state;
    if (event.kind === "joined" && isGuest(person))
      entries.push({ guest: person, epoch: `${state?.epoch} ${state?.epochAuthenticator}` });
    if (event.kind === "leaving" && event.reason === "removed" && hasGuests)
      world.violate(`${person.name} is removed`);
    if (event.kind === "membersChanged")
      for (const { member, invited } of event.letIn) {
        const line = redeemed.get(person)?.get(member);
        // A member may vouch for the holder of a line that is used up: the bound on its guests counts it.
        if (line !== undefined && invited) noteAddition(person, line, member);
      }
    if (event.kind !== "commitApplied") return;
    noteCommit(person, event.changes);
    if (guestShare > 0 && state !== undefined)
      for (const text of tooManyGuests(state, guestShare)) world.violate(`${person.name}: ${text}`);
  });

  /** Whether a guest of a line that is for all its guests is not in the group. */
  function isKeptOut(guest: Person): boolean {
    const { line } = door.attempts.find((attempt) => attempt.guest === guest) ?? {};
    if (line === undefined || isHostile || guestShare > 0 || door.gone.has(guest)) return false;
    const guests = new Set(door.attempts.filter((each) => each.line === line).map((each) => each.guest));
    const seen = [...comers.values()].map((lines) => lines.get(line.id) ?? []);
    // One that was let in and has left again has used the line up for itself, or once more and so for another.
    if (seen.some((members) => members.includes(guest.id))) return false;
    const again = Math.max(0, ...seen.map((members) => members.length - new Set(members).size));
    return (line.uses === 0 || guests.size + again <= line.uses) && guest.diary.memberSinceMs === undefined;
  }

  return {
    settle() {
      const first = world.people.filter((person) => isHonest(person) && !isGuest(person));
      for (const { guest, epoch } of entries)
        if (!first.some(({ diary }) => diary.epochs.has(epoch)))
          world.violate(`${guest.name} has entered a group that is not its inviter's`);
      for (const { guest, outcome, untilMs, endedMs = Infinity } of door.attempts)
        if (endedMs > untilMs + LATE_MS && outcome !== "died")
          world.violate(`${guest.name}: its attempt is ${outcome} after its deadline`);
      for (const guest of new Set(door.attempts.map((attempt) => attempt.guest)))
        if (isKeptOut(guest)) world.violate(`${guest.name} is kept out`);
      for (const [guest, isHeard] of door.gone)
        if (isHeard && first.some(({ conversation }) => conversation?.state.members.some(isOf(guest))))
          world.violate(`${guest.name} has given up, and is in the group`);
    },
  };
}

function isOf(person: Person): (member: { readonly id: string }) => boolean {
  return ({ id }) => id === person.id;
}

/** The line that an addition redeems. */
function lineOf(
  world: World,
  { redemption, keyPackage }: { readonly redemption?: Uint8Array; readonly keyPackage: Uint8Array },
): Line | undefined {
  const read = redemption && readRedemption(redemption, keyPackage);
  return read?.ok === true ? world.door.lines.find(({ id }) => id === read.invitation.id) : undefined;
}

/** Members that have more guests on probation than they may have, as text. */
function tooManyGuests({ members }: ConversationSnapshot, guestShare: number): readonly string[] {
  const newcomers = new Map(
    members.flatMap(({ id, arrival }) =>
      arrival?.probationUntilWallMs === undefined ? [] : [[id, arrival] as const],
    ),
  );
  const settled = members.filter(({ id }) => !newcomers.has(id));
  const bound = Math.max(1, Math.floor(settled.length / guestShare));
  const hosts = [...newcomers.values()].filter(({ byHand }) => !byHand).map(({ letInBy }) => hostOf(letInBy));

  function hostOf(sponsor: MemberId): MemberId {
    const own = newcomers.get(sponsor);
    return own === undefined || own.letInBy === sponsor ? sponsor : hostOf(own.letInBy);
  }

  // A founder that is alone may let in whom it likes.
  if (settled.length === 1) return [];
  return [...new Set(hosts)].flatMap((host) => {
    const guests = hosts.filter((each) => each === host).length;
    return guests > bound
      ? [`${guests} guests of ${host.slice(0, 8)}, of ${settled.length} settled members`]
      : [];
  });
}
