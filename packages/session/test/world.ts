import { createEthereumSigner, createHashgraphConsensus, ethereumVerifier } from "@demls/consensus";
import type { EthereumSigner } from "@demls/consensus";
import { createMlsService, type KeyPackageForm, type MlsService, type OwnKeyPackage } from "@demls/mls";
import { DEFAULT_SCORING_CONFIG, defaultScoreDeltas, peerScoring, type ScoringConfig } from "@demls/scoring";
import { deterministicStewardList, stewardListConfig, type StewardListConfig } from "@demls/steward";
import { createSeededRandom, type SeededRandom } from "@demls/testkit";
import { encodeAppMessage, type AppMessage, type ConversationUpdateRequest } from "@demls/wire";
import {
  APP_MSG_SUBTOPIC,
  bytesToHex,
  memberIdFromBytes,
  type MemberId,
  type Packet,
} from "@demls/wire/core";
import { vi } from "vitest";
import {
  compatibilityPolicy,
  conversationConfig,
  initialState,
  step,
  type Command,
  type CompatibilityMode,
  type ConversationConfig,
  type ConversationEvent,
  type ConversationPlugins,
  type ConversationState,
  type CreatorVote,
  type Effect,
  type Environment,
  type InboundOutcome,
  type Input,
  type StepResult,
} from "../src/index.js";
import { deepFreeze } from "./deep-freeze.js";

/** The conversation's name in every world. */
export const GARDEN = "garden";

/** The wall clock at a world's beginning: when vectors/08_mls.json was recorded, so its key packages are valid. */
export const START_SECONDS = 1_795_254_400n;

// ts-mls reads the platform's clock when a key package is proposed; all else here goes by the world's.
vi.useFakeTimers({ toFake: ["Date"], now: Number(START_SECONDS) * 1_000 });

/** The monotonic clock at a world's beginning. */
const START_MS = 10_000;

/** Steps that one instant may take before a world is taken to be going round in circles. */
const STEPS_AT_ONE_INSTANT = 2_000;

/** One member, with its state as the last step left it. */
export interface Member {
  readonly name: string;
  readonly id: MemberId;
  readonly mls: MlsService;
  readonly signer: EthereumSigner;
  readonly plugins: ConversationPlugins;
  readonly appId: Uint8Array;
  /** Ids and names that the member draws; {@link MlsService} draws from a fork of it. */
  readonly random: SeededRandom;
  state: ConversationState;
  wakeAtMs: number | undefined;
  keyPackages: readonly OwnKeyPackage[];
  /** Everything it ever emitted. */
  readonly events: ConversationEvent[];
  /** What became of every packet it was given. */
  readonly outcomes: InboundOutcome[];
  /** Whether its signer answers at once; otherwise requests gather in `unsigned`. */
  signsAtOnce: boolean;
  unsigned: Extract<Effect, { kind: "sign" }>[];
  /** Whether what it publishes reaches anyone; otherwise it stays in the outbox. */
  online: boolean;
}

/** A packet on its way to one member. */
export interface Letter {
  readonly from: Member;
  readonly to: Member;
  readonly packet: Packet;
}

export interface WorldOptions {
  readonly seed?: string;
  readonly mode?: CompatibilityMode;
  readonly config?: Partial<ConversationConfig>;
  readonly stewards?: Partial<StewardListConfig>;
  readonly scoring?: Partial<ScoringConfig>;
  /** The form in which key packages are generated. */
  readonly keyPackageForm?: KeyPackageForm;
}

/** Members, the packets between them, and their clocks, which move when told to. */
export interface World {
  readonly options: WorldOptions;
  readonly members: Member[];
  /** Packets on their way, oldest first. */
  inFlight: Letter[];
  /** Monotonic milliseconds. */
  nowMs: number;
  /** Which letters arrive; asked when a letter would be delivered. */
  arrives: (letter: Letter) => boolean;
  /** Delivers in random order where given, else oldest first. */
  shuffledBy: SeededRandom | undefined;
}

export function createWorld(options: WorldOptions = {}): World {
  return {
    options,
    members: [],
    inFlight: [],
    nowMs: START_MS,
    arrives: () => true,
    shuffledBy: undefined,
  };
}

export function nowSeconds(world: World): bigint {
  return START_SECONDS + BigInt(Math.floor((world.nowMs - START_MS) / 1_000));
}

