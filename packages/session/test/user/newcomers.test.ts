import { afterEach, describe, expect, test } from "vitest";
import {
  admitInvited,
  type AdmissionPolicy,
  type Conversation,
  type ConversationConfig,
} from "../../src/index.js";
import { createScene, eventsOf, expectMistake, until, type Person, type Scene } from "../harness/index.js";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

let scene: Scene;

afterEach(() => scene.close());

interface Group {
  readonly people: readonly Person[];
  readonly conversations: readonly Conversation[];
}

/** A group of `size` members, of which none is on probation. The first has founded it. */
async function settledGroup(
  size: number,
  config: Partial<ConversationConfig> = {},
  admission: AdmissionPolicy = admitInvited,
): Promise<Group> {
  scene = createScene({ seed: `newcomers ${size}`, fakes: true });
  const people: Person[] = [];
  for (let index = 0; index < size; index += 1)
    people.push(await scene.enter(`member ${index}`, undefined, { admission }));
  const [founder] = people;
  if (founder === undefined) throw new Error("A group has a founder.");
  const settings = { probationMs: DAY_MS, guestShare: 3, ...config };
  const garden = await founder.user.createConversation("garden", { config: settings });
  const conversations = [garden];
  for (const { user } of people.slice(1)) {
    const { line } = await garden.createInvitation({ uses: 1 });
    conversations.push(await user.join(line).conversation);
  }
  await until(scene, () => conversations.every(({ state }) => state.members.length === size));
  // Clocks may differ by a quarter of an hour.
  await scene.clock.advance((config.probationMs ?? DAY_MS) + 20 * MINUTE_MS);
  return { people, conversations };
}

/** Guests that use one line at the same time. */
async function guests(
  count: number,
  line: string,
  from = 0,
  config: Partial<ConversationConfig> = {},
): Promise<readonly Conversation[]> {
  const entering = Array.from({ length: count }, (_, index) => scene.enter(`guest ${from + index}`));
  const entered = await Promise.all(entering);
  return Promise.all(entered.map(({ user }) => user.join(line, { config }).conversation));
}

const isIn = ({ state }: Conversation): boolean => state.phase !== "pending-join" && state.phase !== "ended";

const first = (conversations: readonly Conversation[]): Conversation => {
  const [conversation] = conversations;
  if (conversation === undefined) throw new Error("There is no conversation.");
  return conversation;
};

const NO_PROBATION = { probationMs: 0 };

describe("One line lets in as many as it says", () => {
  test.each([1, 2])("%i of six guests that use it at once", async (uses) => {
    const { conversations } = await settledGroup(3, NO_PROBATION);
    const { line } = await first(conversations).createInvitation({ uses });
    const joining = await guests(6, line);
    const underWay = ({ state }: Conversation): number => state.openVotes.length + state.approved.length;
    await until(scene, () => first(conversations).state.requests.length === 6 - uses);
    // The uses are reserved by the first votes, so that there is none on the others.
    expect(conversations.map(underWay)).toEqual(conversations.map(() => uses));
    await until(scene, () => joining.some(isIn) && first(conversations).state.requests.length > 0);
    for (const { state } of conversations)
      for (const { reason } of state.requests) expect(reason).toBe("invitation-used-up");
    await scene.clock.advance(10 * MINUTE_MS);
    expect(joining.filter(isIn)).toHaveLength(uses);
    for (const { state } of conversations) expect(state.members).toHaveLength(3 + uses);
  });

  test("and none once it is revoked, although the vote was approved", async () => {
    const { conversations } = await settledGroup(3, NO_PROBATION);
    const { line, invitation } = await first(conversations).createInvitation({ uses: 1 });
    const [guest] = await guests(1, line);
    await until(scene, () => conversations.every(({ state }) => state.approved.length === 1));
    await first(conversations).revokeInvitation(invitation.id);
    // The announcements of the guest go on, and the members are asked now.
    await until(scene, () => first(conversations).state.requests[0]?.reason === "invitation-revoked");
    await scene.clock.advance(10 * MINUTE_MS);
    for (const { state } of conversations) expect(state.members).toHaveLength(3);
    expect(guest && isIn(guest)).toBe(false);
  });

  test("and none once it is revoked while the vote is open", async () => {
    const { conversations, people } = await settledGroup(3, NO_PROBATION);
    const { line, invitation } = await first(conversations).createInvitation({ uses: 1 });
    const [guest] = await guests(1, line);
    await until(scene, () => conversations.every(({ state }) => state.openVotes.length === 1));
    await first(conversations).revokeInvitation(invitation.id);
    await until(scene, () => conversations.every(({ state }) => state.openVotes.length === 0));
    for (const { state } of conversations) expect(state.approved).toEqual([]);
    // The members' default votes are no, each by itself.
    for (const person of people) expect(eventsOf(person, "proposalDecided").at(-1)?.result).toBe("no");
    expect(guest && isIn(guest)).toBe(false);
  });
});

