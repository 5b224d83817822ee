/** How one try to deliver went. */
export interface AttemptResult {
  /**
   * `refused`: the receiver said no. `unreachable`: nothing was sent. `unknown`: it was sent and nobody knows whether it
   * arrived; it is sent again with the same delivery id.
   */
  outcome: "delivered" | "refused" | "unreachable" | "unknown";
  status?: number;
  message: string;
  answer?: string;
  /** Another try cannot help until somebody changes something. */
  isFinal?: boolean;
  /** Not before this, says the receiver. */
  retryAt?: Date;
}
