import { DemlsError } from "@demls/wire/core";
import type { StoreFailure } from "./store-page.js";

export function transportClosed(): DemlsError<"transport-closed"> {
  return new DemlsError("transport-closed", {
    message: "The transport is closed.",
    remedy: "Create another one.",
  });
}

export function nodeInUse(): DemlsError<"node-in-use"> {
  return new DemlsError("node-in-use", {
    message: "Another transport runs over this node: each would treat the other's packets as foreign.",
    field: "node",
    remedy: "Share the one transport among the node's users, or close it first.",
  });
}

export function packetTooLarge(maxBytes: number): DemlsError<"packet-too-large"> {
  return new DemlsError("packet-too-large", {
    message: `The packet has more than ${maxBytes} bytes, names included.`,
    field: "payload",
    remedy: "Send less in one message.",
  });
}

export function tooManyTopics(maxTopics: number): DemlsError<"too-many-topics"> {
  return new DemlsError("too-many-topics", {
    message: `The transport is subscribed to ${maxTopics} topics, as many as peers remember of one node.`,
    field: "conversationId",
    remedy: "Leave conversations, or run others over another node.",
  });
}

export function historyUnavailable(
  stores: number,
  last: StoreFailure | undefined,
): DemlsError<"history-unavailable"> {
  return new DemlsError("history-unavailable", {
    message: `No Waku store of ${stores} served the history to its end. The last one ${last?.reason}.`,
    field: "stores",
    remedy: "Check the addresses of the stores, or continue without: members resend lost packets.",
    cause: last?.cause,
  });
}

/** @throws DemlsError `invalid-publish-timeout` */
export function requirePublishTimeout(publishTimeoutMs: number): void {
  if (Number.isFinite(publishTimeoutMs) && publishTimeoutMs >= 0) return;
  throw new DemlsError("invalid-publish-timeout", {
    message: `publishTimeoutMs cannot be ${publishTimeoutMs}.`,
    field: "publishTimeoutMs",
    remedy: "Pass finite milliseconds, 0 or more.",
  });
}