describe("One member brings in a third of the settled members a day", () => {
  test("with an unlimited line, whose other guests the members are asked about", async () => {
    const { conversations, people } = await settledGroup(6);
    const { line } = await first(conversations).createInvitation({ uses: 0 });
    const joining = await guests(7, line);
    // The guests give up after five minutes.
    await scene.clock.advance(4 * MINUTE_MS);
    expect(joining.filter(isIn)).toHaveLength(2);
    const { requests } = first(conversations.slice(1)).state;
    expect(requests.map(({ reason }) => reason)).toEqual(Array.from({ length: 5 }, () => "too-many-guests"));
    expect(requests[0]?.invitedBy).toBe(people[0]?.id);
  });

  test.each<[string, Partial<ConversationConfig>]>([
    ["bound", { guestShare: 0 }],
    ["probation", NO_PROBATION],
  ])("and any number if the group has no %s", async (_without, config) => {
    const { conversations } = await settledGroup(3, config);
    const { line } = await first(conversations).createInvitation({ uses: 0 });
    const joining = await guests(4, line);
    await until(scene, () => joining.every(isIn));
    expect(conversations.map(({ state }) => state.requests)).toEqual([[], [], []]);
  });

  test("however many lines it and its guests issue", async () => {
    const { conversations } = await settledGroup(6);
    const joining: Conversation[] = [];
    let hosts: readonly Conversation[] = [first(conversations)];
    for (let round = 0; round < 3; round += 1) {
      const lines = await Promise.all(hosts.map((host) => host.createInvitation({ uses: 0 })));
      const arrivals: Conversation[] = [];
      for (const { line } of lines)
        arrivals.push(...(await guests(2, line, joining.length + arrivals.length)));
      await scene.clock.advance(20 * MINUTE_MS);
      joining.push(...arrivals);
      hosts = arrivals.filter(isIn);
      if (hosts.length === 0) break;
    }
    expect(joining.filter(isIn)).toHaveLength(2);
  });

  test("at least one, and further ones the day after", async () => {
    const { conversations } = await settledGroup(2);
    const { line } = await first(conversations).createInvitation({ uses: 0 });
    const joining = await guests(2, line);
    await scene.clock.advance(10 * MINUTE_MS);
    expect(joining.filter(isIn)).toHaveLength(1);
    await scene.clock.advance(DAY_MS + 30 * MINUTE_MS);
    const later = await guests(1, line, 2);
    await scene.clock.advance(10 * MINUTE_MS);
    expect(later.filter(isIn)).toHaveLength(1);
  });

  test("and a further one by the votes by hand of more than half", async () => {
    const { conversations } = await settledGroup(3);
    const { line } = await first(conversations).createInvitation({ uses: 0 });
    const joining = await guests(2, line);
    await until(scene, () => first(conversations).state.requests.length === 1 && joining.some(isIn));
    const [alices, bobs] = conversations;
    const joiner = alices?.state.requests[0]?.joiner;
    if (alices === undefined || bobs === undefined || joiner === undefined) throw new Error("No request.");
    await alices.admit(joiner);
    await until(scene, () => bobs.state.openVotes.length === 1);
    const [vote] = bobs.state.openVotes;
    const votes = [bobs, ...joining.filter(isIn)];
    for (const conversation of votes) await conversation.vote(vote?.proposalId ?? 0, true);
    await until(scene, () => joining.every(isIn));
    const arrival = alices.state.members.find(({ id }) => id === joiner)?.arrival;
    expect(arrival).toMatchObject({ byHand: true, invited: false, letInBy: alices.state.self });
  });

  test("and a guest of a revoked line is asked about for that reason, also where it has brought in others", async () => {
    const { conversations } = await settledGroup(3);
    const { line } = await first(conversations).createInvitation();
    const [guest] = await guests(1, line);
    await until(scene, () => guest !== undefined && isIn(guest));
    const revoked = await first(conversations).createInvitation();
    await first(conversations).revokeInvitation(revoked.invitation.id);
    await guests(1, revoked.line, 1);
    await until(scene, () => conversations.every(({ state }) => state.requests.length === 1));
    for (const { state } of conversations) expect(state.requests[0]?.reason).toBe("invitation-revoked");
  });

  test("but the silence of absent members lets none in beyond it", async () => {
    const { conversations, people } = await settledGroup(5);
    const { line } = await first(conversations).createInvitation({ uses: 0 });
    await guests(1, line);
    await scene.clock.advance(10 * MINUTE_MS);
    // Two are away for good, and would agree by silence.
    for (const { user } of people.slice(3)) await user.close();
    const joining = await guests(3, line, 1);
    await scene.clock.advance(30 * MINUTE_MS);
    expect(joining.filter(isIn)).toHaveLength(0);
  });
});

