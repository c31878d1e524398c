import {
  admitAll,
  createMemoryNetwork,
  createMlsService,
  createUser,
  type Conversation,
  type DecisionResult,
  type MemberId,
  type MlsService,
  type Packet,
  type User,
} from "../../packages/demls/dist/index.js";
import { createVirtualClock } from "../../packages/testkit/dist/index.js";
import { bytesToHex } from "../../packages/wire/dist/index.js";
import { randomOf, signerOf, type Name } from "./members.js";
import { BOB_ASKS, RECORDED_MS } from "./recorded-bob.js";

/** Time limit of a wait, in virtual time. */
const PATIENCE_MS = 900_000;

/** A packet on the network. */
export interface SentPacket {
  readonly from: string;
  /** Seconds since the Unix epoch. */
  readonly at: number;
  readonly packet: Packet;
  /** The plaintext, an encoded AppMessage. Absent for an unencrypted packet. */
  readonly sealed?: Uint8Array;
}

/** The packets of a run, and its results. */
export interface ScenarioRecord {
  readonly sent: readonly SentPacket[];
  /** SHA-256 of the chosen commits. */
  readonly chosen: ReadonlySet<string>;
  /** Results of the proposals, by their ids. */
  readonly decisions: ReadonlyMap<number, DecisionResult>;
  readonly members: readonly MemberId[];
  readonly epoch: bigint | undefined;
}

/**
 * Dora and emil add bob with his recorded key package, send messages, add fay, and remove emil. Time is virtual and
 * randomness is seeded, so that every run is equal.
 */
export async function runScenario(): Promise<ScenarioRecord> {
  const sent: SentPacket[] = [];
  const chosen = new Set<string>();
  const decisions = new Map<number, DecisionResult>();
  const sealed = new Map<string, Uint8Array>();
  const users: User[] = [];
  const clock = createVirtualClock({ wallMs: RECORDED_MS, settle });
  const network = createMemoryNetwork({
    onPacket(packet, from) {
      const plaintext = sealed.get(bytesToHex(packet.payload));
      const at = Math.floor(clock.wallMs() / 1_000);
      sent.push({ from, at, packet, ...(plaintext && { sealed: plaintext }) });
    },
  });

  /** Waits until all members are idle at this instant. */
  async function settle(): Promise<void> {
    for (let before = -1; before !== sent.length;) {
      before = sent.length;
      await turnOfEventLoop();
      for (const user of users)
        for (const conversation of user.conversations.values()) await conversation.admin.idle();
      await turnOfEventLoop();
    }
  }

  async function enter(name: Name): Promise<User> {
    const signer = signerOf(name);
    const random = randomOf(name);
    const mls = await createMlsService({
      identity: signer.identity,
      random: random.fork("mls"),
      wallMs: () => clock.wallMs(),
    });
    const transport = network.join({ name });
    const plugins = { admission: admitAll, mls: remembering(mls, sealed) };
    const user = await createUser({ signer, clock, random: random.fork("session"), transport, plugins });
    users.push(user);
    return user;
  }

  async function untilSettled(conversations: readonly Conversation[], size: number): Promise<void> {
    const isOver = () => conversations.every((conversation) => isSettled(conversation, size));
    if (!(await clock.advanceUntil(isOver, PATIENCE_MS)))
      throw new Error(`A group of ${size} did not become idle.`);
    await settle();
  }

  const { conversationId: name } = BOB_ASKS;
  const dora = await (await enter("dora")).createConversation(name, { compatibility: "de-mls-3" });
  dora.events$.subscribe((event) => {
    if (event.kind === "commitCandidateChosen") chosen.add(event.commitHash);
    if (event.kind === "proposalDecided") decisions.set(event.proposalId, event.result);
  });
  const emilHimself = await enter("emil");
  const emil = await emilHimself.join({ name }).conversation;
  await untilSettled([dora, emil], 2);

  await network.join({ name: "bob" }).publish(BOB_ASKS);
  await untilSettled([dora, emil], 3);
  await dora.send("Welcome, bob!");
  await emil.send("Good to have you here.");

  const fay = await (await enter("fay")).join({ name }).conversation;
  await untilSettled([dora, emil, fay], 4);
  await fay.send("Hello, and tell me: what is a steward?");

  dora.proposeRemove(emilHimself.id);
  await untilSettled([dora, fay], 3);
  await fay.send("That was quick.");
  await clock.advance(1_000);

  const { members, epoch } = dora.state;
  for (const user of users) await user.close();
  return { sent, chosen, decisions, members: members.map(({ id }) => id), epoch };
}

function isSettled({ state }: Conversation, size: number): boolean {
  const { members, phase, stewards, openVotes, approved } = state;
  const isIdle = phase === "working" && stewards !== undefined;
  return isIdle && members.length === size && openVotes.length === 0 && approved.length === 0;
}

/** Wraps the service to record each plaintext by its message in hex. */
function remembering(mls: MlsService, sealed: Map<string, Uint8Array>): MlsService {
  return {
    ...mls,
    async seal(group, plaintext) {
      const result = await mls.seal(group, plaintext);
      sealed.set(bytesToHex(result.message), plaintext);
      return result;
    },
  };
}

/** Waits one task, after all pending microtasks. */
function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
