import { createSeededRandom, createVirtualClock, type VirtualClock } from "@demls/testkit";
import type { Packet } from "@demls/wire/core";
import type { ChatMessage, ConversationSnapshot } from "../../src/index.js";
import { commonView, isSettled, setPlatformDate } from "../harness/index.js";
import type { Cut } from "./cuts.js";
import { createMortalMember, type LayersOf, type MortalMember } from "./mortal-member.js";
import { createRedeliveringNetwork } from "./redelivering-network.js";

const WALL_MS = Date.UTC(2026, 0, 1);
/** Virtual time limit of each scene of the life, including crashes. */
const PATIENCE_MS = 600_000;

/** The scene in which the users are created. */
const BIRTH = "birth";

export const NAMES = ["alice", "bob", "carol"] as const;
export type Name = (typeof NAMES)[number];

/** Result of a life. */
export interface LifeReport {
  /** Number of writes of each member to its storage in each scene: of its last process, so for lives without crashes. */
  readonly writes: Readonly<Record<Name, ReadonlyMap<string, number>>>;
  readonly members: Readonly<Record<Name, MortalMember>>;
  /** Chat that each member has kept, newest first. */
  readonly kept: Readonly<Record<Name, readonly ChatMessage[]>>;
  /** All published packets. */
  readonly published: readonly Packet[];
  /** Texts whose `send` has resolved, with their senders. */
  readonly acknowledged: readonly { readonly text: string; readonly sender: Name }[];
}

/** One scene: a command, repeated after a crash, until its result is reached. */
interface Goal {
  readonly what: string;
  readonly actors: readonly Name[];
  act(actor: MortalMember): Promise<void>;
  isReached(): boolean;
}

/**
 * Scripted life of three members, one of which may crash, once in each scene: a conversation is created and joined, they
 * chat, one is banned, unbanned and joins again, one leaves, the others chat.
 */
export async function live(
  layersOf: LayersOf,
  mortal: Name = "alice",
  cuts: readonly Cut[] = [],
): Promise<LifeReport> {
  setPlatformDate(WALL_MS);
  const members = {} as Record<Name, MortalMember>;
  const clock = createVirtualClock({ settle, wallMs: WALL_MS });
  const network = createRedeliveringNetwork(clock);
  const random = createSeededRandom("crash");
  const deathIn = (scene: string): Cut | undefined => cuts.find((cut) => cut.scene === scene);
  for (const name of NAMES)
    members[name] = await createMortalMember(
      name,
      { clock, network, random: random.fork(name), layersOf },
      name === mortal ? deathIn(BIRTH) : undefined,
    );
  const writes = Object.fromEntries(
    NAMES.map((name) => [name, new Map([[BIRTH, members[name].storage.writes]])]),
  ) as Record<Name, Map<string, number>>;
  const acknowledged: { text: string; sender: Name }[] = [];
  for (const goal of script(members, acknowledged)) {
    const before = NAMES.map((name) => members[name].storage.writes);
    members[mortal].arm(deathIn(goal.what));
    await pursue(goal, members, clock);
    NAMES.forEach((name, i) => writes[name].set(goal.what, members[name].storage.writes - (before[i] ?? 0)));
  }
  const kept = {} as Record<Name, readonly ChatMessage[]>;
  for (const name of NAMES) kept[name] = await keptBy(members[name]);
  members[mortal].arm(undefined);
  for (const member of Object.values(members)) await member.close();
  const { published } = network;
  return { writes, members, kept, published, acknowledged };
}

async function keptBy({ user }: MortalMember): Promise<readonly ChatMessage[]> {
  const histories = (await user?.histories()) ?? [];
  return (await Promise.all(histories.map((history) => history.messages()))).flat();
}

