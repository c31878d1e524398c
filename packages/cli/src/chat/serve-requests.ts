import { runCommand, type ChatControls } from "./commands/run-command.js";
import type { Room } from "./room/room.js";
import { withinTime } from "./time-limit.js";
import type { ChatRequest, ChatView } from "./view/chat-view.js";

/** Maximum number of pending requests and publishes; reading pauses at this number. */
const MAX_UNDER_WAY = 128;

/** Time limit for a publish or a commit: no peer may come. The next start of a kept chat continues it. */
const WORK_LIMIT_MS = 30_000;

/** Runs the requests of the input. Resolves after the input has ended and all requests are done. */
export async function serveRequests(room: Room, view: ChatView, quit: () => void): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  const controls: ChatControls = {
    quit,
    reportFailure: (error) => view.show({ kind: "failed", error }),
    track: (work) => track(withinTime(work, room.clock, WORK_LIMIT_MS)),
  };
  function track(work: Promise<unknown>): void {
    const over: Promise<unknown> = work.catch(() => undefined).then(() => underWay.delete(over));
    underWay.add(over);
  }
  async function reply(request: ChatRequest): Promise<void> {
    try {
      if (request.command === undefined) throw request.problem;
      view.showResult(request, await runCommand(room, request.command, controls));
    } catch (error) {
      view.showError(request, error);
    }
  }
  for await (const request of view.requests) {
    track(reply(request));
    while (underWay.size >= MAX_UNDER_WAY) await Promise.race(underWay);
  }
  while (underWay.size > 0) await Promise.all(underWay);
}
