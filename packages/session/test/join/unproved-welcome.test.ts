import { STRICT_MARKER } from "@demls/mls";
import { encodeWelcomeMessage } from "@demls/wire";
import { WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import {
  announce,
  createWorld,
  enter,
  GARDEN,
  receive,
  STRANGER,
  type Member,
  type World,
} from "../harness/index.js";

const NO_PROOF = { identityProof: new Uint8Array(0) };

/** A group that `founder` creates and to which it adds the joiner, and its welcome. */
async function welcomeBy(
  founder: Member,
  joiner: Uint8Array,
  {
    hasProof = false,
    others = [],
    requiredExtensions = [STRICT_MARKER],
    posesAs,
  }: {
    readonly hasProof?: boolean;
    readonly others?: readonly Uint8Array[];
    readonly requiredExtensions?: readonly number[];
    /** The group that a changed client checks key packages for. */
    readonly posesAs?: object;
  } = {},
): Promise<Packet> {
  const group = await founder.mls.createGroup(GARDEN, { requiredExtensions, ...(hasProof ? {} : NO_PROOF) });
  const changes = [joiner, ...others].map((keyPackage) => ({ kind: "add", keyPackage }) as const);
  const { candidate } = await founder.mls.createCandidate({ ...group, ...posesAs }, changes);
  const message = {
    kind: "invitation_to_join",
    mlsMessageOutBytes: candidate.welcome ?? new Uint8Array(0),
  } as const;
  return {
    ...STRANGER,
    payload: encodeWelcomeMessage(message),
    subtopic: WELCOME_SUBTOPIC,
    conversationId: GARDEN,
  };
}

/** A joiner that has announced a key package, and two strangers. */
async function scene(): Promise<{
  readonly world: World;
  readonly joiner: Member;
  readonly keyPackage: Uint8Array;
  readonly mallory: Member;
  readonly friend: Member;
}> {
  const world = createWorld({ mode: "strict", fakes: true });
  const [joiner, mallory, friend] = [
    await enter(world, "joiner"),
    await enter(world, "mallory"),
    await enter(world, "friend"),
  ];
  const { bytes: keyPackage } = await announce(world, joiner);
  return { world, joiner, keyPackage, mallory, friend };
}

const REJECTED = { kind: "rejected", reason: "invalid-welcome", detail: "unproved-identity" };

describe("A welcome into a strict group", () => {
  test("whose creator has not proved its identity is rejected, and one of a proved group still accepted", async () => {
    const { world, joiner, keyPackage, mallory, friend } = await scene();
    expect(await receive(world, joiner, await welcomeBy(mallory, keyPackage))).toEqual(REJECTED);
    expect(joiner.state.phase).toBe("pending-join");
    expect(joiner.keyPackages).toHaveLength(1);
    const genuine = await welcomeBy(friend, keyPackage, { hasProof: true });
    expect(await receive(world, joiner, genuine)).toMatchObject({ kind: "accepted" });
    expect(joiner.state.group?.members).toEqual([friend.id, joiner.id]);
  });

  test("is rejected if any other member has not", async () => {
    const { world, joiner, keyPackage, mallory, friend } = await scene();
    const others = [(await friend.mls.generateKeyPackage(NO_PROOF)).bytes];
    const welcome = await welcomeBy(mallory, keyPackage, { hasProof: true, others });
    expect(await receive(world, joiner, welcome)).toEqual(REJECTED);
  });

  // A stranger could pad a group of its own with members whom the joiner knows.
  test.each([
    ["another group of the name", { name: GARDEN, groupId: "00".repeat(16) }, "rejected"],
    ["this conversation", { name: GARDEN, groupId: undefined }, "accepted"],
  ])("with a member by a key package for %s", async (_for, boundTo, kind) => {
    const { world, joiner, keyPackage, mallory, friend } = await scene();
    const others = [(await friend.mls.generateKeyPackage({ boundTo })).bytes];
    const posesAs = boundTo.groupId === undefined ? {} : boundTo;
    const welcome = await welcomeBy(mallory, keyPackage, { hasProof: true, others, posesAs });
    const outcome = await receive(world, joiner, welcome);
    expect(outcome).toMatchObject(
      kind === "rejected" ? { kind, reason: "invalid-welcome", detail: "other-group" } : { kind },
    );
  });
});

test("A welcome into a de-mls-3 group needs no proofs", async () => {
  const { world, joiner, keyPackage, mallory } = await scene();
  const welcome = await welcomeBy(mallory, keyPackage, { requiredExtensions: [] });
  expect(await receive(world, joiner, welcome)).toMatchObject({ kind: "accepted" });
  expect(joiner.state.mode).toBe("de-mls-3");
});