/** What a member's next step may look at. */
export function environmentOf(world: World, member: Member): Environment {
  return {
    plugins: member.plugins,
    self: member.id,
    display: member.name,
    appId: member.appId,
    random: member.random,
    nowMs: world.nowMs,
    nowSeconds: nowSeconds(world),
    keyPackages: member.keyPackages,
  };
}

/** A member that waits to be let in; it has announced nothing yet. */
export async function enter(world: World, name: string): Promise<Member> {
  const random = createSeededRandom(`${world.options.seed ?? "garden"}/${name}`);
  const signer = createEthereumSigner(random.fork("vote key").bytes(32));
  const mls = await createMlsService({
    identity: signer.identity,
    random: random.fork("mls"),
    wallMs: () => Number(nowSeconds(world)) * 1_000,
    ...(world.options.keyPackageForm === undefined ? {} : { keyPackageForm: world.options.keyPackageForm }),
  });
  const id = memberIdFromBytes(signer.identity);
  const consensus = createHashgraphConsensus() as ConversationPlugins["consensus"];
  const stewards = deterministicStewardList as ConversationPlugins["stewards"];
  const scoring = peerScoring as ConversationPlugins["scoring"];
  const config = conversationConfig(world.options.config);
  const bounds = stewardListConfig(world.options.stewards);
  const member: Member = {
    name,
    id,
    mls,
    signer,
    plugins: { mls, consensus, stewards, scoring, verifier: ethereumVerifier },
    appId: random.fork("app id").bytes(16),
    random,
    state: initialState({
      name: GARDEN,
      mode: "de-mls-3",
      config,
      phase: "pending-join",
      phaseAnchorMs: world.nowMs,
      group: undefined,
      consensus: consensus.empty(),
      stewards: stewards.create(GARDEN, bounds, config.maxReelectionAttempts),
      scores: scoring.create({ ...DEFAULT_SCORING_CONFIG, ...world.options.scoring }, defaultScoreDeltas),
    }),
    wakeAtMs: undefined,
    keyPackages: [],
    events: [],
    outcomes: [],
    signsAtOnce: true,
    unsigned: [],
    online: true,
  };
  world.members.push(member);
  return member;
}

/** The member that the conversation begins with: alone, its only steward. */
export async function found(world: World, name: string): Promise<Member> {
  const mode = world.options.mode ?? "de-mls-3";
  const member = await enter(world, name);
  const { mls, stewards, scoring } = member.plugins;
  member.state = {
    ...member.state,
    mode,
    phase: "working",
    phaseAnchorMs: undefined,
    synced: true,
    group: await mls.createGroup(GARDEN, { strict: compatibilityPolicy(mode).marksGroup }),
    stewards: stewards.installList(member.state.stewards, 0n, [member.id], 1, 0).state,
    scores: scoring.addMember(member.state.scores, member.id).state,
  };
  await take(world, member, { kind: "tick" });
  return member;
}

/** A member that has announced a fresh key package. */
export async function knock(world: World, name: string): Promise<Member> {
  const member = await enter(world, name);
  await announce(world, member);
  return member;
}

/** Announces a fresh key package of a member. */
export async function announce(world: World, member: Member): Promise<OwnKeyPackage> {
  const keyPackage = await member.mls.generateKeyPackage();
  member.keyPackages = [...member.keyPackages, keyPackage];
  await command(world, member, { kind: "announce-key-package", keyPackage: keyPackage.bytes });
  return keyPackage;
}

/** Begins anew as a pending joiner, under the same keys. */
export async function knockAgain(world: World, member: Member): Promise<void> {
  const fresh = await enter(world, member.name);
  world.members.pop();
  member.state = fresh.state;
  await announce(world, member);
}

/** A conversation of these members that has settled: all joined, stewards elected, nothing on its way. */
export async function garden(
  names: readonly string[],
  options: WorldOptions = {},
): Promise<{ readonly world: World; readonly members: Member[] }> {
  const world = createWorld(options);
  const [founder, ...others] = names;
  if (founder === undefined) throw new Error("Somebody must be there.");
  await found(world, founder);
  for (const name of others) await knock(world, name);
  await runUntil(world, () => isSettled(world, names.length));
  return { world, members: world.members };
}

function isSettled({ members, inFlight }: World, size: number): boolean {
  return (
    inFlight.length === 0 &&
    members.every(({ state, plugins }) => {
      const { phase, group, approved, signatures, synced } = state;
      if (phase !== "working" || group?.members.length !== size || !synced) return false;
      const { consensus, stewards } = plugins;
      const voting = consensus.proposals(state.consensus).some((tally) => tally.state === "active");
      if (voting || approved.length > 0 || signatures.size > 0) return false;
      return size === 1 || !stewards.isExhausted(state.stewards, group.epoch);
    })
  );
}

