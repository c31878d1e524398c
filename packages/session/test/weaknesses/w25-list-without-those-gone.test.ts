import { memberIdToBytes, type MemberId } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import {
  alter,
  command,
  gatherInEachMode,
  joinUnsynced,
  type Member,
  MODES,
  receiveSync,
  settle,
  stewardsOf,
  syncOf,
} from "../harness/index.js";

const inMode = await gatherInEachMode(["alice", "bob", "carol", "dave"], {
  stewards: { snMin: 1, snMax: 4 },
});

const GHOST = "ab".repeat(20) as MemberId;

/** A list of four stewards and a former member; a joiner joins. */
async function withGhost(mode: (typeof MODES)[number]) {
  const { world, members } = await inMode(mode);
  const joiner = await joinUnsynced(world, "zed");
  const others = members.filter((member) => member !== joiner);
  for (const member of others) {
    const { stewards } = member.plugins;
    const epoch = member.state.group?.epoch ?? 0n;
    const pool = [...others.slice(0, 3).map(({ id }) => id), GHOST];
    const list = stewards.installList(member.state.stewards.list, epoch, pool, 4, 0).state;
    alter(member, "stewards", { list });
  }
  const committer = others.find(({ id }) => id === joiner.state.sync.admittedBy) as Member;
  return { world, joiner, committer };
}

/** The epoch stewards of this and the next epochs, up to the end of the list. */
function rotation({ plugins, state }: Member): readonly (MemberId | undefined)[] {
  const first = state.group?.epoch ?? 0n;
  const isMember = (id: MemberId): boolean => id !== GHOST;
  return [0n, 1n, 2n, 3n].map((later) =>
    plugins.stewards.epochSteward(state.stewards.list, first + later, isMember),
  );
}

describe("W25: a ConversationSync without the former stewards of its list", () => {
  describe.each(MODES)("in %s mode", (mode) => {
    test("gives a joiner another rotation, which ends earlier", async () => {
      const { world, joiner, committer } = await withGhost(mode);
      const present = stewardsOf(committer).filter((id) => id !== GHOST);
      const filtered = syncOf(committer, { stewardMembers: present.map(memberIdToBytes) });
      expect(await receiveSync(world, joiner, committer, filtered)).toMatchObject({ kind: "accepted" });
      expect(rotation(joiner)).not.toEqual(rotation(committer));
      expect(rotation(joiner).at(-1)).toBeUndefined();
      expect(rotation(committer).at(-1)).toBeDefined();
    });

    test("is not sent by this implementation: its joiners derive the same rotation", async () => {
      const { world, joiner, committer } = await withGhost(mode);
      await command(world, committer, { kind: "sendSync" });
      await settle(world);
      expect(stewardsOf(joiner)).toContain(GHOST);
      expect(rotation(joiner)).toEqual(rotation(committer));
    });
  });
});
