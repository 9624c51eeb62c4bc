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

/** The ID of a person of Slack. */
export const userId = z
  .string()
  .regex(
    /^[UW][A-Z0-9]{2,20}$/,
    'expected the ID of a person such as U0123456789 (in Slack: profile, More, Copy member ID)',
  );

/** The ID of a person or of a user group of Slack. */
export const mentionId = z
  .string()
  .regex(/^[UWS][A-Z0-9]{2,20}$/, 'expected the ID of a person (U…) or of a user group (S…)');

/** A path of a file or folder. */
export const filePath = z
  .string()
  .min(1)
  .max(4096)
  .refine((text) => !text.includes('\u0000'), 'a path without a zero character');
