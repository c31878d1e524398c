import { createEthereumSigner, createHashgraphConsensus, ethereumVerifier } from "@demls/consensus";
import { createMlsService, type MlsService, type MlsServiceOptions, type OwnKeyPackage } from "@demls/mls";
import { DEFAULT_SCORING_CONFIG, defaultScoreDeltas, peerScoring } from "@demls/scoring";
import { deterministicStewardList, stewardListConfig } from "@demls/steward";
import { createFakeMlsService, createFakeSigner, createSeededRandom, fakeVoteVerifier } from "@demls/testkit";
import { memberIdFromBytes } from "@demls/wire/core";
import {
  compatibilityPolicy,
  conversationConfig,
  initialState,
  type ConversationPlugins,
} from "../../src/index.js";
import { command } from "./acts.js";
import { GARDEN, nowSeconds, take, type Member, type World } from "./world.js";

/** A member that waits to be let in; it has announced nothing yet. */
export async function enter(world: World, name: string): Promise<Member> {
  const random = createSeededRandom(`${world.options.seed ?? "garden"}/${name}`);
  const signer = world.options.fakes
    ? createFakeSigner(random.fork("vote key").bytes(20))
    : createEthereumSigner(random.fork("vote key").bytes(32));
  const mls = await createMls(world, {
    identity: signer.identity,
    random: random.fork("mls"),
    ...(world.options.keyPackageEncoding === undefined
      ? {}
      : { keyPackageEncoding: world.options.keyPackageEncoding }),
  });
  const id = memberIdFromBytes(signer.identity);
  const consensus = (world.options.consensus ??
    createHashgraphConsensus()) as ConversationPlugins["consensus"];
  const stewards = deterministicStewardList as ConversationPlugins["stewards"];
  const scoring = peerScoring as ConversationPlugins["scoring"];
  // The quiet after a commit has tests of its own; elsewhere it would only be waited for.
  const config = conversationConfig({ quietAfterCommitMs: 0, ...world.options.config });
  const bounds = stewardListConfig(world.options.stewards);
  const member: Member = {
    name,
    id,
    mls,
    signer,
    plugins: {
      mls,
      consensus,
      stewards,
      scoring,
      verifier: world.options.fakes ? fakeVoteVerifier : ethereumVerifier,
    },
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
    decisions: [],
    signsAtOnce: true,
    unsigned: [],
    online: true,
  };
  world.members.push(member);
  return member;
}

/** A member's MLS by the world's clock, a fake where the world has fakes. */
export async function createMls(
  world: World,
  options: Omit<MlsServiceOptions, "wallMs">,
): Promise<MlsService> {
  const whole = { ...options, wallMs: () => Number(nowSeconds(world)) * 1_000 };
  return world.options.fakes ? createFakeMlsService(whole) : createMlsService(whole);
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
    scores: scoring.addMember(member.state.scores, member.id),
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
