import { describe, expect, test } from "vitest";
import {
  create,
  createWorld,
  eventsOf,
  join,
  MODES,
  send,
  settle,
  until,
  type Member,
  type World,
} from "../harness/index.js";

/** Two members that have each created a conversation of one name. */
async function twins(
  mode: (typeof MODES)[number],
): Promise<{ readonly world: World; readonly alice: Member; readonly dora: Member }> {
  const world = createWorld({ fakes: true, mode });
  return { world, alice: await create(world, "alice"), dora: await create(world, "dora") };
}

/** In 3.0.0 the name of a conversation is its MLS group id. */
describe.each(MODES)("W51: two groups of one name (%s)", (mode) => {
  const isStrict = mode === "strict";

  test(isStrict ? "ignore each other's messages" : "take each other's messages for a split", async () => {
    const { world, alice, dora } = await twins(mode);
    await send(world, alice, "hello");
    await settle(world);
    expect(dora.outcomes.at(-1)).toMatchObject(
      isStrict ? { kind: "ignored", reason: "other-group" } : { kind: "rejected", reason: "not-decryptable" },
    );
    expect(eventsOf(dora, "diverged")).toHaveLength(isStrict ? 0 : 1);
  });

  test("add a joiner that knows the name alone to both, and it joins one", async () => {
    const { world, alice, dora } = await twins(mode);
    const joiner = await join(world, "joiner");
    await until(world, () => [alice, dora].every(({ state }) => state.group?.members.length === 2));
    await settle(world);
    expect(joiner.state.phase).toBe("working");
    expect(eventsOf(joiner, "ambiguousConversation")).toHaveLength(isStrict ? 1 : 0);
  });
});
