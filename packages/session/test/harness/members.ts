import { defaultScoreDeltas, defaultScoringConfig } from "@demls/scoring";
import { stewardListConfig } from "@demls/steward";
import { createSeededRandom } from "@demls/testkit";
import { identityStatement } from "@demls/consensus";
import type { MlsService } from "@demls/mls";
import { memberIdFromBytes } from "@demls/wire/core";
import { admitAll, conversationConfig } from "../../src/index.js";
import { compatibilityPolicy, createdConversation, pendingJoin } from "../../src/step/index.js";
import { createMemberLayers, type MemberLayers } from "./layers.js";
import type { TestState } from "./state.js";
import { unhurried } from "./unhurried.js";
import { announce, GARDEN, take, wallMs, type Member, type World } from "./world.js";

/** A pending member that has announced no key package. @param groupId - the only group that it joins. */
export async function enterWorld(world: World, name: string, groupId?: string): Promise<Member> {
  const { fakes = false, keyPackageEncoding } = world.options;
  const random = createSeededRandom(`${world.options.seed ?? "garden"}/${name}`);
  const layers = await createMemberLayers({
    fakes,
    voteKey: random.fork("vote key").bytes(fakes ? 20 : 32),
    random: random.fork("mls"),
    wallMs: () => wallMs(world),
    ...(keyPackageEncoding === undefined ? {} : { keyPackageEncoding }),
  });
  const { signer } = layers;
  const mls = provingMls(layers, name);
  const consensus = world.options.consensus ?? layers.plugins.consensus;
  const stewards = layers.plugins.stewards;
  const scoring = layers.plugins.scoring;
  // Without the quiet time after a commit, which has its own tests.
  const config = conversationConfig({
    ...{ quietAfterCommitMs: 0, probationMs: 0 },
    ...unhurried(world.options.config),
  });
  const bounds = stewardListConfig(world.options.stewards);
  const member: Member = {
    name,
    id: memberIdFromBytes(layers.identity),
    mls,
    signer,
    plugins: { mls, consensus, stewards, scoring, verifier: layers.plugins.verifier, admission: admitAll },
    identityProof: undefined,
    appId: random.fork("app id").bytes(16),
    random,
    state: pendingJoin(
      {
        name: GARDEN,
        config,
        stewards: stewards.create(GARDEN, bounds, config.maxReelectionAttempts),
        scores: scoring.create({ ...defaultScoringConfig, ...world.options.scoring }, defaultScoreDeltas),
      },
      world.nowMs,
      groupId,
    ) as TestState,
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

/** The proof of an MLS service's signature key by its member's identity. */
function proofOf({ mls, signer }: Pick<MemberLayers, "mls" | "signer">): Uint8Array {
  const { signaturePublicKey, signatureKeySince } = mls;
  return signer.sign(identityStatement(signer.identity, signaturePublicKey, signatureKeySince));
}

/** Renews the signature key of a member's new leaves, as a user does. The leaf gets it by the member's next commit. */
export async function renewSignatureKey(member: Member): Promise<void> {
  const layers = { mls: await member.mls.withNewSignatureKey(), signer: member.signer };
  member.mls = provingMls(layers, member.name);
  member.plugins = { ...member.plugins, mls: member.mls };
  member.identityProof = proofOf(layers);
}

/** The MLS service of a member, with its identity proof and name in each of its leaves, as a user adds them. */
export function provingMls(layers: Pick<MemberLayers, "mls" | "signer">, claimedName?: string): MlsService {
  const { mls } = layers;
  const own = { identityProof: proofOf(layers), claimedName };
  return {
    ...mls,
    generateKeyPackage: (options) => mls.generateKeyPackage({ ...own, ...options }),
    createGroup: (name, options) => mls.createGroup(name, { ...own, ...options }),
  };
}

/** The founder of a conversation: its only member and steward. */
export async function create(world: World, name: string): Promise<Member> {
  const mode = world.options.mode ?? "de-mls-3";
  const member = await enterWorld(world, name);
  const { mls, stewards, scoring, consensus } = member.plugins;
  const { requiredExtensions } = compatibilityPolicy(mode);
  const group = await mls.createGroup(GARDEN, { requiredExtensions });
  const settings = {
    ...member.state,
    stewards: stewards.installList(member.state.stewards.list, 0n, [member.id], 1, 0).state,
    scores: scoring.addMember(member.state.scores.values, member.id),
  };
  const seed = { mode, group, sessions: consensus.empty() };
  member.state = createdConversation(settings, seed);
  await take(world, member, { kind: "tick" });
  return member;
}

/** A pending member with an announced key package. */
export async function join(world: World, name: string, groupId?: string): Promise<Member> {
  const member = await enterWorld(world, name, groupId);
  await announce(world, member);
  return member;
}

/** Restarts a member as a pending joiner with the same keys. */
export async function rejoin(world: World, member: Member): Promise<void> {
  const fresh = await enterWorld(world, member.name);
  world.members.pop();
  member.state = fresh.state;
  await announce(world, member);
}
