import { bytesToHex, type MemberId } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import type { OwnKeyPackage } from "../key-package/key-package.js";
import { identityAt } from "../tree/ratchet-tree.js";
import { decryptGroupInfo, decryptGroupSecrets, type ClientState, type Welcome } from "../ts-mls.js";

/**
 * Member that signed a welcome's group info: the committer that added this member (RFC 9420 § 12.4.3.1). ts-mls
 * verifies that signature when joining, but does not report the signer.
 *
 * @param state the ts-mls state joined with `own` by this welcome.
 */
export async function welcomeSigner(
  { suite }: MlsContext,
  welcome: Welcome,
  own: OwnKeyPackage,
  state: ClientState,
): Promise<MemberId | undefined> {
  const invited = welcome.secrets.find(({ newMember }) => bytesToHex(newMember) === own.reference);
  if (invited === undefined) return undefined;
  const initKey = await suite.hpke.importPrivateKey(own.secrets.initPrivateKey);
  const secrets = await decryptGroupSecrets(initKey, invited.newMember, welcome, suite.hpke);
  if (secrets === undefined) return undefined;
  // Welcomes with PSKs are rejected; without PSKs, their secret is zeros (RFC 9420 § 8.4).
  const noPsk = new Uint8Array(suite.kdf.size);
  const info = await decryptGroupInfo(welcome, secrets.joinerSecret, noPsk, suite);
  secrets.joinerSecret.fill(0);
  secrets.pathSecret?.fill(0);
  return info && identityAt(state.ratchetTree, info.signer);
}
