import { bytesToHex, utf8ToBytes } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import type { MlsChange, OwnCandidate } from "../../src/index.js";
import { groupOf, member, seededRandom, type GroupMember } from "../group-members.js";
import { freshTreeHash, treeHash } from "../tree-hash.js";

const OPERATIONS = 40;
const SMALLEST = 2;
const LARGEST = 6;

/** Seeded choices: the test name reproduces a failing run. */
function picker(seed: string): (below: number) => number {
  const random = seededRandom(seed);
  return (below) => {
    const [a = 0, b = 0] = random.bytes(2);
    return (a * 256 + b) % below;
  };
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error("Nothing there.");
  return item;
}

/** Group under random operations, with one value per member. */
class RandomGarden {
  private joined = 0;
  constructor(
    private readonly pick: (below: number) => number,
    private readonly seed: string,
    private present: GroupMember[],
  ) {}

  async step(): Promise<void> {
    const operation = this.pick(10);
    if (operation < 4) await this.chat();
    else if (operation < 6) await this.dropCandidate();
    else await this.commit();
  }

  /** All members open some messages of one sender, in random order. */
  private async chat(): Promise<void> {
    const sender = at(this.present, this.pick(this.present.length));
    const messages: Uint8Array[] = [];
    for (let i = 0; i <= this.pick(3); i++) {
      const sealed = await sender.mls.seal(sender.group, utf8ToBytes(`${i}`));
      sender.group = sealed.group;
      messages.push(sealed.message);
    }
    if (this.pick(2) === 0) messages.reverse();
    for (const reader of this.present) await this.readAll(reader, sender, messages);
  }

  private async readAll(
    reader: GroupMember,
    sender: GroupMember,
    messages: readonly Uint8Array[],
  ): Promise<void> {
    for (const message of messages) {
      const { group, outcome } = await reader.mls.open(reader.group, message);
      if (reader === sender) expect(outcome).toEqual({ kind: "ignored", reason: "own-message" });
      else expect(outcome).toMatchObject({ kind: "application", sender: sender.mls.identity });
      reader.group = group;
    }
  }

  /** Candidate that all others stage and then drop. */
  private async dropCandidate(): Promise<void> {
    await this.stageAll(await this.candidate(at(this.present, this.pick(this.present.length))));
  }

  /** One or two candidates that all members stage; the first one wins. */
  private async commit(): Promise<void> {
    const winner = at(this.present, this.pick(this.present.length));
    const others = this.present.filter((holder) => holder !== winner);
    const rival = this.pick(2) === 0 && others.length > 0 ? at(others, this.pick(others.length)) : undefined;
    const made = await this.candidate(winner);
    const staged = await this.stageAll(made);
    if (rival !== undefined) await this.stageAll(await this.candidate(rival));

    const staying: GroupMember[] = [];
    for (const holder of this.present) {
      const commit = holder === winner ? made.candidate : staged.get(holder);
      if (commit === undefined) throw new Error("Not staged.");
      if (commit.selfRemoved) continue;
      const old = holder.group;
      holder.group = holder.mls.merge(old, commit);
      holder.mls.wipe([old, ...(commit.next === undefined ? [] : [commit.next])], [holder.group]);
      staying.push(holder);
    }
    for (const { mls, keyPackage } of made.joiners) {
      const outcome = await mls.join(made.candidate.welcome ?? new Uint8Array(0), [keyPackage]);
      if (outcome.kind !== "joined") throw new Error(`${this.seed}: ${JSON.stringify(outcome)}`);
      mls.wipeKeyPackage(keyPackage);
      staying.push({ mls, group: outcome.group });
    }
    this.present = staying;
    await this.checkAgreement();
  }

  private async checkAgreement(): Promise<void> {
    const views = this.present.map(({ group }) => ({
      epoch: group.epoch,
      authenticator: bytesToHex(group.epochAuthenticator),
      members: group.members,
    }));
    for (const view of views) expect(view, this.seed).toEqual(views[0]);
    for (const { group } of this.present)
      expect(treeHash(group), this.seed).toEqual(await freshTreeHash(group));
    const identities = this.present.map(({ mls }) => mls.identity);
    expect([...(views[0]?.members ?? [])].sort()).toEqual(identities.sort());
  }

  private async stageAll(made: { readonly committer: GroupMember; readonly candidate: OwnCandidate }) {
    const staged = new Map<GroupMember, OwnCandidate | Parameters<GroupMember["mls"]["merge"]>[1]>();
    for (const holder of this.present) {
      if (holder === made.committer) continue;
      const { group, outcome } = await holder.mls.stage(
        holder.group,
        made.candidate.proposals,
        made.candidate.commit,
      );
      if (outcome.kind !== "staged") throw new Error(`${this.seed}: ${outcome.reason}`);
      holder.group = group;
      staged.set(holder, outcome.staged);
      expect(outcome.staged.actions).toEqual(made.candidate.actions);
    }
    return staged;
  }

  /** One to three changes that keep the group size within its bounds. */
  private async candidate(committer: GroupMember) {
    const removable = this.present.filter((holder) => holder !== committer);
    const most = Math.min(2, Math.max(0, this.present.length - SMALLEST));
    const removals = this.present.length === LARGEST ? 1 : this.pick(most + 1);
    const start = this.pick(removable.length + 1);
    const changes: MlsChange[] = [];
    for (let i = 0; i < Math.min(removals, removable.length); i++)
      changes.push({ kind: "remove", member: at(removable, (start + i) % removable.length).mls.identity });
    const room = LARGEST - this.present.length + changes.length;
    const additions = changes.length === 0 ? Math.max(1, this.pick(room + 1)) : this.pick(room + 1);
    const joiners = [];
    for (let i = 0; i < Math.min(additions, 2); i++) {
      const mls = await member(`${this.seed}/${this.joined++}`);
      const keyPackage = await mls.generateKeyPackage();
      joiners.push({ mls, keyPackage });
      changes.push({ kind: "add", keyPackage: keyPackage.bytes });
    }
    const { group, candidate } = await committer.mls.createCandidate(committer.group, changes);
    committer.group = group;
    return { committer, candidate, joiners };
  }
}

describe("members of a random group", () => {
  test.each(["oak", "elm", "yew", "ash", "fir"])("agree after every commit (%s)", async (seed) => {
    const random = new RandomGarden(picker(seed), seed, await groupOf(["alice", "bob", "carol"]));
    for (let i = 0; i < OPERATIONS; i++) await random.step();
  });
});
