import { canonicalEthereumVerifier as verifier } from "@demls/consensus";
import {
  openConfirmation,
  readRedemption,
  redeemInvitation,
  startAttempt,
  type AttemptOutcome,
  type JoinProgress,
  type ReadyReport,
  type Standing,
} from "@demls/join";
import { bytesEqual, bytesToHex, hexToBytes, type MemberId } from "@demls/wire/core";
import type { Channel, Packet } from "./channel.js";
import { clock, GROUP_ID, markOf, random, type Person } from "./person.js";

/** Joins by a line: finds the inviter, announces itself, and enters the group that the inviter confirms, and no other one. */
export async function joinBy(
  line: string,
  { mls, key }: Person,
  channel: Channel,
  onProgress: (progress: JoinProgress) => void,
): Promise<ReadyReport> {
  const { bytes: keyPackage, reference } = await mls.generateKeyPackage();
  let standing: Standing = { kind: "outside", hasAnnounced: false, holdsWelcome: false };
  let inviter: MemberId;
  let redemption: Uint8Array | undefined;

  const publish = channel.join((packet) => {
    if (packet.kind === "join") attempt.receive(packet.payload);
    if (packet.kind === "welcome") void enter(packet);
  });

  async function enter({ names, confirmation }: Extract<Packet, { kind: "welcome" }>): Promise<void> {
    const own = redemption && readRedemption(redemption, keyPackage);
    if (own?.ok !== true) return;
    const opened = await openConfirmation(confirmation, {
      ...{ inviter, groupId: GROUP_ID, nonce: own.nonce, verifier },
      ...{ nowSeconds: clock.wallMs() / 1_000, toleranceSeconds: 3_600 },
      verify: (...signed) => mls.verify(...signed),
    });
    const head = await markOf(names);
    if (!opened.ok || !bytesEqual(opened.confirmation.head, head)) return;
    standing = {
      kind: "member",
      group: {
        ...{
          self: key.member,
          groupId: GROUP_ID,
          head: bytesToHex(head),
          members: names as readonly MemberId[],
        },
        ...{
          applied: { epoch: opened.confirmation.epoch, messages: 0 },
          heard: [inviter],
          missing: 0,
          isCaughtUp: true,
        },
        ...{ assurance: opened.trust, assuredBy: inviter },
      },
    };
    attempt.look();
  }

  let onEnd: (outcome: AttemptOutcome) => void = () => undefined;
  const attempt = startAttempt(
    line,
    { deadlineMs: 20_000 },
    {
      ...{ clock, random, verifier, onProgress, standing: () => standing },
      replyKeys: () => mls.hpkeKeyPair(),
      verify: (...signed) => mls.verify(...signed),
      open: (...sealed) => mls.hpkeOpen(...sealed),
      keyPackageReference: async () =>
        standing.kind === "outside" && standing.hasAnnounced ? hexToBytes(reference) : undefined,
      publish: (payload) => publish({ kind: "join", payload }),
      // Here the channel is open already, and the identity is known.
      enter: async ({ invitation }) => void (inviter = invitation.inviter),
      async announce({ secret }) {
        redemption ??= redeemInvitation(secret, keyPackage, random);
        await publish({ kind: "announcement", keyPackage, redemption });
        standing = { kind: "outside", hasAnnounced: true, holdsWelcome: false };
      },
      assure: () => undefined,
      onStarted: ({ elapsedMs }) => console.log(`A member answers${elapsedMs < 1_000 ? " at once" : ""}.`),
      onEnd: (outcome) => onEnd(outcome),
    },
  );
  return new Promise((resolve, reject) => {
    onEnd = (outcome) => {
      if (outcome.kind === "ready") resolve(outcome.report);
      else if (outcome.kind === "failed")
        reject(new Error("The guest has not joined.", { cause: outcome.error }));
    };
  });
}
