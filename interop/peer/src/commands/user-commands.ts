import { DemlsError } from "demls";
import { settingsField } from "../protocol/conversation-settings.js";
import {
  booleanField,
  hexField,
  isMissing,
  textField,
  toBase64,
  uint32Field,
  type Fields,
} from "../protocol/fields.js";
import { createPeerUser } from "../user/peer-user.js";
import { userOf, type Handler, type Peer } from "./peer.js";

/** Commands on users and the process. */
export const USER_COMMANDS: Readonly<Record<string, Handler>> = {
  new_user: newUser,

  async key_package(peer, fields) {
    const { user } = userOf(peer, fields);
    return { key_package_b64: toBase64(await user.generateKeyPackage()), identity: user.id };
  },

  list: (peer, fields) => [...userOf(peer, fields).user.conversations.keys()],

  poll(peer, fields) {
    userOf(peer, fields).poll();
  },

  poll_all(peer) {
    for (const user of peer.users.values()) user.poll();
  },

  tick(peer, fields) {
    peer.setTick(uint32Field(fields, "ms"));
  },
};

async function newUser(peer: Peer, fields: Fields): Promise<unknown> {
  const name = textField(fields, "user");
  if (peer.users.has(name)) throw userExists();
  const settings = settingsField(fields);
  const verbose = !isMissing(fields, "verbose") && booleanField(fields, "verbose");
  const { clock, emit, diagnose } = peer;
  const random = peer.randomOf(name);
  const key = hexField(fields, "secret_key_hex");
  let created;
  try {
    created = await createPeerUser({ name, key, settings, verbose, clock, random, emit, diagnose });
  } finally {
    key.fill(0);
  }
  peer.users.set(name, created);
  const { id, display } = created.user;
  return {
    identity: id,
    display,
    identity_string: display,
    mls_signature_public: created.mlsSignaturePublic,
  };
}

function userExists(): DemlsError<"user-exists"> {
  return new DemlsError("user-exists", {
    message: "The peer already has a user of that name.",
    field: "user",
  });
}
