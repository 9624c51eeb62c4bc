import { z } from 'zod';
import { jsonOutput } from './json-output.ts';

/** What an RBD image is. */
export interface RbdImage {
  /** Another one when the image was made anew under the same name. */
  readonly id: string;
  /** `primary`: mirrored to another cluster; `secondary`: a copy that another cluster writes. */
  readonly mirroring: 'none' | 'primary' | 'secondary';
  readonly features: readonly string[];
}

const Info = z.object({
  id: z.string().min(1),
  features: z.array(z.string()).optional(),
  mirroring: z.object({ state: z.string().optional(), primary: z.boolean().optional() }).optional(),
});

/** Reads what `rbd info --format json` prints; undefined when it says something else. */
export function parseImageInfo(output: string): RbdImage | undefined {
  const { data } = Info.safeParse(jsonOutput(output));
  if (data === undefined) {
    return undefined;
  }
  const { id, features = [], mirroring } = data;
  return { id, mirroring: mirroringOf(mirroring), features };
}

function mirroringOf(mirroring: z.infer<typeof Info>['mirroring']): RbdImage['mirroring'] {
  if (mirroring === undefined || mirroring.state === 'disabled') {
    return 'none';
  }
  return mirroring.primary === true ? 'primary' : 'secondary';
}