describe("A newcomer", () => {
  test("of a founder that is alone is in at once, with the others that it invites", async () => {
    const { conversations } = await settledGroup(1);
    const { line } = await first(conversations).createInvitation({ uses: 5 });
    const joining = await guests(5, line);
    await until(scene, () => joining.every(isIn));
    const { members } = first(conversations).state;
    expect(members.filter(({ arrival }) => arrival?.probationUntilWallMs !== undefined)).toHaveLength(5);
  });

  test("proposes guests of the founder, in its turn, who count for the founder", async () => {
    const { conversations } = await settledGroup(1);
    const { line } = await first(conversations).createInvitation({ uses: 6 });
    for (let guest = 0; guest < 6; guest += 1) {
      // A guest that proposes another one votes before the founder does: that is no word for it.
      const [joining] = await guests(1, line, guest, { votingDelayMs: 1_000 });
      await until(scene, () => joining !== undefined && isIn(joining));
      await scene.clock.advance(30_000);
    }
    const sponsors = first(conversations).state.members.flatMap(({ arrival }) => arrival?.letInBy ?? []);
    expect(new Set(sponsors)).toEqual(new Set([first(conversations).state.self]));
  });

  test("removes no older member within a day, alone or with the other guests of one line", async () => {
    const { conversations, people } = await settledGroup(1);
    const { line } = await first(conversations).createInvitation({ uses: 5 });
    const joining = await guests(5, line);
    await until(scene, () => joining.every(isIn));
    await scene.settle();
    const founder = people[0]?.id;
    if (founder === undefined) throw new Error("No founder.");
    for (const guest of joining) await expectMistake(guest.proposeRemove(founder).accepted, "no-voters");
    const [guest] = joining;
    const creator = guest?.state.self ?? founder;
    const at = { epoch: guest?.state.epoch ?? 0n, payload: new Uint8Array() };
    const evidence = { violation: "brokenCommit", target: founder, creator, ...at } as const;
    const accusation = guest?.propose({ kind: "emergency", evidence });
    await until(scene, () => joining.every(({ state }) => state.openVotes.length === 1));
    const [open] = first(conversations).state.openVotes;
    for (const { vote } of joining)
      await expectMistake(vote(open?.proposalId ?? 0, true), "not-a-voter", "proposalId");
    expect(accusation).toBeDefined();
    await scene.clock.advance(60 * MINUTE_MS);
    expect(first(conversations).state.members).toHaveLength(6);
    expect(isIn(first(conversations))).toBe(true);
  });

  test("removes nobody by the silence of those that were there before", async () => {
    const { conversations } = await settledGroup(4);
    const { line } = await first(conversations).createInvitation({ uses: 1 });
    const [guest] = await guests(1, line);
    if (guest === undefined) throw new Error("No guest.");
    await until(scene, () => isIn(guest));
    await scene.settle();
    for (const { state } of conversations) {
      await guest.proposeRemove(state.self).accepted;
      await scene.clock.advance(10 * MINUTE_MS);
    }
    expect(conversations.every(isIn)).toBe(true);
    expect(first(conversations).state.members).toHaveLength(5);
  });

  test("is removed by the founder alone", async () => {
    const { conversations } = await settledGroup(1);
    const { line } = await first(conversations).createInvitation({ uses: 3 });
    const joining = await guests(3, line);
    await until(scene, () => joining.every(isIn));
    await scene.settle();
    const [unwanted] = joining;
    await first(conversations).proposeRemove(unwanted?.state.self ?? first(conversations).state.self)
      .accepted;
    await until(scene, () => unwanted !== undefined && !isIn(unwanted));
    expect(first(conversations).state.members).toHaveLength(3);
  });

  test("votes on everything after a day, and is no newcomer any more at any member", async () => {
    const { conversations } = await settledGroup(2);
    const { line } = await first(conversations).createInvitation();
    const [guest] = await guests(1, line);
    if (guest === undefined) throw new Error("No guest.");
    await until(scene, () => isIn(guest));
    await scene.clock.advance(DAY_MS + 20 * MINUTE_MS);
    for (const { state } of [...conversations, guest])
      expect(state.members.filter(({ arrival }) => arrival?.probationUntilWallMs !== undefined)).toEqual([]);
    const [, bobs] = conversations;
    const removal = guest.proposeRemove(bobs?.state.self ?? guest.state.self);
    await until(scene, () => first(conversations).state.openVotes.length === 1);
    await first(conversations).vote(first(conversations).state.openVotes[0]?.proposalId ?? 0, true);
    await until(scene, () => first(conversations).state.members.length === 2);
    await removal.committed;
  });

  test("votes on everything once more than half of the settled members have confirmed it", async () => {
    const { conversations } = await settledGroup(3);
    const { line } = await first(conversations).createInvitation({ uses: 0 });
    const [guest] = await guests(1, line);
    if (guest === undefined) throw new Error("No guest.");
    await until(scene, () => isIn(guest));
    await scene.settle();
    const [alices, bobs] = conversations;
    const { self } = guest.state;
    await expectMistake(guest.confirmMember(self), "on-probation");
    for (let times = 0; times < 2; times += 1) await alices?.confirmMember(self);
    if (alices === undefined || bobs === undefined) throw new Error("No members.");
    await expectMistake(bobs.confirmMember(alices.state.self), "not-a-newcomer", "member");
    await bobs?.confirmMember(self);
    await scene.settle();
    void bobs?.renewKeys();
    await until(scene, () =>
      [...conversations, guest].every(({ state }) =>
        state.members.every(({ arrival }) => arrival?.probationUntilWallMs === undefined),
      ),
    );
    const arrival = bobs?.state.members.find(({ id }) => id === self)?.arrival;
    expect(arrival?.confirmedBy).toHaveLength(2);
  });

  test("is confirmed by settled members alone", async () => {
    const { conversations } = await settledGroup(1);
    const { line } = await first(conversations).createInvitation({ uses: 3 });
    const joining = await guests(3, line);
    await until(scene, () => joining.every(isIn));
    await scene.settle();
    const [one, other] = joining;
    if (one === undefined || other === undefined) throw new Error("No guests.");
    await expectMistake(one.confirmMember(other.state.self), "on-probation");
  });

  test("leaves and comes back on the same day, as a newcomer", async () => {
    const { conversations } = await settledGroup(2);
    const { line } = await first(conversations).createInvitation({ uses: 2 });
    const guest = await scene.enter("guest");
    const before = await guest.user.join(line).conversation;
    await until(scene, () => isIn(before));
    await scene.settle();
    void before.leave();
    await until(scene, () => conversations.every(({ state }) => state.members.length === 2));
    const again = await guest.user.join(line).conversation;
    await until(scene, () => first(conversations).state.requests.length === 1 || isIn(again));
    // The one of this day has left, and counts.
    expect(first(conversations).state.requests.map(({ reason }) => reason)).toEqual(["too-many-guests"]);
    await first(conversations).admit(guest.id);
    const [, bobs] = conversations;
    await until(scene, () => bobs?.state.openVotes.length === 1);
    await bobs?.vote(bobs.state.openVotes[0]?.proposalId ?? 0, true);
    await until(scene, () => isIn(again));
    const { members } = first(conversations).state;
    expect(members.find(({ id }) => id === guest.id)?.arrival?.probationUntilWallMs).toBeDefined();
  });

  test("sees who let the others in, as all members do", async () => {
    const { conversations, people } = await settledGroup(3);
    const { line } = await first(conversations).createInvitation();
    const [guest] = await guests(1, line);
    if (guest === undefined) throw new Error("No guest.");
    await until(scene, () => isIn(guest));
    await scene.settle();
    const founder = people[0]?.id;
    for (const { state } of [...conversations, guest]) {
      const sponsors = state.members.map(({ id, arrival }) => [id === founder, arrival?.letInBy]);
      expect(sponsors.filter(([isFounder]) => isFounder === false).map(([, by]) => by)).toEqual(
        Array.from({ length: 3 }, () => founder),
      );
    }
  });
});