function script(
  members: Readonly<Record<Name, MortalMember>>,
  acknowledged: { text: string; sender: Name }[],
): readonly Goal[] {
  const { alice, bob, carol } = members;
  const agreeing = (...who: readonly Name[]): boolean => agree(who.map((name) => members[name]));
  const join = async ({ user, garden }: MortalMember): Promise<void> => {
    if (garden === undefined) await user?.join({ name: "garden" }).conversation;
  };
  const chat = (round: string, ...who: readonly Name[]): Goal => ({
    what: `${round}: everyone is heard`,
    actors: who,
    async act({ name, garden }) {
      const text = `${round} from ${name}`;
      if (garden === undefined || acknowledged.some((sent) => sent.text === text)) return;
      await garden.send(text);
      acknowledged.push({ text, sender: name as Name });
    },
    isReached: () =>
      acknowledged.filter(({ text }) => text.startsWith(round)).length === who.length &&
      who.every((name) => hasHeard(members[name], round, who)) &&
      agreeing(...who),
  });
  return [
    {
      what: "alice creates",
      actors: ["alice"],
      async act({ user, garden }) {
        if (garden === undefined) await user?.createConversation("garden");
      },
      isReached: () => agreeing("alice"),
    },
    { what: "bob joins", actors: ["bob"], act: join, isReached: () => agreeing("alice", "bob") },
    { what: "carol joins", actors: ["carol"], act: join, isReached: () => agreeing("alice", "bob", "carol") },
    chat("spring", "alice", "bob", "carol"),
    {
      what: "alice bans carol",
      actors: ["alice"],
      async act({ garden }) {
        const open = [...(garden?.state.openVotes ?? []), ...(garden?.state.approved ?? [])];
        const isUnderWay = open.some(({ request }) => request.kind === "remove");
        if (garden?.state.members.some(({ id }) => id === carol.id) && !isUnderWay)
          await garden.proposeRemove(carol.id).accepted;
      },
      isReached: () => agreeing("alice", "bob") && isPublished(carol),
    },
    chat("summer", "alice", "bob"),
    {
      what: "alice lifts the ban of carol",
      actors: ["alice"],
      async act({ garden }) {
        if (!garden?.state.bans.some(({ member }) => member === carol.id)) return;
        await garden.unban(carol.id).catch(async () => {
          // Right after a start, which it has to catch up from.
          await garden.nextState(({ catchingUp }) => !catchingUp);
          await garden.unban(carol.id);
        });
      },
      isReached: () => [alice, bob].every(({ garden }) => garden?.state.bans.length === 0),
    },
    {
      what: "carol joins again",
      actors: ["carol"],
      act: join,
      isReached: () => agreeing("alice", "bob", "carol"),
    },
    chat("autumn", "alice", "bob", "carol"),
    {
      what: "bob leaves",
      actors: ["bob"],
      async act({ garden }) {
        await garden?.leave().accepted;
      },
      isReached: () => agreeing("alice", "carol") && isPublished(bob),
    },
    chat("winter", "alice", "carol"),
    { what: "all rest", actors: [], act: async () => undefined, isReached: () => alice.user !== undefined },
  ];
}

async function pursue(goal: Goal, members: Record<Name, MortalMember>, clock: VirtualClock): Promise<void> {
  for (const name of goal.actors) {
    const member = members[name];
    // A command may fail with its process and is then repeated.
    const act = (): void => void goal.act(member).catch(() => undefined);
    member.onReturn = act;
    act();
  }
  if (await clock.advanceUntil(() => goal.isReached(), PATIENCE_MS)) return;
  const views = Object.values(members).map(({ name, garden, deaths }) => ({
    name,
    deaths,
    ...outlineOf(garden?.state),
  }));
  throw new Error(`It did not come about: ${goal.what}. ${JSON.stringify(views, null, 1)}`);
}

function agree(members: readonly MortalMember[]): boolean {
  const ids = members.map(({ id }) => id).sort();
  // Called after every wake-up: the quick check first.
  if (!members.every(({ garden }) => isAtRest(garden?.state, ids))) return false;
  const outlines = members.map(({ garden }) => JSON.stringify(outlineOf(garden?.state)));
  return outlines.every((outline) => outline === outlines[0]);
}

function isAtRest(state: ConversationSnapshot | undefined, ids: readonly string[]): boolean {
  return (
    state !== undefined &&
    isSettled(state, ids.length) &&
    state.pendingOutbound === 0 &&
    JSON.stringify(state.members.map(({ id }) => id).sort()) === JSON.stringify(ids)
  );
}

function outlineOf(state: ConversationSnapshot | undefined): object | undefined {
  return (
    state && {
      ...commonView(state),
      phase: state.phase,
      standing: state.members.map(({ id, role, score }) => [id, role, String(score)]),
      retryRound: state.retryRound,
      openVotes: state.openVotes.map(({ proposalId, request }) => [proposalId, request.kind]),
    }
  );
}

function hasHeard({ name, diary }: MortalMember, round: string, senders: readonly Name[]): boolean {
  return senders.every(
    (sender) =>
      sender === name ||
      diary.some((event) => event.kind === "message" && event.text === `${round} from ${sender}`),
  );
}

function isPublished({ user, garden }: MortalMember): boolean {
  return user !== undefined && garden === undefined;
}

/** Resolves once all members are idle: nothing here works outside the thread, so one turn of the event loop is enough. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
