/** Commands that `demls` has in a checkout besides its own: this file is none of those that are published. */
import { existsSync } from "node:fs";

/** Members that a test drives over JSON lines. */
const PEER = new URL("../../interop/peer/dist/index.js", import.meta.url);

/** By name; none where nothing is built. */
export const commands = existsSync(PEER)
  ? {
      async peer(args, context) {
        const { peerCommand } = await import(PEER.href);
        return peerCommand(args, context);
      },
    }
  : {};
