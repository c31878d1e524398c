import {
  createConsensusEventBus,
  type ConsensusEvent,
  type ConsensusEventBus,
  type ConsensusObserver,
  type ConsensusSubscription,
} from "@demls/consensus/service";
import { asapScheduler, observeOn, ReplaySubject, Subject } from "rxjs";
import { describe, expect, test } from "vitest";
import { consensusEventBusContract } from "../src/index.js";
import { brokenCases } from "./broken-cases.js";

/** Bus over a subject with asynchronous delivery. */
function subjectBus(events = new Subject<ConsensusEvent>()): ConsensusEventBus {
  const deferred = events.pipe(observeOn(asapScheduler));
  return {
    publish: (event) => events.next(event),
    subscribe: (observer) =>
      deferred.subscribe((event) => {
        try {
          observer.next(event);
        } catch {
          // RxJS would throw it from a timer, uncaught.
        }
      }),
  };
}

/** Resolves after everything scheduled with asapScheduler. */
const soon = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe("the default bus", () => {
  test.each(consensusEventBusContract(createConsensusEventBus))("$name", ({ run }) => run());
});

describe("a bus over RxJS, with asynchronous delivery", () => {
  test.each(consensusEventBusContract(() => subjectBus(), soon))("$name", ({ run }) => run());
});

/** Correct bus, in parts that tests can break. */
class ListBus implements ConsensusEventBus {
  protected entries: readonly ConsensusObserver[] = [];

  publish(event: ConsensusEvent): void {
    for (const observer of this.entries) this.tell(observer, event);
  }

  subscribe(observer: ConsensusObserver): ConsensusSubscription {
    const entry = this.entryOf(observer);
    this.entries = [...this.entries, entry];
    return { unsubscribe: () => this.end(entry) };
  }

  protected entryOf(observer: ConsensusObserver): ConsensusObserver {
    return { next: (event) => observer.next(event) };
  }

  protected tell(observer: ConsensusObserver, event: ConsensusEvent): void {
    try {
      observer.next(event);
    } catch {
      // An observer's exception must not reach the publisher.
    }
  }

  protected end(entry: ConsensusObserver): void {
    this.entries = this.entries.filter((other) => other !== entry);
  }
}

class DropsARepeat extends ListBus {
  private last: number | undefined;

  override publish(event: ConsensusEvent): void {
    if (this.last === event.proposalId) return;
    this.last = event.proposalId;
    super.publish(event);
  }
}

class ReorderedByProposal extends ListBus {
  private waiting: ConsensusEvent[] = [];

  override publish(event: ConsensusEvent): void {
    if (this.waiting.length === 0) queueMicrotask(() => this.flush());
    this.waiting.push(event);
  }

  private flush(): void {
    const events = this.waiting.toSorted((a, b) => a.proposalId - b.proposalId);
    this.waiting = [];
    for (const event of events) super.publish(event);
  }
}

class OneSubscriptionEach extends ListBus {
  protected override entryOf(observer: ConsensusObserver): ConsensusObserver {
    this.end(observer);
    return observer;
  }
}

class EndsTheLast extends ListBus {
  protected override end(): void {
    this.entries = this.entries.slice(0, -1);
  }
}

class NeverEnds extends ListBus {
  protected override end(): void {
    // The entry stays.
  }
}

class Throws extends ListBus {
  protected override tell(observer: ConsensusObserver, event: ConsensusEvent): void {
    observer.next(event);
  }
}

class StopsAtAThrow extends ListBus {
  override publish(event: ConsensusEvent): void {
    try {
      for (const observer of this.entries) observer.next(event);
    } catch {
      // Later observers get no event.
    }
  }
}

class DropsWhoThrows extends ListBus {
  protected override tell(observer: ConsensusObserver, event: ConsensusEvent): void {
    try {
      observer.next(event);
    } catch {
      this.end(observer);
    }
  }
}

class LosesTheMethod extends ListBus {
  protected override entryOf({ next }: ConsensusObserver): ConsensusObserver {
    return { next: (event) => next.call(undefined, event) };
  }
}

/** Iterates over a list that changes meanwhile. */
class LiveList extends ListBus {
  override publish(event: ConsensusEvent): void {
    for (let i = 0; i < this.entries.length; i++) this.tell(this.entries[i] as ConsensusObserver, event);
  }
}

const shared = new ListBus();

describe("the contract of event buses", () => {
  test.each(consensusEventBusContract(() => new ListBus()))(
    "is met by a correct implementation: it $name",
    ({ run }) => run(),
  );

  const [whole, joining, ending, twice, thrown, onward, changing, apart] = consensusEventBusContract(
    createConsensusEventBus,
  ).map(({ name }) => name);

  test.each([
    ["drops repeated events", () => new DropsARepeat(), [whole]],
    ["replays earlier events", () => subjectBus(new ReplaySubject()), [joining, changing]],
    ["lets an observer subscribe once", () => new OneSubscriptionEach(), [twice]],
    ["never ends a subscription", () => new NeverEnds(), [ending, twice, changing]],
    ["throws an observer's exception", () => new Throws(), [thrown, onward]],
    ["stops at an observer that throws", () => new StopsAtAThrow(), [thrown]],
    ["drops an observer that throws", () => new DropsWhoThrows(), [onward]],
    ["iterates over a changing list of observers", () => new LiveList(), [changing]],
    ["is shared by all creations", () => shared, [apart]],
  ])("reports an implementation that %s", async (_what, create, names) => {
    expect(await brokenCases(consensusEventBusContract(create, soon))).toEqual(names);
  });

  test.each([
    ["reorders events", () => new ReorderedByProposal(), whole],
    ["always ends the last subscription", () => new EndsTheLast(), ending],
    ["does not call an observer as a method", () => new LosesTheMethod(), joining],
  ])("reports at least the violated case of an implementation that %s", async (_what, create, name) => {
    expect(await brokenCases(consensusEventBusContract(create, soon))).toContain(name);
  });
});
