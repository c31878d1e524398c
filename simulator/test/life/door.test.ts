import { issueInvitation, redeemInvitation } from "@demls/join";
import { createFakeSigner, createSeededRandom } from "@demls/testkit";
import { memberIdFromBytes } from "@demls/wire/core";
import type { ConversationEvent, MemberSnapshot } from "demls";
import { beforeEach, describe, expect, it } from "vitest";
import { watchDoor, type DoorRules, type DoorWatch } from "../../src/life/door.js";
import { createDoor, type Attempt, type Line } from "../../src/world/door.js";
import type { Person } from "../../src/world/person.js";
import type { World } from "../../src/world/world.js";

const RANDOM = createSeededRandom("door");
const GROUP = { conversationName: "garden", groupId: "11".repeat(16) };
const KEPT = { guestShare: 0, isHostile: false, hasGuests: true };

/** A person of a made-up life. */
interface Part extends Omit<Person, "puppet" | "conversation"> {
  puppet: Person["puppet"];
  conversation: { readonly state: object } | undefined;
}

let violations: string[];
let counts: Map<string, number>;
let world: World;
let alice: Part, bob: Part, guest: Part;
let line: Line;
let secret: Uint8Array;
let tell: (person: Part, event: object) => void;

function person(name: string, byte: number): Part {
  const identity = new Uint8Array(20).fill(byte);
  const diary = { epochs: new Set(["4 aa"]), memberSinceMs: 0 };
  const conversation = { state: { epoch: 4n, epochAuthenticator: "aa", members: [] } };
  const id = memberIdFromBytes(identity);
  return { name, id, signer: createFakeSigner(identity), diary, conversation, puppet: undefined } as never;
}

function watch(rules: Partial<DoorRules> = {}): DoorWatch {
  return watchDoor(world, { ...KEPT, ...rules });
}

/** A commit in which guests come in by the line, as a member sees it. */
function letIn(seer: Part, ...guests: readonly number[]): void {
  comeIn(seer, guests, true);
}

/** A commit in which guests with the line come in, by it or by the word of a member. */
function comeIn(seer: Part, guests: readonly number[], invited: boolean): void {
  const changes = guests.map((byte) => {
    const keyPackage = new Uint8Array(64).fill(byte);
    const redemption = redeemInvitation(secret, keyPackage, RANDOM);
    const member = memberIdFromBytes(new Uint8Array(20).fill(byte));
    return { proposalId: byte, request: { kind: "add", member, keyPackage, redemption } };
  });
  tell(seer, { kind: "commitApplied", epoch: 5n, committer: seer.id, changes, urgent: false });
  const arrivals = changes.map(({ request: { member } }) => ({
    member,
    letInBy: alice.id,
    invited,
    byHand: false,
  }));
  tell(seer, { kind: "membersChanged", members: [], added: [], removed: [], letIn: arrivals });
}

function attempt(changes: Partial<Attempt> = {}): void {
  const whole = { guest: guest as never, line, untilMs: 10_000, outcome: "in", endedMs: 9_000 };
  world.door.attempts.push({ ...whole, ...changes });
}

beforeEach(async () => {
  violations = [];
  counts = new Map();
  [alice, bob, guest] = [person("alice", 1), person("bob", 2), person("guest", 3)];
  const issued = await issueInvitation(
    { ...GROUP, uses: 2 },
    { signer: alice.signer, random: RANDOM, nowSeconds: 1_000n },
  );
  secret = issued.secret;
  line = { text: "", id: issued.invitation.id, inviter: alice as never, uses: 2 };
  const observers: ((who: Person, event: ConversationEvent) => void)[] = [];
  const door = createDoor();
  door.lines.push(line);
  const people = [alice, bob, guest];
  const onEvent = (observer: (typeof observers)[number]): void => void observers.push(observer);
  const after = (_ms: number, act: () => void): void => act();
  world = { door, people, counts, onEvent, after, violate: (text: string) => violations.push(text) } as never;
  tell = (who, event) => {
    for (const observer of observers) observer(who as never, event as never);
  };
});

