/** How much may be changed; what is not said is not limited. What is in no namespace counts as one namespace. */
export interface RemediationLimits {
  /** Remediations that may begin to execute within an hour. */
  readonly perClusterHour: number;
  readonly perNamespaceHour: number;
  /** The same object is not touched again for so long. */
  readonly perTargetMinutes: number;
  /** So often within 24 hours the same action may help an object of the same name; after that its trouble only comes back. Absent: any number. */
  readonly perTargetDay?: number;
  /** Executing or verifying at the same time. */
  readonly inFlightPerNamespace: number;
  readonly inFlightPerCluster: number;
}

/** Times of a remediation. */
export interface RemediationTimes {
  /** How long a proposal can be approved. */
  readonly proposalMs: number;
  /** How long after the last approval the change may begin. */
  readonly approvalMs: number;
  /** An executor that is silent for longer lost its claim. */
  readonly leaseMs: number;
  /** How long a change has to show that it helped. */
  readonly verifyMs: number;
}

export const DEFAULT_LIMITS: RemediationLimits = {
  perClusterHour: 5,
  perNamespaceHour: 3,
  perTargetMinutes: 30,
  perTargetDay: 2,
  inFlightPerNamespace: 1,
  inFlightPerCluster: 2,
};

export const DEFAULT_TIMES: RemediationTimes = {
  proposalMs: 30 * 60_000,
  approvalMs: 15 * 60_000,
  leaseMs: 30_000,
  verifyMs: 5 * 60_000,
};
