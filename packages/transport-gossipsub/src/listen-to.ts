import type { Unsubscribe } from "@demls/wire/core";
import type { TypedEventTarget } from "@libp2p/interface";

/** Adds an event listener and returns a function that removes it. */
export type Listen<Events> = <Type extends keyof Events>(
  type: Type,
  listener: (event: Events[Type]) => void,
) => Unsubscribe;

/** Returns `listenTo` for the events of `target`. */
export function listenTo<Events extends object>(target: TypedEventTarget<Events>): Listen<Events> {
  return (type, listener) => {
    target.addEventListener(type, listener);
    return () => target.removeEventListener(type, listener);
  };
}