describe("A line for two", () => {
  it("may let in two, in the eyes of each member, in any number of commits", () => {
    watch();
    for (const seer of [alice, bob]) {
      letIn(seer, 3);
      letIn(seer, 4);
      letIn(seer, 3);
    }
    expect(violations).toEqual([]);
  });

  it("lets in no third where a member vouches for its holder", () => {
    watch();
    letIn(alice, 3, 4);
    comeIn(alice, [5], false);
    expect(violations).toEqual([]);
  });

  it("lets in a third against the rules, unless members were parted", () => {
    watch();
    letIn(alice, 3, 4, 5);
    expect(violations).toEqual(["alice sees 3 come in by a line for 2"]);
    counts.set("provisional merges", 1);
    letIn(bob, 3, 4, 5);
    expect(violations).toHaveLength(1);
  });
});

describe("An attempt", () => {
  it("ends by its deadline, or with its process", () => {
    const door = watch();
    attempt();
    attempt({ outcome: "publish", endedMs: 11_000 });
    attempt({ outcome: "died", endedMs: 99_000 });
    door.settle();
    expect(violations).toEqual([]);
  });

  it("goes on after its deadline against the rules", () => {
    const door = watch();
    attempt({ outcome: "publish", endedMs: 11_001 });
    attempt({ outcome: "open", endedMs: undefined });
    door.settle();
    expect(violations).toEqual(
      ["publish", "open"].map((end) => `guest: its attempt is ${end} after its deadline`),
    );
  });
});

describe("A guest", () => {
  const enter = (epoch: bigint): void => {
    guest.conversation = { state: { epoch, epochAuthenticator: "aa", members: [] } };
    tell(guest, { kind: "joined", epoch, members: [] });
  };

  it("enters the group of its inviter, and no other", () => {
    const door = watch();
    attempt();
    enter(4n);
    door.settle();
    expect(violations).toEqual([]);
    enter(7n);
    door.settle();
    expect(violations).toEqual(["guest has entered a group that is not its inviter's"]);
  });

  it("is kept out by no life without hostile people and bounds", () => {
    guest = Object.assign(guest, { diary: { ...guest.diary, memberSinceMs: undefined } });
    const [door, bounded] = [watch(), watch({ guestShare: 3 })];
    attempt({ outcome: "publish" });
    bounded.settle();
    expect(violations).toEqual([]);
    door.settle();
    expect(violations).toEqual(["guest is kept out"]);
    letIn(alice, 3);
    door.settle();
    expect(violations).toHaveLength(1);
  });

  it("is not kept out by a line that another one has used twice", () => {
    guest = Object.assign(guest, { diary: { ...guest.diary, memberSinceMs: undefined } });
    const door = watch();
    attempt({ outcome: "out-of-time" });
    attempt({ guest: bob as never });
    letIn(alice, 2);
    door.settle();
    expect(violations).toEqual(["guest is kept out"]);
    letIn(alice, 2);
    door.settle();
    expect(violations).toHaveLength(1);
  });

  it("that has given up is in no group, if all have heard it", () => {
    const door = watch();
    alice.conversation = { state: { members: [{ id: guest.id }] } };
    world.door.gone.set(guest as never, false);
    door.settle();
    expect(violations).toEqual([]);
    world.door.gone.set(guest as never, true);
    door.settle();
    expect(violations).toEqual(["guest has given up, and is in the group"]);
  });
});

describe("The members", () => {
  it("remove no honest one", () => {
    watch();
    tell(bob, { kind: "leaving", reason: "left" });
    bob.puppet = {} as never;
    tell(bob, { kind: "leaving", reason: "removed" });
    expect(violations).toEqual([]);
    tell(alice, { kind: "leaving", reason: "removed" });
    expect(violations).toEqual(["alice is removed"]);
  });

  it("let no member bring in more than a third of them by default consent, nor by those that it has brought in", () => {
    watch({ guestShare: 3 });
    const came = (id: string, letInBy: string, byHand = false): Partial<MemberSnapshot> =>
      ({ id, arrival: { letInBy, byHand, probationUntilWallMs: 9 } }) as never;
    const settled = ["a", "b", "c"].map((id) => ({ id }));
    const see = (...newcomers: readonly Partial<MemberSnapshot>[]): void => {
      alice.conversation = { state: { epoch: 4n, members: [...settled, ...newcomers] } };
      letIn(alice);
    };
    see(came("d", "a"), came("e", "b"), came("f", "a", true));
    expect(violations).toEqual([]);
    see(came("d", "a"), came("e", "d"));
    expect(violations).toEqual(["alice: 2 guests of a, of 3 settled members"]);
  });
});
