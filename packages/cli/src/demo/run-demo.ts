import type { Clock, CompatibilityMode, Conversation } from "demls";
import { merge, Subscription } from "rxjs";
import { agree, isSettled, printClosingTable, printTally } from "./agreement.js";
import { createCast, type Actor, type Cast } from "./cast.js";
import type { DemoOptions } from "./options.js";
import { createTimeline, type Print, type Timeline } from "./timeline.js";

const CONVERSATION = "garden";
/** No member runs the Rust crate. */
const MODE: CompatibilityMode = "strict";
/** Time limit for one act. */
const ACT_LIMIT_MS = 12_000;

/** Error of an act that exceeded its time limit. */
class ActFailed extends Error {}

/**
 * Runs a conversation of several members in this process, with real cryptography and real clocks. The members exchange
 * bytes only.
 *
 * @param clock clock of all members; tests pass a virtual one.
 * @returns whether every act completed, and all members agree on epoch, members, stewards and keys.
 */
export async function runDemo(options: DemoOptions, print: Print, clock: Clock): Promise<boolean> {
  const cast = await createCast(options, clock);
  const timeline = createTimeline(cast, clock, print, options.verbose);
  const play = new Play(cast, timeline, clock);
  let finished = true;
  try {
    await play.perform();
  } catch (error) {
    if (!(error instanceof ActFailed)) throw error;
    finished = false;
    timeline.say(error.message);
  }
  const present = play.present;
  if (options.verbose) {
    printClosingTable(present, timeline.tally, cast.nameOf, print);
    printTally(timeline.tally, print);
    print("");
  }
  const agreed = present.length > 0 && agree(present);
  print(agreed ? `All ${present.length} members agree.` : "The members do not agree.");
  await cast.close();
  return finished && agreed;
}

/** The scenario, act by act. Each act ends when all present members agree and are idle. */
class Play {
  readonly #cast: Cast;
  readonly #timeline: Timeline;
  readonly #clock: Clock;
  #present: readonly Actor[] = [];

  constructor(cast: Cast, timeline: Timeline, clock: Clock) {
    this.#cast = cast;
    this.#timeline = timeline;
    this.#clock = clock;
  }

  get present(): readonly Actor[] {
    return this.#present;
  }

