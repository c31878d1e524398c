import type { SeededRandom } from "@demls/testkit";
import { DemlsError } from "@demls/wire/core";
import type { JoinProgress } from "@demls/session";
import type { ChangeRequest, JoinAttempt } from "demls";
import type { Attempt, Line } from "../world/door.js";
import { isMember } from "../world/members.js";
import type { Person } from "../world/person.js";
import type { World } from "../world/world.js";

/** Attempts of a guest during the faults. */
const ATTEMPTS = 3;
const RETRY_MS = { min: 5_000, max: 60_000 };
/** Deadlines of these attempts: they end at any step of a join. */
const DEADLINES_MS = { min: 1_000, max: 300_000 };
/** Times after which a guest gives an attempt up. */
const ABORTS_MS = { min: 100, max: 60_000 };
/** Deadline of the last attempt, without faults: longer than the members remember a withdrawn request as refused. */
const LAST_DEADLINE_MS = 1_500_000;
/** A guest gives up its last attempt so long before its deadline: after a deadline it may be let in for an hour. */
const LAST_PATIENCE_MS = LAST_DEADLINE_MS - 1_000;
/** Time after which all members have heard that a guest gives up. */
const HEARD_MS = 2_000;
/** A guest gives up for good once in so many. */
const GONE = 6;

/** Honest guests, who join by lines. */
export interface Guests {
  /** Lets a member issue a line. */
  issue(inviter: Person, uses: number): Promise<Line | undefined>;
  /** A new guest joins by a line, in several attempts if need be; its wall clock is off by `skewMs`. */
  come(line: Line, random: SeededRandom, skewMs?: number): Promise<void>;
  /** The faults are over: those that still want to come in try once more, with time enough. */
  tryOnceMore(): void;
}

/** @param onProgress - called with what each guest is told. */
export function createGuests(
  world: World,
  onProgress: (guest: Person, progress: JoinProgress) => void = () => undefined,
): Guests {
  const { door } = world;
  /** Lines of those that want to come in. */
  const wanted = new Map<Person, Line>();
  let isOver = false;

  function settle(attempt: Attempt, outcome: string): void {
    if (attempt.endedMs !== undefined) return;
    attempt.outcome = outcome;
    attempt.endedMs = world.clock.monotonicMs();
    world.note(attempt.guest.name, () => `attempt: ${outcome}`);
    world.count(`guests ${outcome}`);
  }

  function follow(attempt: Attempt, begun: JoinAttempt, giving: AbortSignal): void {
    const { ready, conversation, progress$ } = begun;
    const fail = (error: unknown): void => {
      if (error instanceof DemlsError) settle(attempt, String(error.code));
      else if (giving.aborted) settle(attempt, "given up");
      else world.violate(`${attempt.guest.name}: its attempt rejects with ${String(error)}`);
    };
    void ready.then(() => settle(attempt, "in"), fail);
    conversation.catch(() => undefined);
    progress$.subscribe((progress) => onProgress(attempt.guest, progress));
  }

  /** @param ends - time after which the guest gives up; `undefined`: never. */
  function ask(guest: Person, deadlineMs: number, ends?: number): Attempt | undefined {
    const line = wanted.get(guest);
    if (line === undefined || !guest.isAwake) return undefined;
    const giving = new AbortController();
    const begun = guest.attempt(line.text, { deadlineMs, signal: giving.signal });
    if (begun === undefined) return undefined;
    const untilMs = world.clock.monotonicMs() + deadlineMs;
    const attempt: Attempt = { guest, line, untilMs, outcome: "open", endedMs: undefined };
    world.note(guest.name, () => `joins by ${line.id} of ${line.inviter.name} within ${deadlineMs} ms`);
    door.attempts.push(attempt);
    follow(attempt, begun, giving.signal);
    if (ends !== undefined) world.after(ends, () => giving.abort());
    return attempt;
  }

  function tryAgain(guest: Person, random: SeededRandom, number: number): void {
    if (isOver || number > ATTEMPTS || isIn(guest)) return;
    const own = random.fork(`attempt ${number}`);
    const deadlineMs = own.integer(DEADLINES_MS.min, DEADLINES_MS.max);
    const isCut = own.integer(0, 2) === 0;
    const endsMs = isCut ? own.integer(ABORTS_MS.min, ABORTS_MS.max) : undefined;
    const attempt = ask(guest, deadlineMs, endsMs);
    world.after(Math.min(deadlineMs, endsMs ?? deadlineMs) + 1, () => {
      if (attempt?.outcome === "given up" && own.integer(1, GONE) === 1) leave(guest);
      world.after(own.integer(RETRY_MS.min, RETRY_MS.max), () => tryAgain(guest, random, number + 1));
    });
  }

  function leave(guest: Person): void {
    wanted.delete(guest);
    door.gone.set(guest, false);
    world.note(guest.name, () => "gives up for good");
    world.after(HEARD_MS, () => door.gone.set(guest, isForgotten(guest)));
  }

  /** Whether no member adds a guest that has given up, or votes on it; where packets are lost, some may not have heard it. */
  function isForgotten({ id }: Person): boolean {
    const isCalm = !["lossy", "crashes", "inviters offline"].some((name) => world.counts.has(name));
    const isOf = ({ request }: { readonly request: ChangeRequest }): boolean =>
      request.kind === "add" && request.member === id;
    return (
      isCalm &&
      world.people.every(({ conversation, puppet }) => {
        const { members = [], approved = [], openVotes = [] } = conversation?.state ?? {};
        const isKnown = members.some((member) => member.id === id) || [...approved, ...openVotes].some(isOf);
        return puppet !== undefined || !isKnown;
      })
    );
  }

  // A member of a lost branch that the others are asked about: whoever knows it lets it in by hand.
  world.onEvent((person, event) => {
    if (event.kind !== "joinRequested" || person.puppet !== undefined) return;
    const comer = world.people.find(({ id }) => id === event.joiner);
    if (comer === undefined || !isIn(comer)) return;
    world.command(person, `lets ${comer.name} in`, async () => person.conversation?.admit(comer.id));
  });

  world.onDeath((person) => {
    for (const attempt of door.attempts) if (attempt.guest === person) settle(attempt, "died");
  });

  return {
    async issue(inviter, uses) {
      const issued = await inviter.conversation?.createInvitation({ uses }).catch(() => undefined);
      if (issued === undefined) return undefined;
      const line: Line = { text: issued.line, id: issued.invitation.id, inviter, uses };
      door.lines.push(line);
      world.note(inviter.name, () => `issues ${line.id} for ${uses}`);
      return line;
    },
    async come(line, random, skewMs = 0) {
      const guest = await world.enter();
      guest.wallSkewMs = skewMs;
      wanted.set(guest, line);
      tryAgain(guest, random, 1);
    },
    tryOnceMore() {
      isOver = true;
      for (const guest of wanted.keys()) {
        guest.wallSkewMs = 0;
        if (!isIn(guest)) lastTry(guest);
      }
    },
  };

  function lastTry(guest: Person): void {
    // Its process may start again only now, and an earlier attempt may go on.
    world.after(RETRY_MS.max, () => isIn(guest) || ask(guest, LAST_DEADLINE_MS, LAST_PATIENCE_MS));
  }

  function isIn(guest: Person): boolean {
    return isMember(guest) && door.attempts.some((each) => each.guest === guest && each.outcome === "in");
  }
}
