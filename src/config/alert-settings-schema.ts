import { z } from 'zod';
import { windowSchema } from './setting-windows.ts';
import { channelId, clusterName, dnsLabel, mentionId, namespacePattern } from './setting-words.ts';

const PREFIX_FREE = 'names of labels have 1 to 128 characters, none of them blank';
const labelName = z
  .string()
  .max(128, PREFIX_FREE)
  .regex(/^(?!__)[^\s\p{C}]+$/u, PREFIX_FREE);
const pattern = z
  .string()
  .min(1)
  .max(253)
  .refine((text) => text.split('*').length <= 5, 'at most four *')
  .describe('* stands for any characters.');
const path = z
  .string()
  .max(253)
  .regex(/^[^.\s][^\s]*$/, 'expected keys joined by dots, such as details.0.pod')
  .refine((text) => text.split('.').length <= 10, 'at most ten keys');
const matchSchema = z
  .strictObject({
    alertname: pattern.optional(),
    cluster: pattern.optional(),
    namespace: pattern.optional().describe('Of the object that the alert is about.'),
    severity: pattern.optional(),
    sender: pattern.optional(),
    labels: z.record(labelName, pattern).optional(),
  })
  .describe('Which alerts: every key must fit; none means all.');

const senderSchema = z.strictObject({
  name: dnsLabel('the name of a sender').describe('As in KUBEWHY_ALERT_TOKENS.'),
  format: z.string().min(1).max(63).default('auto').describe('auto, alertmanager, grafana or the name of a mapping.'),
  cluster: clusterName.optional().describe('The cluster of its alerts that name none.'),
  namespaces: z
    .array(namespacePattern)
    .min(1)
    .max(500)
    .default(['*'])
    .describe('About which namespaces its alerts may be; * stands for any characters.'),
});

const alertmanagerSchema = z.strictObject({
  name: dnsLabel('the name of an Alertmanager').describe('As in KUBEWHY_ALERTMANAGER_TOKENS.'),
  url: z
    .url({ protocol: /^https?$/, error: 'expected an address such as http://alertmanager.monitoring.svc:9093' })
    .max(1024)
    .refine((url) => !url.includes('@'), 'expected no user and password in the address')
    .describe('Where its API is, without /api/v2.'),
  clusters: z.array(clusterName).min(1).max(200).optional().describe('Whose alerts it sends; default: all clusters.'),
});

const watchSchema = z.strictObject({
  clusters: z.array(clusterName).min(1).max(200).optional().describe('Default: all clusters.'),
  namespaces: z.array(dnsLabel('the name of a namespace')).min(1).max(100),
  afterSeconds: z.int().min(10).max(3600).default(120).describe('For how long something must be wrong.'),
});

const whom = z
  .array(z.union([z.literal('*'), mentionId], { error: 'expected *, or the ID of a person (U…) or user group (S…)' }))
  .max(1000);

const mappingSchema = z.strictObject({
  name: dnsLabel('the name of a mapping'),
  list: path.optional().describe('The path of the list of alerts; without it the payload is one alert.'),
  labelsFrom: path.optional().describe('The path of an object whose texts become labels.'),
  annotationsFrom: path.optional().describe('The path of an object whose texts become annotations.'),
  labels: z.record(labelName, path).default({}).describe('Labels with the paths of their values.'),
  annotations: z.record(labelName, path).default({}).describe('Annotations with the paths of their values.'),
  resolved: z
    .strictObject({ path, values: z.array(z.string().max(253)).min(1).max(20) })
    .optional()
    .describe('It is over when the value at the path is one of these.'),
  startsAt: path.optional().describe('The path of the time at which it began.'),
  endsAt: path.optional().describe('The path of the time at which it ended.'),
  fingerprint: path.optional().describe('The path of what stands for the alert; default: computed from the labels.'),
});

const routeSchema = z.strictObject({
  match: matchSchema.prefault({}),
  channel: channelId,
  mention: z
    .union([z.literal('owner'), mentionId], { error: 'expected owner, or the ID of a person (U…) or user group (S…)' })
    .optional()
    .describe('Whom to call: owner, or an ID.'),
});

const muteSchema = z.strictObject({
  name: z.string().min(1).max(100),
  match: matchSchema.prefault({}),
  windows: z.array(windowSchema).min(1).max(50),
});

/** The key `alerts` of `kubewhy.yaml`. */
export const alertSettingsSchema = z.strictObject({
  senders: z.array(senderSchema).max(100).default([]).describe('Who delivers alerts.'),
  mappings: z.array(mappingSchema).max(50).default([]).describe('How payloads of other webhooks are read.'),
  clusterLabel: labelName.default('cluster').describe('The label in which alerts name their cluster.'),
  clusterNames: z
    .record(z.string().max(253), clusterName)
    .default({})
    .describe('What that label says, with the names of clusters.'),
  routes: z.array(routeSchema).max(500).default([]).describe('Where alerts go: the first that fits decides.'),
  channel: channelId.optional().describe('Where alerts go that no route fits.'),
  ignore: z.array(pattern).max(500).default([]).describe('Names of alerts that are never shown.'),
  mute: z.array(muteSchema).max(100).default([]).describe('When some alerts call nobody.'),
  fallbackChannel: channelId.optional().describe('Where incidents go whose channel takes no messages.'),
  storm: z
    .strictObject({
      incidentsPerMinute: z
        .int()
        .min(1)
        .max(1000)
        .default(10)
        .describe('More than that in a channel become one message.'),
      calmMinutes: z.int().min(1).max(120).default(5).describe('So long without a new one and the storm is over.'),
    })
    .prefault({}),
  people: z
    .strictObject({
      acknowledge: whom
        .default(['*'])
        .describe('Who may acknowledge and snooze; * is everyone who may ask in the channel.'),
      silence: whom.default([]).describe('Who may silence alerts in Alertmanager; default: nobody.'),
    })
    .prefault({}),
  alertmanagers: z.array(alertmanagerSchema).max(50).default([]).describe('Where silences are made.'),
  watch: z.array(watchSchema).max(50).default([]).describe('Pods that are watched without any alert.'),
  forgetAfterHours: z
    .int()
    .min(1)
    .max(720)
    .default(24)
    .describe(
      'An incident of which nothing is heard for so long, and of which the cluster cannot say how it stands, is over.',
    ),
  owners: z
    .strictObject({
      labels: z
        .array(labelName)
        .max(20)
        .default(['owner', 'team'])
        .describe('Labels or annotations that name the owner.'),
      ids: z.record(z.string().max(253), mentionId).default({}).describe('IDs of people and groups by owner.'),
    })
    .prefault({}),
});
