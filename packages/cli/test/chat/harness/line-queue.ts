/** A queue of input lines, which the test fills and ends. */
export interface LineQueue extends AsyncIterable<string> {
  push(line: string): void;
  end(): void;
}

export function createLineQueue(): LineQueue {
  const waiting: string[] = [];
  let ended = false;
  let wake = (): void => undefined;
  return {
    push(line) {
      waiting.push(line);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const line = waiting.shift();
        if (line !== undefined) yield line;
        else if (ended) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
