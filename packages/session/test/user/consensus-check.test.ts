import { createHashgraphConsensus, createStewardConsensus, type ConsensusPlugin } from "@demls/consensus";
import { expect, test } from "vitest";
import { type CompatibilityMode, createUserFrom } from "../../src/index.js";
import { expectMistake, openScene, type Scene } from "../harness/index.js";

async function withUser(
  consensus: ConsensusPlugin<unknown>,
  run: (user: Awaited<ReturnType<typeof createUserFrom>>, scene: Scene) => Promise<void>,
): Promise<void> {
  const { scene, alice } = await openScene("consensus check", "alice");
  const { options } = alice;
  const user = await createUserFrom({ ...options, plugins: { ...options.plugins, consensus } });
  await run(user, scene);
  await user.close();
}

const erased = (consensus: unknown): ConsensusPlugin<unknown> => consensus as ConsensusPlugin<unknown>;
const decide = ({ no }: { readonly no: number }): boolean => no === 0;

test.each<[string, CompatibilityMode, unknown]>([
  ["threshold", "strict", createHashgraphConsensus({ threshold: 1 })],
  ["threshold", "de-mls-3", createHashgraphConsensus({ threshold: 1 })],
  ["livenessCriteriaYes", "strict", createHashgraphConsensus({ livenessCriteriaYes: false })],
  ["decide", "de-mls-3", createHashgraphConsensus({ decide })],
  ["electorate", "de-mls-3", createStewardConsensus()],
])(
  "createConversation rejects the unsupported option %s in mode %s",
  async (field, compatibility, consensus) => {
    await withUser(erased(consensus), async (user, scene) => {
      const creating = user.createConversation("garden", { compatibility });
      await expectMistake(creating, "unsupported-consensus", field);
      expect(user.conversations.size).toBe(0);
      expect(scene.network.listeners("garden")).toBe(0);
    });
  },
);

test.each<[string, CompatibilityMode, unknown]>([
  ["a rule of its own", "strict", createHashgraphConsensus({ decide })],
  ["stewards that vote alone", "strict", createStewardConsensus()],
  ["more proposals", "de-mls-3", createHashgraphConsensus({ maxSessions: 20 })],
])("createConversation accepts %s in mode %s", async (_what, compatibility, consensus) => {
  await withUser(erased(consensus), async (user) => {
    await expect(user.createConversation("garden", { compatibility })).resolves.toBeDefined();
  });
});

test("A plug-in that checks no rule may be in any conversation", async () => {
  const { checkRules: _, ...unchecked } = createHashgraphConsensus({ threshold: 1 });
  await withUser(erased(unchecked), async (user) => {
    await expect(user.createConversation("garden")).resolves.toBeDefined();
  });
});

test("A joiner's plug-in is not checked: the mode is the group's and not known yet", async () => {
  await withUser(erased(createHashgraphConsensus({ threshold: 1 })), async (user) => {
    await expect(user.join({ name: "garden" }).conversation).resolves.toBeDefined();
  });
});
