import { DemlsError } from "@demls/wire/core";
import type { Framing, FramingName } from "./framing.js";
import { createPlainFraming } from "./plain-framing.js";
import { createWakuFraming } from "./waku-framing.js";

/** Returns the framing of that name. @throws DemlsError `unknown-framing` */
export function framingOf(name: FramingName): Framing {
  if (name === "waku") return createWakuFraming();
  if (name === "plain") return createPlainFraming();
  throw new DemlsError("unknown-framing", {
    message: `Framing ${JSON.stringify(name)} does not exist.`,
    field: "framing",
    remedy: 'Pass "waku" or "plain".',
  });
}