/**
 * The same world once more, to go on from independently: states are values, so they are shared.
 * Members keep their keys; what they draw from here on depends on `seed`.
 */
export async function fork(
  world: World,
  seed = "fork",
): Promise<{ readonly world: World; readonly members: Member[] }> {
  const copy: World = { ...world, members: [], inFlight: [] };
  for (const member of world.members) {
    const random = member.random.fork(seed);
    const mls = await createMlsService({
      identity: member.signer.identity,
      random: random.fork("mls"),
      wallMs: () => Number(nowSeconds(copy)) * 1_000,
      signatureKeyPair: {
        privateKey: member.mls.signaturePrivateKey,
        publicKey: member.mls.signaturePublicKey,
      },
    });
    copy.members.push({
      ...member,
      mls,
      random,
      plugins: { ...member.plugins, mls },
      events: [],
      outcomes: [],
      unsigned: [],
    });
  }
  const twin = (member: Member): Member =>
    copy.members[world.members.indexOf(member)] ?? (undefined as never);
  copy.inFlight = world.inFlight.map((letter) => ({
    ...letter,
    from: twin(letter.from),
    to: twin(letter.to),
  }));
  return { world: copy, members: copy.members };
}

/**
 * Gives a member one input, carries out what its step decides, and returns that step: signatures are
 * answered at once, packets are on their way to everyone else.
 */
export async function take(world: World, member: Member, input: Input): Promise<StepResult> {
  const result = await step(deepFreeze(member.state), input, environmentOf(world, member));
  member.state = result.state;
  member.wakeAtMs = result.wakeAtMs;
  const unsigned: Extract<Effect, { kind: "sign" }>[] = [];
  for (const effect of result.effects) {
    if (effect.kind === "event") member.events.push(effect.event);
    else if (effect.kind === "inbound") member.outcomes.push(effect.outcome);
    else if (effect.kind === "sign") unsigned.push(effect);
    else if (effect.kind === "consume-key-package")
      member.keyPackages = member.keyPackages.filter(({ reference }) => reference !== effect.reference);
  }
  if (member.online) await publishAll(world, member);
  if (member.signsAtOnce) for (const request of unsigned) await sign(world, member, request);
  else member.unsigned.push(...unsigned);
  return result;
}

/** Answers a member's request for a signature. */
export async function sign(
  world: World,
  member: Member,
  { requestId, message }: Extract<Effect, { kind: "sign" }>,
): Promise<StepResult> {
  const signature = await member.signer.sign(message);
  return take(world, member, { kind: "signed", requestId, signature });
}

/** Puts what stands in a member's outbox on its way. */
export async function publishAll(world: World, member: Member): Promise<void> {
  for (;;) {
    const entry = member.state.outbox[0];
    if (entry === undefined) return;
    broadcast(world, member, entry.packet);
    await take(world, member, { kind: "published", sequence: entry.sequence });
  }
}

/** Sends a packet to everyone but its sender. */
export function broadcast(world: World, from: Member, packet: Packet): void {
  for (const to of world.members) if (to !== from) world.inFlight.push({ from, to, packet });
}

/** A packet of a member, whatever it holds. */
export function packetOf(from: Member, payload: Uint8Array, subtopic = APP_MSG_SUBTOPIC): Packet {
  return { payload, subtopic, conversationId: GARDEN, appId: from.appId };
}

/** Seals whatever a member likes to say, past every rule of its own session. */
export async function sealed(from: Member, message: AppMessage | Uint8Array): Promise<Packet> {
  const { group } = from.state;
  if (group === undefined) throw new Error(`${from.name} is in no group.`);
  const plaintext = message instanceof Uint8Array ? message : encodeAppMessage(message);
  const result = await from.mls.seal(group, plaintext);
  from.state = { ...from.state, group: result.group };
  return packetOf(from, result.message);
}

/** Seals and sends whatever a member likes to say. */
export async function say(world: World, from: Member, message: AppMessage | Uint8Array): Promise<void> {
  broadcast(world, from, await sealed(from, message));
}

/** Hands a packet to one member and says what became of it. */
export async function receive(world: World, to: Member, packet: Packet): Promise<InboundOutcome> {
  const { outcome } = await take(world, to, { kind: "packet", packet });
  if (outcome === undefined) throw new Error("A packet has no outcome.");
  return outcome;
}

