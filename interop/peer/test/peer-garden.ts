import { startPeer, type Line, type PeerDriver } from "./peer-driver.js";

export const GARDEN = { conversation_id: "garden" };

/** Timings for a whole conversation in a minute. The voting delay leaves time for manual votes. */
const CONFIG = {
  commit_inactivity_ms: 500,
  freeze_ms: 450,
  recovery_inactivity_ms: 500,
  proposal_expiration_ms: 30_000,
  consensus_timeout_ms: 1_500,
  voting_delay_ms: 300,
  election_voting_delay_ms: 60,
  quiet_after_commit_ms: 0,
  sn_min: 1,
  sn_max: 2,
};

export interface NewUser {
  readonly identity: string;
  readonly display: string;
  readonly identity_string: string;
  readonly mls_signature_public: string;
}

export interface State {
  readonly state: string;
  readonly self: string;
  readonly epoch: number | null;
  readonly is_steward: boolean;
  readonly members: readonly { readonly id: string; readonly score: number; readonly role: string }[];
  readonly approved: readonly { readonly kind: string }[];
  readonly consensus: readonly { readonly proposal_id: number; readonly state: string }[];
  readonly steward_list: {
    readonly has_list: boolean;
    readonly members: readonly string[];
    readonly allow_subset_candidates: boolean;
  };
  readonly epoch_authenticator: string | null;
  readonly pending_outbound: number;
}

export function secretKey(name: string): string {
  return Buffer.from(name.padEnd(32, ".")).toString("hex");
}

export function newUser(peer: PeerDriver, user: string): Promise<NewUser> {
  return peer.call<NewUser>("new_user", { user, secret_key_hex: secretKey(user), config: CONFIG });
}

export function stateOf(peer: PeerDriver, user: string): Promise<State> {
  return peer.call<State>("state", { user, ...GARDEN });
}

/** Starts a peer whose user alice has created the garden. */
export async function founded(...options: readonly string[]): Promise<PeerDriver> {
  const peer = startPeer(...options);
  await newUser(peer, "alice");
  await peer.call("create_conversation", { user: "alice", ...GARDEN });
  return peer;
}

/** Lets `user` join by an announced key package. */
export async function join(peer: PeerDriver, user: string): Promise<NewUser> {
  const created = await newUser(peer, user);
  await peer.call("join", { user, ...GARDEN, config: { commit_inactivity_ms: 20_000 } });
  await peer.call("send_key_package", { user, ...GARDEN });
  await peer.passUntil(() => eventsOf(peer, user, "joined").length > 0);
  return created;
}

/** Waits until `users` agree and are idle. */
export async function settled(peer: PeerDriver, users: readonly string[]): Promise<void> {
  await peer.passUntil(async () => {
    const states = await Promise.all(users.map((user) => stateOf(peer, user)));
    const standings = new Set(states.map(({ epoch_authenticator }) => epoch_authenticator));
    return (
      standings.size === 1 &&
      states.every(
        ({ state, approved, members, consensus }) =>
          state === "Working" &&
          approved.length === 0 &&
          members.length === users.length &&
          consensus.every((proposal) => proposal.state !== "active"),
      )
    );
  });
}

/** Bans `banned` from a group of two, with its own yes vote: without it, the vote would be a tie. */
export async function banWithConsent(peer: PeerDriver, asker: string, banned: string): Promise<void> {
  const { self: identity_hex } = await stateOf(peer, banned);
  await peer.call("ban_request", { user: asker, ...GARDEN, identity_hex });
  await peer.carry();
  const proposal_id = appMessages(peer, banned, "vote_payload").at(-1)?.["proposal_id"];
  await peer.call("vote", { user: banned, ...GARDEN, proposal_id, vote: true });
}

export function eventsOf(peer: PeerDriver, user: string, event: string): readonly Line[] {
  return peer.linesOf(user, "event").filter((line) => line["event"] === event);
}

/** Contents of a user's `app_message` events of one kind. */
export function appMessages(
  peer: PeerDriver,
  user: string,
  kind: string,
): readonly Record<string, unknown>[] {
  return eventsOf(peer, user, "app_message")
    .map((line) => ({ ...(line["app"] as Record<string, unknown>), from: line["from"] }))
    .filter((app) => (app as Record<string, unknown>)["kind"] === kind);
}
