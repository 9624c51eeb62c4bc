/** How much a change can harm: T1 one replica that is broken already; T2 something that serves; T3 data, or stranded objects. */
export const TIERS = ['T1', 'T2', 'T3'] as const;

export type Tier = (typeof TIERS)[number];