  async perform(): Promise<void> {
    const [founder, ...others] = this.#cast.actors;
    if (founder === undefined) return;
    this.#timeline.say(
      `${this.#cast.actors.length} people talk without a server; each has keys and a clock of its own.`,
    );
    await this.#found(founder);
    for (const joiner of others.slice(0, -2)) await this.#join([joiner]);
    await this.#join(others.slice(-2));
    this.#introduceStewards(founder);
    await this.#chat();
    await this.#ban();
    await this.#leave();
    await this.#chat();
    this.#introduceCommitters();
  }

  async #found(founder: Actor): Promise<void> {
    this.#timeline.say(`${called([founder])} founds the group.`);
    founder.conversation = await founder.user.createConversation(CONVERSATION, { compatibility: MODE });
    this.#timeline.follow(founder);
    this.#present = [founder];
  }

  async #join(joiners: readonly Actor[]): Promise<void> {
    const names = called(joiners);
    const asking = joiners.length > 1 ? "ask to join at the same time" : "asks to join";
    const rule = this.#present.length === 1 ? ", silence counts as yes" : "";
    this.#timeline.say(`${names} ${asking}; the members vote${rule}.`);
    for (const joiner of joiners) {
      joiner.conversation = await joiner.user.join({ name: CONVERSATION }).conversation;
      this.#timeline.follow(joiner);
    }
    this.#present = [...this.#present, ...joiners];
    await this.#settled(`The join of ${names}`);
    this.#timeline.say(`${names} ${joiners.length > 1 ? "are" : "is"} in: ${this.#size()}.`);
  }

  #introduceStewards(member: Actor): void {
    const stewards = conversationOf(member).state.stewards?.members ?? [];
    const names = called(this.#cast.actors.filter(({ user }) => stewards.includes(user.id)));
    this.#timeline.say(`The members have elected ${names} as stewards, who carry out the decisions.`);
  }

  #introduceCommitters(): void {
    const { commits } = this.#timeline.tally;
    const names = called(this.#cast.actors.filter(({ name }) => commits.has(name)));
    this.#timeline.say(`${names} carried out the decisions; every other member checked each of them.`);
  }

  async #chat(): Promise<void> {
    this.#timeline.say("Every member sends an encrypted message.");
    const before = this.#messagesRead();
    const expected = before + this.#present.length * (this.#present.length - 1);
    for (const { name, conversation } of this.#present) await conversation?.send(`${name} was here`);
    await this.#until(() => this.#messagesRead() >= expected, "The reading of all messages");
    const others = this.#present.length === 2 ? "message of the other" : "messages of the others";
    this.#timeline.say(`Every member has read the ${others}.`);
  }

  async #ban(): Promise<void> {
    const [banned, proposer, ...others] = this.#cast.random.shuffle(this.#present);
    if (banned === undefined || proposer === undefined) return;
    // The banned member has no vote. Of two voters, both must vote yes.
    const objector = others.length > 1 ? others[0] : undefined;
    const objection = objector === undefined ? "" : `, and ${called([objector])} votes no`;
    this.#timeline.say(`${called([proposer])} proposes to ban ${called([banned])}${objection}.`);
    const objecting = objector && this.#voteByHand(objector, false);
    const call = conversationOf(proposer).proposeRemove(banned.user.id);
    const proposalId = await call.accepted;
    await objecting?.(proposalId);
    this.#present = this.#present.filter((actor) => actor !== banned);
    await this.#settled(`The ban of ${called([banned])}`, banned);
    const votes = this.#timeline.tally.votes.get(proposalId) ?? [];
    const yes = votes.filter((vote) => vote).length;
    this.#timeline.say(`The vote ends with ${yes} yes and ${votes.length - yes} no.`);
    this.#timeline.say(`${called([banned])} is out and gets no further keys: ${this.#size()}.`);
  }

  async #leave(): Promise<void> {
    const [leaver] = this.#cast.random.shuffle(this.#present);
    if (leaver === undefined) return;
    this.#timeline.say(`${called([leaver])} asks to leave.`);
    conversationOf(leaver).leave();
    this.#present = this.#present.filter((actor) => actor !== leaver);
    await this.#settled(`The leave of ${called([leaver])}`, leaver);
    this.#timeline.say(`${called([leaver])} is out: ${this.#size()}.`);
  }

  /** Waits until `actor` is asked to vote, and votes. */
  #voteByHand(actor: Actor, vote: boolean): (proposalId: number) => Promise<void> {
    const conversation = conversationOf(actor);
    const requested = new Set<number>();
    const subscription = conversation.events$.subscribe((event) => {
      if (event.kind === "voteRequested") requested.add(event.proposalId);
    });
    return async (proposalId) => {
      await this.#until(() => requested.has(proposalId), "The request to vote");
      subscription.unsubscribe();
      await conversation.vote(proposalId, vote);
    };
  }

  #size(): string {
    return this.#present.length === 1 ? "1 member" : `${this.#present.length} members`;
  }

  #messagesRead(): number {
    return [...this.#timeline.tally.read.values()].reduce((sum, read) => sum + read, 0);
  }

  /** Waits until all present members agree and are idle, and `gone` has left. */
  async #settled(what: string, gone?: Actor): Promise<void> {
    const isOver = (): boolean =>
      (gone === undefined || gone.conversation?.state.phase === "ended") &&
      this.#present.every(
        ({ conversation }) => conversation?.state.members.length === this.#present.length,
      ) &&
      isSettled(this.#present) &&
      agree(this.#present);
    await this.#until(isOver, what, gone);
  }

  async #until(condition: () => boolean, what: string, gone?: Actor): Promise<void> {
    const watched = [...this.#present, ...(gone === undefined ? [] : [gone])];
    const changes = watched.flatMap(({ conversation }) =>
      conversation === undefined ? [] : [conversation.state$, conversation.events$],
    );
    const met = await new Promise<boolean>((resolve) => {
      const subscription = new Subscription();
      const end = (result: boolean): void => {
        cancel();
        subscription.unsubscribe();
        resolve(result);
      };
      const cancel = this.#clock.wakeAt(this.#clock.monotonicMs() + ACT_LIMIT_MS, () => end(false));
      const check = (): void => {
        if (condition()) end(true);
      };
      subscription.add(merge(...changes).subscribe(check));
    });
    if (!met) throw new ActFailed(`${what} did not complete within ${ACT_LIMIT_MS / 1_000} s.`);
  }
}

/** Capitalised names, as a list in a sentence: `Ada, Bela and Chen`. */
function called(actors: readonly Actor[]): string {
  const names = actors.map(({ name }) => name.charAt(0).toUpperCase() + name.slice(1));
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter((part) => part !== "").join(" and ");
}

function conversationOf({ name, conversation }: Actor): Conversation {
  if (conversation === undefined) throw new Error(`${name} is in no conversation.`);
  return conversation;
}
