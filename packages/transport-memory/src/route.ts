/** Whose packet is on its way to whom, by the names that they joined the network with. */
export interface Route {
  readonly from: string;
  readonly to: string;
}
