import { utf8ToBytes, type Packet } from "@demls/wire/core";

/** Encodes a packet as one frame: its four fields, each after its length as a big-endian u32. */
export function encodePacket({ conversationId, subtopic, appId, payload }: Packet): Uint8Array {
  const fields = [utf8ToBytes(conversationId), utf8ToBytes(subtopic), appId, payload];
  const content = new Uint8Array(fields.reduce((sum, field) => sum + 4 + field.length, 0));
  const view = new DataView(content.buffer);
  let at = 0;
  for (const field of fields) {
    view.setUint32(at, field.length);
    content.set(field, at + 4);
    at += 4 + field.length;
  }
  return content;
}

/** Decodes a frame; `undefined` for an invalid one, since any host that reaches the relay can send anything. */
export function decodePacket(content: Uint8Array): Packet | undefined {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const fields: Uint8Array[] = [];
  let at = 0;
  while (at + 4 <= content.length && fields.length < 4) {
    const start = at + 4;
    at = start + view.getUint32(at);
    if (at > content.length) return undefined;
    fields.push(Uint8Array.from(content.subarray(start, at)));
  }
  const [conversationId, subtopic, appId, payload] = fields;
  if (!conversationId || !subtopic || !appId || !payload || at < content.length) return undefined;
  const text = new TextDecoder("utf-8", { ignoreBOM: true });
  return { conversationId: text.decode(conversationId), subtopic: text.decode(subtopic), appId, payload };
}
