import type { SeededRandom } from "@demls/testkit";
import { encodeAppMessage } from "@demls/wire";
import {
  APP_MSG_SUBTOPIC,
  bytesToHex,
  hexToBytes,
  REPAIR_SUBTOPIC,
  WELCOME_SUBTOPIC,
} from "@demls/wire/core";
import { GARDEN } from "../../world/person.js";
import type { World } from "../../world/world.js";
import { castVote, everyone, publish, publishRepair, say, sides, type Mischief } from "./mischief.js";

/** Packets of one flood. */
const FLOOD = { min: 30, max: 150 };
const FLOOD_MS = 5_000;

/** Acts that nothing provokes, by name. */
export const ACTS: Readonly<Record<string, (mischief: Mischief) => Promise<void>>> = {
  /** Reports of packets that do not exist. */
  async heights({ person, random, world }) {
    const roster = person.puppet?.group?.roster ?? [];
    for (let i = random.integer(1, 5); i > 0; i--)
      await publishRepair(person, {
        kind: "progress",
        next: roster.map(() => random.integer(0, random.pick([5, 50, 900, 100_000]))),
        missing: roster.map((_, position) => ({ position, from: random.integer(0, 9), count: 3 })),
        candidates: [random.bytes(8), random.bytes(8)],
        chosen: [{ commit: random.bytes(8), choosers: Uint8Array.of(2 ** Math.min(8, roster.length) - 1) }],
        voids: [{ position: 0, from: random.integer(0, 20), count: 5 }],
        asks: random.integer(0, 1) === 1,
        nonce: random.bytes(8),
        timestamp: BigInt(Math.floor(world.clock.wallMs() / 1_000)),
      });
  },
  /** Packets of others, old and new. */
  async replays({ world, person, random, kept }) {
    const packets = random.shuffle(kept).slice(0, 100);
    spread(world, random, packets.length, async (i) => {
      const packet = packets[i];
      if (packet !== undefined) await person.publish({ packet, to: everyone });
    });
  },
  /** Many packets of every kind. */
  async floods({ world, person, random, commits }) {
    const count = random.integer(FLOOD.min, FLOOD.max);
    spread(world, random, count, async (i) => {
      const own = random.fork(`flood ${i}`);
      const kind = own.integer(0, 4);
      if (kind === 0)
        return publish(
          person,
          own.pick([APP_MSG_SUBTOPIC, REPAIR_SUBTOPIC, WELCOME_SUBTOPIC]),
          own.bytes(200),
        );
      if (kind === 1)
        return say(person, {
          kind: "conversation_message",
          message: new TextEncoder().encode(`flood ${i} ${bytesToHex(own.bytes(8))}`),
          sender: "",
          conversationName: GARDEN,
        });
      const commit = own.pick([...commits.slice(-2), bytesToHex(own.bytes(32))]);
      if (kind === 2)
        return publishRepair(person, { kind: "choice", commitHash: hexToBytes(commit) ?? own.bytes(32) });
      return publishRepair(person, {
        ...{ kind: "progress", next: (person.puppet?.group?.roster ?? []).map(() => 0) },
        ...{ missing: [], candidates: [], chosen: [], voids: [], asks: true, nonce: own.bytes(8) },
        timestamp: BigInt(Math.floor(world.clock.wallMs() / 1_000)),
      });
    });
  },
  /** Votes on proposals that are decided, dated to their beginning, for some of the members. */
  async backdates({ person, random }) {
    for (const proposal of person.puppet?.proposals.slice(-4) ?? []) {
      const vote = { choice: random.integer(0, 1) === 1, seconds: random.integer(0, 5), random };
      await castVote(person, proposal, vote, sides(random));
    }
  },
  /** Commits that remove a member without a vote, and a choice of one. */
  async usurps({ person, random, commits }) {
    const others = (person.puppet?.group?.members ?? []).filter((member) => member !== person.id);
    if (others.length === 0) return;
    for (let i = random.integer(1, 6); i > 0; i--) {
      const own = await person.puppet?.commit([{ kind: "remove", member: random.pick(others) }]);
      if (own === undefined) return;
      commits.push(bytesToHex(own.hash));
      const candidate = {
        conversationName: hexToBytes(person.puppet?.group?.groupId ?? "") ?? new Uint8Array(0),
        mlsProposals: own.proposals,
        commitMessage: own.commit,
        stewardIdentity: person.signer.identity,
      };
      await publish(
        person,
        APP_MSG_SUBTOPIC,
        encodeAppMessage({ kind: "commit_candidate", candidate }),
        sides(random),
      );
      if (i === 1) await publishRepair(person, { kind: "choice", commitHash: own.hash });
    }
  },
};

function spread(
  world: World,
  random: SeededRandom,
  count: number,
  act: (i: number) => Promise<unknown>,
): void {
  for (let i = 0; i < count; i++)
    world.after(random.integer(0, FLOOD_MS), () => void act(i).catch(() => undefined));
}
