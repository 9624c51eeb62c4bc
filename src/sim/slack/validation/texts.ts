import { z } from 'zod';

/** Text of `least` to `most` characters. */
export function text(most: number, least = 1): z.ZodType<string> {
  return z
    .string()
    .refine((value) => Array.from(value).length >= least, `must be more than ${least - 1} characters`)
    .refine((value) => Array.from(value).length <= most, `must be less than ${most + 1} characters`);
}

/** A `plain_text` object. */
export function plainText(most: number) {
  return z.strictObject({ type: z.literal('plain_text'), text: text(most), emoji: z.boolean().optional() });
}

/** A `mrkdwn` object. */
export function mrkdwn(most: number) {
  return z.strictObject({ type: z.literal('mrkdwn'), text: text(most), verbatim: z.boolean().optional() });
}

/** Either of the two. */
export function anyText(most: number) {
  return z.discriminatedUnion('type', [plainText(most), mrkdwn(most)]);
}

/** An http or https address. */
export function address(most: number) {
  return text(most).refine((value) => /^https?:\/\/\S+$/.test(value), 'must be a valid URL');
}

/** An `action_id` or `block_id`. */
export const id = text(255);

/** The question before an action is carried out. */
export const confirm = z.strictObject({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(['primary', 'danger']).optional(),
});

/** One choice of a menu or of check boxes. */
export const option = z.strictObject({
  text: anyText(75),
  value: text(150),
  description: anyText(75).optional(),
  url: address(3000).optional(),
});