export function command(world: World, member: Member, given: Command): Promise<StepResult> {
  return take(world, member, { kind: "command", command: given });
}

/** Proposes on a member's own wish, and returns the proposal's id. */
export async function propose(
  world: World,
  member: Member,
  request: ConversationUpdateRequest,
  creatorVote: CreatorVote = "yes",
): Promise<number> {
  const { proposalId } = await command(world, member, { kind: "propose", request, creatorVote });
  if (proposalId === undefined) throw new Error("Nothing was proposed.");
  return proposalId;
}

export function vote(world: World, member: Member, proposalId: number, choice: boolean): Promise<StepResult> {
  return command(world, member, { kind: "vote", proposalId, vote: choice });
}

/** Delivers what is on its way, and what that leads to, without letting time pass. */
export async function deliver(
  world: World,
  isWanted: (letter: Letter) => boolean = () => true,
): Promise<void> {
  for (let steps = 0; ; steps++) {
    if (steps > STEPS_AT_ONE_INSTANT) throw new Error("The letters do not end.");
    const wanted = world.inFlight.filter(isWanted);
    const letter = world.shuffledBy && wanted.length > 0 ? world.shuffledBy.pick(wanted) : wanted[0];
    if (letter === undefined) return;
    world.inFlight = world.inFlight.filter((other) => other !== letter);
    if (world.arrives(letter)) await receive(world, letter.to, letter.packet);
  }
}

/** Lets time pass: delivers everything, and wakes members when they asked for it. */
export async function run(world: World, forMs: number): Promise<void> {
  const endMs = world.nowMs + forMs;
  await runUntil(world, () => false, endMs);
}

/**
 * Lets time pass until something is so, looked at whenever everything on its way has been delivered.
 *
 * @param endMs where it ends at the latest; by default a quarter of an hour on, and then it is an error
 * that it has not come about.
 */
export async function runUntil(world: World, isSo: () => boolean, endMs?: number): Promise<void> {
  const limitMs = endMs ?? world.nowMs + 900_000;
  for (let wakes = 0; ; wakes++) {
    await deliver(world);
    if (isSo()) return;
    const dueMs = Math.min(...world.members.map(({ wakeAtMs }) => wakeAtMs ?? Infinity));
    if (dueMs > limitMs) break;
    if (wakes > STEPS_AT_ONE_INSTANT) throw new Error("A member wants to be woken again and again.");
    world.nowMs = Math.max(world.nowMs, dueMs);
    for (const member of world.members) {
      if ((member.wakeAtMs ?? Infinity) <= world.nowMs) await take(world, member, { kind: "tick" });
    }
  }
  world.nowMs = limitMs;
  if (endMs === undefined) throw new Error("It did not come about.");
}

/** The events of one step, in order. */
export function eventsOf({ effects }: StepResult): readonly ConversationEvent[] {
  return effects.flatMap((effect) => (effect.kind === "event" ? [effect.event] : []));
}

/** All events of one kind that a member has emitted. */
export function eventsOfKind<Kind extends ConversationEvent["kind"]>(
  { events }: Pick<Member, "events">,
  kind: Kind,
): Extract<ConversationEvent, { kind: Kind }>[] {
  return events.filter((event): event is Extract<ConversationEvent, { kind: Kind }> => event.kind === kind);
}

/** A member's view of who scores what. */
export function scoreOf(viewer: Member, of: Member): bigint | undefined {
  return viewer.plugins.scoring.scoreFor(viewer.state.scores, of.id);
}

/** The steward list as a member holds it. */
export function stewardsOf({ plugins, state }: Member): readonly MemberId[] {
  return plugins.stewards.currentList(state.stewards)?.members ?? [];
}

/** The member whose turn it is, all members being eligible. */
export function epochStewardOf(world: World, viewer: Member): Member {
  const { plugins, state } = viewer;
  const id = plugins.stewards.epochSteward(state.stewards, state.group?.epoch ?? 0n, () => true);
  const steward = world.members.find((member) => member.id === id);
  if (steward === undefined) throw new Error("There is no epoch steward.");
  return steward;
}

/** Whether these members share an epoch's keys. */
export function agree(members: readonly Member[]): boolean {
  const seen = new Set(members.map(({ state }) => state.group && bytesToHex(state.group.authenticator)));
  return seen.size === 1 && !seen.has(undefined);
}
