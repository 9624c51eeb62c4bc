import { z } from 'zod';

/** A DNS label; `what` names it in problems. */
export function dnsLabel(what: string): z.ZodString {
  return z
    .string()
    .max(63, `${what} has at most 63 characters`)
    .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, `${what} consists of a-z, 0-9 and -, and begins and ends with no -`);
}

/** The name of a cluster. */
export const clusterName = dnsLabel('the name of a cluster').describe(
  'What people type after -c; also part of the name of the queue.',
);

/** The ID of a channel of Slack. */
export const channelId = z
  .string()
  .regex(
    /^[CG][A-Z0-9]{2,20}$/,
    'expected the ID of a channel such as C0123456789 (in Slack: channel details, at the end)',
  );

/** The name of a namespace, or a pattern of names. */
export const namespacePattern = z
  .string()
  .max(63, 'a namespace has at most 63 characters')
  .regex(
    /^[a-z0-9*](?:[a-z0-9*-]*[a-z0-9*])?$/,
    'expected the name of a namespace, in which * stands for any characters',
  )
  .refine((pattern) => pattern.split('*').length <= 5, 'at most four *');
