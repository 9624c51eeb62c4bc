import { z } from 'zod';
import { alertSettingsSchema } from './alert-settings-schema.ts';
import { remediationSettingsSchema } from './remediation-settings-schema.ts';
import { channelId, clusterName, dnsLabel, filePath, namespacePattern, userId } from './setting-words.ts';

const namespaceName = dnsLabel('the name of a namespace');
const channelOrDirect = z.union([z.literal('direct'), channelId], {
  error: 'expected the ID of a channel such as C0123456789, or direct for direct messages',
});
const clusterSchema = z.strictObject({
  name: clusterName,
  kubeconfig: filePath
    .optional()
    .describe('The kubeconfig file; default: KUBECONFIG, ~/.kube/config, or the account of the pod.'),
  context: z.string().min(1).max(253).optional().describe('The kubeconfig context; default: the current one.'),
  default: z.boolean().optional().describe('Asked when a question and its channel name no cluster.'),
  description: z.string().max(200).optional().describe('For people, in the App Home.'),
  executor: z
    .strictObject({
      kubeconfig: filePath.optional().describe('The kubeconfig file of the account that may make changes.'),
      context: z.string().min(1).max(253).optional(),
    })
    .optional()
    .describe('With which account changes are made; default: the one that reads.'),
});

const slackSchema = z.strictObject({
  mode: z.enum(['socket', 'http']).default('socket').describe('socket needs no public address; http needs an ingress.'),
  port: z.int().min(0).max(65_535).default(3000).describe('http: the port for requests of Slack.'),
  host: z.string().min(1).max(253).default('0.0.0.0').describe('http: the address to listen on.'),
  command: z
    .string()
    .regex(/^\/[a-z0-9_-]{1,31}$/, 'expected a slash command such as /k8s')
    .default('/k8s')
    .describe('The slash command, as in the manifest of the app.'),
  connections: z
    .int()
    .min(1)
    .max(10)
    .default(2)
    .describe('socket: connections of each gateway; Slack allows 10 for an app.'),
  guests: z.enum(['refuse', 'allow']).default('refuse').describe('Whether guests of the workspace may ask.'),
  sharedChannels: z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .describe('Whether members may ask in channels that other organisations see.'),
  botsMayAsk: z.boolean().default(false).describe('Whether other bots and workflows may ask.'),
});

const channelSchema = z.strictObject({
  id: channelOrDirect,
  cluster: clusterName.optional().describe('Asked when a question in this channel names no cluster.'),
  namespace: namespaceName.optional().describe('Meant when a question in this channel names no namespace.'),
});

const readingRuleSchema = z.strictObject({
  channels: z.array(channelOrDirect).min(1).max(200).describe('Where: channel IDs, or direct.'),
  users: z.array(userId).min(1).max(1000).optional().describe('Who; default: everyone in these channels.'),
  clusters: z.array(clusterName).min(1).max(200).optional().describe('Default: all clusters.'),
  namespaces: z.array(namespacePattern).min(1).max(500).describe('About what; * stands for any characters.'),
});

const limitsSchema = z.strictObject({
  questionsPerUserPerMinute: z.int().min(1).max(1000).default(20),
  questionTimeoutSeconds: z.int().min(1).max(120).default(15).describe('How long one diagnosis may take.'),
  questionExpirySeconds: z
    .int()
    .min(10)
    .max(3600)
    .default(300)
    .describe('A question that waited longer is not answered.'),
  diagnoserConcurrency: z
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe('Diagnoses at once, for each cluster of a diagnoser.'),
});

/** `kubewhy.yaml`. Unknown keys are errors; everything has a default. */
export const settingsSchema = z.strictObject({
  clusters: z.array(clusterSchema).min(1).max(200).optional().describe('Default: one cluster named default.'),
  slack: slackSchema.prefault({}),
  channels: z.array(channelSchema).max(1000).default([]).describe('What is meant when a question says nothing else.'),
  reading: z
    .array(readingRuleSchema)
    .max(1000)
    .default([])
    .describe('Who may ask about which namespaces: one rule that fits allows. Without a rule nobody may ask.'),
  alerts: alertSettingsSchema.prefault({}).describe('What alerts are about, and where they go.'),
  remediation: remediationSettingsSchema
    .prefault({})
    .describe('Which changes people may approve. Without a rule Kubewhy changes nothing.'),
  limits: limitsSchema.prefault({}),
  playbooks: z.array(filePath).max(50).default([]).describe('Folders of further playbooks.'),
  retention: z
    .strictObject({ days: z.int().min(1).max(365).default(30) })
    .prefault({})
    .describe('How long questions, answers and feedback are kept.'),
  redis: z
    .strictObject({
      prefix: z
        .string()
        .regex(/^[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?$/, 'expected 1 to 40 of a-z, 0-9, - and _')
        .default('kubewhy')
        .describe('In front of every key, for a Redis that others use as well.'),
    })
    .prefault({}),
});
