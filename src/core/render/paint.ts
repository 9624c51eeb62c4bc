/** What a piece of text means; the colour follows from it. */
export type Tone = 'bad' | 'doubt' | 'good' | 'strong' | 'quiet';

/** Marks text with terminal colours, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

/** Select Graphic Rendition: on and off. */
const CODES = {
  bad: [31, 39],
  doubt: [33, 39],
  good: [32, 39],
  strong: [1, 22],
  quiet: [2, 22],
} as const satisfies Record<Tone, readonly [number, number]>;

/** Paints for a terminal, or not at all. */
export function createPaint(color: boolean): Paint {
  return (tone, text) => {
    const [on, off] = CODES[tone];
    return color && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  };
}
