/** Sender and receiver of a packet, by the names they joined the network with. */
export interface Route {
  readonly from: string;
  readonly to: string;
}
