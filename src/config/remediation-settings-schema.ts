import { z } from 'zod';
import { TIER_NAMES, USUALLY_PROTECTED } from './remediation-settings.ts';
import { windowSchema } from './setting-windows.ts';
import { channelId, clusterName, dnsLabel, filePath, mentionId, namespacePattern, userId } from './setting-words.ts';

const clusters = z.array(clusterName).min(1).max(200).optional().describe('Default: all clusters.');
const people = z.array(mentionId).max(1000);
const objectName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'expected the name of a Kubernetes object');
const cephName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected a name such as kubewhy');
const ruleName = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,61}[A-Za-z0-9])?$/, 'expected 1 to 63 letters, digits, spaces, . _ and -');
/** RBAC knows people by names that may hold nearly anything; no control characters and no blanks at the ends. */
const rbacName = z
  .string()
  .max(253)
  .regex(/^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u, 'expected a name as RBAC knows it');

const ruleSchema = z.strictObject({
  name: ruleName.describe('For people and the audit; distinct.'),
  approvers: people.min(1).describe('Who may approve: IDs of people (U…) and user groups (S…).'),
  actions: z
    .array(z.string().min(1).max(63))
    .min(1)
    .max(50)
    .describe('Codes of actions, such as R-POD-DELETE; * stands for all of them.'),
  tiers: z
    .array(z.enum(TIER_NAMES))
    .min(1)
    .max(3)
    .describe('T1: one replica that is broken already; T2: something that serves; T3: data.'),
  clusters,
  namespaces: z
    .array(namespacePattern)
    .min(1)
    .max(500)
    .describe('* stands for any characters; what is in no namespace, such as a node, needs "*".'),
  quorum: z
    .strictObject({
      T1: z.int().min(1).max(10).default(1),
      T2: z.int().min(1).max(10).default(1),
      T3: z.int().min(2).max(10).default(2),
    })
    .prefault({})
    .describe('How many different people must approve.'),
  owners: people.default([]).describe('For T3 one of the approvers must be of these people and groups.'),
});

const identitySchema = z.strictObject({
  slack: userId.describe('The ID of a person.'),
  user: rbacName
    .refine((name) => !name.startsWith('system:'), 'a person is no account of the system')
    .describe('What RBAC knows the person as.'),
  groups: z
    .array(rbacName.refine((name) => name !== 'system:masters', 'this group may do everything, which checks nothing'))
    .max(100)
    .default([])
    .describe('The groups of RBAC that the person is in.'),
  clusters,
});

const freezeSchema = z.strictObject({
  name: z.string().min(1).max(100),
  clusters,
  namespaces: z.array(namespacePattern).min(1).max(500).optional().describe('Default: all namespaces.'),
  windows: z.array(windowSchema).min(1).max(50),
});

const runbookSchema = z.discriminatedUnion(
  'place',
  [
    z.strictObject({
      cluster: clusterName,
      place: z.literal('toolbox'),
      namespace: dnsLabel('the name of a namespace').default('rook-ceph'),
      deployment: objectName.default('rook-ceph-tools'),
      container: dnsLabel('the name of a container').optional(),
    }),
    z.strictObject({
      cluster: clusterName,
      place: z.literal('job'),
      namespace: dnsLabel('the name of a namespace'),
      cronJob: objectName.describe('A suspended CronJob; its template is run with the arguments of the step.'),
    }),
    z.strictObject({
      cluster: clusterName,
      place: z.literal('local'),
      config: filePath.optional().describe('The file ceph.conf.'),
      keyring: filePath.optional(),
      identity: cephName.default('kubewhy').describe('The Ceph identity without client.'),
    }),
  ],
  { error: 'expected place to be toolbox, job or local' },
);

const limitsSchema = z.strictObject({
  perClusterHour: z.int().min(1).max(100).default(5).describe('Changes that may begin within an hour in a cluster.'),
  perNamespaceHour: z.int().min(1).max(100).default(3).describe('The same in a namespace.'),
  perTargetMinutes: z.int().min(1).max(1440).default(30).describe('The same object is not changed again for so long.'),
  perTargetDay: z
    .int()
    .min(1)
    .max(100)
    .default(2)
    .describe('So often within 24 hours the same change may help the same object; then it is not made again.'),
  inFlightPerNamespace: z.int().min(1).max(20).default(1).describe('Changes at once in a namespace.'),
  inFlightPerCluster: z.int().min(1).max(20).default(2).describe('Changes at once in a cluster.'),
});

const timesSchema = z.strictObject({
  proposalMinutes: z.int().min(1).max(60).default(30).describe('How long a proposal can be approved.'),
  approvalMinutes: z.int().min(1).max(15).default(15).describe('How long after the last approval it may begin.'),
  leaseSeconds: z.int().min(10).max(120).default(30).describe('An executor that is silent for longer lost its claim.'),
  verifyMinutes: z.int().min(1).max(15).default(5).describe('How long a change has to show that it helped.'),
});

/** The key `remediation` of `kubewhy.yaml`. */
export const remediationSettingsSchema = z.strictObject({
  rules: z.array(ruleSchema).max(500).default([]).describe('The first rule that fits a change decides.'),
  identities: z.array(identitySchema).max(5000).default([]).describe('Who people of Slack are to the clusters.'),
  protectedNamespaces: z
    .array(namespacePattern)
    .max(500)
    .default([...USUALLY_PROTECTED])
    .describe('Nothing is changed in these; kube-system, kube-public and kube-node-lease always are.'),
  freezes: z.array(freezeSchema).max(100).default([]).describe('When nothing is changed.'),
  limits: limitsSchema.prefault({}),
  times: timesSchema.prefault({}),
  operators: people.default([]).describe('Who may use stop, resume and audit; default: nobody.'),
  auditChannel: channelId
    .optional()
    .describe('A channel that is told once a day how the audit ends, so that nobody can make it anew unseen.'),
  sharedChannels: z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .describe('Whether changes may be decided in channels that other organisations see.'),
  upgrades: z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .describe('Whether anything is changed while kubelets have different minor versions, as during an upgrade.'),
  runbooks: z.array(runbookSchema).max(200).default([]).describe('Where rbd and ceph are run.'),
  stopFile: filePath
    .optional()
    .describe('A file that must say run; without it or with anything else nothing is changed.'),
});
