import type { Unsubscribe } from "@demls/wire/core";
import type { TypedEventTarget } from "@libp2p/interface";

/** Calls a listener with each event of a type, until what it returns is called. */
export type Listen<Events> = <Type extends keyof Events>(
  type: Type,
  listener: (event: Events[Type]) => void,
) => Unsubscribe;

/** Listening to the events of `target`. */
export function listenTo<Events extends object>(target: TypedEventTarget<Events>): Listen<Events> {
  return (type, listener) => {
    target.addEventListener(type, listener);
    return () => target.removeEventListener(type, listener);
  };
}
