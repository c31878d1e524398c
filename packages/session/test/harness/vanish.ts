import type { Member, World } from "./stepwise.js";

/** Takes members off the network; returns those who are left. */
export function vanish(world: World, gone: readonly Member[]): readonly Member[] {
  world.arrives = ({ from, to }) => !gone.includes(from) && !gone.includes(to);
  return world.members.filter((member) => !gone.includes(member));
}
