import { DemlsError } from "@demls/wire/core";

export function transportClosed(): DemlsError<"transport-closed"> {
  return new DemlsError("transport-closed", {
    message: "This transport was closed.",
    remedy: "Make another one.",
  });
}

export function nodeInUse(): DemlsError<"node-in-use"> {
  return new DemlsError("node-in-use", {
    message: "Another transport runs over this node: each would take the other's packets for strangers'.",
    field: "node",
    remedy: "Share the one transport among the node's users, or close it first.",
  });
}

export function packetTooLarge(maxBytes: number): DemlsError<"packet-too-large"> {
  return new DemlsError("packet-too-large", {
    message: `The packet has more than ${maxBytes} bytes, with its names.`,
    field: "payload",
    remedy: "Send less in one message.",
  });
}

export function tooManyTopics(maxTopics: number): DemlsError<"too-many-topics"> {
  return new DemlsError("too-many-topics", {
    message: `The transport listens to ${maxTopics} topics already: peers remember no more of one node.`,
    field: "conversationId",
    remedy: "Leave conversations, or run others over another node.",
  });
}

/** @throws DemlsError `invalid-publish-timeout` */
export function requirePublishTimeout(publishTimeoutMs: number): void {
  if (Number.isFinite(publishTimeoutMs) && publishTimeoutMs >= 0) return;
  throw new DemlsError("invalid-publish-timeout", {
    message: `${publishTimeoutMs} ms is no time that a packet can wait.`,
    field: "publishTimeoutMs",
    remedy: "Pass finite milliseconds, 0 or more.",
  });
}
