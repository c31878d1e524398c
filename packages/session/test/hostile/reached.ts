/** Outcomes of hostile packets that occur in both modes. */
export const REACHED = [
  ...["message", "proposal", "vote", "candidate", "sync", "welcome", "keyPackage", "banRequest"].map(
    (what) => `accepted ${what}`,
  ),
  ...["future-epoch", "before-join", "before-proposal"].map((reason) => `buffered ${reason}`),
  ...[
    ...[
      "own-echo",
      "own-message",
      "conversation-ended",
      "other-conversation",
      "other-group",
      "already-joined",
      "not-joined",
    ],
    ...[
      "already-a-member",
      "past-epoch",
      "handshake-outside-candidate",
      "empty-message",
      "local-only-message",
    ],
    ...["known-candidate", "sync-not-needed", "decided-proposal", "known-proposal"],
    ...["welcome-for-others", "already-buffered"],
  ].map((reason) => `ignored ${reason}`),
  ...[
    ...["unknown-subtopic", "malformed-packet", "malformed-message", "not-decryptable", "replayed-message"],
    ...["invalid-key-package", "invalid-candidate", "invalid-sync", "foreign-proposal-owner", "foreign-vote"],
    ...["packet-too-large", "proposal-too-large", "vote-too-large", "invalid-welcome", "not-a-member"],
    ...["wrong-expected-voters", "not-a-voter", "undecodable-request", "consensus"],
  ].map((reason) => `rejected ${reason}`),
];

/** Outcomes of hostile packets that occur in `de-mls-3` conversations only. */
export const REACHED_IN_DE_MLS_3 = ["ignored lesser-candidate", "buffered before-mandate"];

/** Outcomes of hostile packets that occur in strict conversations only. */
export const REACHED_IN_STRICT = [
  "accepted repair",
  "accepted choice",
  "ignored unknown-repair-key",
  "ignored expired-report",
];
