/** Additional commands of `demls` in a checkout. This file is not published. */
import { existsSync } from "node:fs";

/** The peer, which tests drive over JSON lines. */
const PEER = new URL("../../interop/peer/dist/index.js", import.meta.url);

/** Commands by name; none before a build. */
export const commands = existsSync(PEER)
  ? {
      async peer(args, context) {
        const { peerCommand } = await import(PEER.href);
        return peerCommand(args, context);
      },
    }
  : {};
