import { DemlsError } from "demls";
import type { ChatTransport, TransportOptions } from "./network/chat-transport.js";
import { loopback, loopbackPort } from "./network/loopback.js";
import type { Seat } from "./seat.js";

/** Starts a transport. @throws DemlsError `cannot-listen` and others. */
export type StartTransport = (options: TransportOptions) => Promise<ChatTransport>;

/**
 * Starts the transport of a chat, and has the next start take the same addresses. Without `--listen` it listens on the
 * port of the last start, or on a free one if that is taken.
 *
 * @throws DemlsError and errors of `start`.
 */
export async function startKeptTransport(
  { options, nodeKey, kept }: Seat,
  start: StartTransport,
): Promise<ChatTransport> {
  const { framing, dial, mdns, listen, name, isOpen } = options;
  const knownPeers = kept?.settings.peers ?? [];
  const startOn = (addresses: readonly string[]): Promise<ChatTransport> =>
    start({ framing, dial, knownPeers, mdns, nodeKey, listen: addresses });
  const transport =
    listen.length > 0 ? await startOn(listen) : await startOnPort(kept?.settings.port, startOn);
  const port = listen.length > 0 ? undefined : loopbackPort(transport.addresses);
  await kept?.remember({
    ...{ dial, framing, isOpen },
    ...(port !== undefined && { port }),
    ...(name !== undefined && { name }),
  });
  return transport;
}

async function startOnPort(
  port: number | undefined,
  startOn: (addresses: readonly string[]) => Promise<ChatTransport>,
): Promise<ChatTransport> {
  const anyPort = [loopback(0)];
  if (port === undefined) return startOn(anyPort);
  try {
    return await startOn([loopback(port)]);
  } catch (error) {
    if (!(error instanceof DemlsError) || (error as DemlsError).code !== "cannot-listen") throw error;
    return startOn(anyPort);
  }
}
