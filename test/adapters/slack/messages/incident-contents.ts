import type { MessageContent } from '../../../../src/adapters/slack/messages/rendered-message.ts';
import type { DigestCard, DigestRow, IncidentCard } from '../../../../src/core/chat/content.ts';
import type { Incident, IncidentCause, IncidentRoot } from '../../../../src/core/triage/incident.ts';

const CLOCK = '2026-11-20T10:41:00Z';

/** The id of every made-up incident. */
export const INCIDENT = 'i-0123456789abcdef';
/** The workspace that links lead to. */
export const WORKSPACE = 'https://team.slack.com/';
/** Everybody who may be mentioned in the made-up contents. */
export const MENTIONED = ['U0ALICE01', 'U0BOB0001', 'S0SHOPOPS'];

/** An object that was asked about, with changes. */
export function rootWith(changes: Partial<IncidentRoot> = {}): IncidentRoot {
  const title = changes.title ?? 'Deployment shop/blog-api';
  return { key: title, title, signature: 'KubePodCrashLooping shop', firing: 2, look: 'done', cause: 'cm', ...changes };
}

/** A confirmed cause, with changes. */
export function causeWith(changes: Partial<IncidentCause> = {}): IncidentCause {
  return {
    key: 'cm',
    code: 'subpath-stale-bind-mount',
    headline:
      'Deployment shop/blog-api: ConfigMap `blog-api-appsettings` changed under its subPath mount, so every restart fails',
    state: 'confirmed',
    root: 'Deployment shop/blog-api',
    at: CLOCK,
    version: 1,
    ...changes,
  };
}

/** An open incident with one cause, with changes. */
export function incidentWith(changes: Partial<Incident> = {}): Incident {
  return {
    id: INCIDENT,
    cluster: 'prod-eu-1',
    channel: 'C0SHOP001',
    state: 'open',
    openedAt: '2026-11-20T10:12:30Z',
    since: '2026-11-20T10:12:00Z',
    changedAt: '2026-11-20T10:40:10Z',
    severity: 'critical',
    names: ['KubePodCrashLooping', 'KubePodNotReady'],
    owners: [],
    mentions: [],
    readable: ['shop'],
    roots: [rootWith()],
    rootsBeyond: 0,
    causes: [causeWith()],
    firing: 3,
    total: 3,
    changes: [],
    before: [],
    notes: [],
    events: [],
    looks: 1,
    healthyLooks: 0,
    heardAt: CLOCK,
    ...changes,
  };
}

/** An incident as it is shown, nobody did anything with it. */
export function cardOf(incident: Incident, changes: Partial<IncidentCard> = {}): IncidentCard {
  return { incident, people: { silences: [] }, canSilence: true, at: CLOCK, ...changes };
}

/** A digest of a storm, with changes. */
export function digestWith(changes: Partial<DigestCard> = {}): DigestCard {
  return {
    id: 'd-0123456789abcdef',
    cluster: 'prod-eu-1',
    state: 'storm',
    startedAt: '2026-11-20T10:39:00Z',
    firing: 1940,
    total: 2000,
    objects: 340,
    looked: 12,
    rows: [
      rowWith('Node worker-7: its kubelet is stopped'),
      rowWith('ConfigMap shop/app does not exist', { objects: 12, firing: 24, total: 24, looked: 2 }),
      rowWith('KubePodNotReady', { objects: 1, looked: 0, firing: 1, total: 1, unknown: true }),
    ],
    beyond: 0,
    at: CLOCK,
    ...changes,
  };
}

/** One incident of a digest, with changes. */
export function rowWith(headline: string, changes: Partial<DigestRow> = {}): DigestRow {
  return { headline, state: 'open', objects: 327, looked: 10, firing: 1915, total: 1975, ...changes };
}

const manyRoots = Array.from({ length: 12 }, (_, index) =>
  rootWith({ title: `Deployment shop/web-${index}`, look: index < 3 ? 'done' : 'left-out' }),
);
const resolved = { state: 'resolved', resolvedAt: '2026-11-20T10:54:00Z', firing: 0 } as const;
const dns = causeWith({
  key: 'dns',
  headline: 'Service kube-system/kube-dns: has no endpoint',
  state: 'likely',
  root: 'x',
});
const image = causeWith({ key: 'img', headline: 'Deployment shop/cart: image `cart:2` does not exist', root: 'y' });
const before = [
  {
    id: 'i-before',
    openedAt: '2026-11-13T22:05:00Z',
    resolvedAt: '2026-11-13T23:01:00Z',
    resolvedBy: 'alerts',
    headline: 'Deployment shop/blog-api: ConfigMap `blog-api-appsettings` changed under its subPath mount',
    thread: { channel: 'C0SHOP001', ts: '1763071500.000100' },
  },
  {
    id: 'i-older',
    openedAt: '2026-11-02T08:00:00Z',
    resolvedAt: '2026-11-03T08:00:00Z',
    resolvedBy: 'silence',
    headline: 'No cause found',
  },
] as const;
const silence = {
  id: '8f6f1c2e-52a4-4d1c-9b0e-0d6a3c1f2b3a',
  alertmanager: 'main',
  user: 'U0BOB0001',
  at: '2026-11-20T10:30:00Z',
  until: '2026-11-20T12:30:00Z',
  matchers: ['alertname="KubePodCrashLooping"', 'namespace="shop"'],
} as const;

const incidents: Readonly<Record<string, IncidentCard>> = {
  known: cardOf(incidentWith({ owners: ['team-shop'] })),
  running: cardOf(incidentWith({ causes: [], roots: [rootWith({ look: 'waiting' })], looks: 0 })),
  'no-cause': cardOf(
    incidentWith({
      causes: [
        causeWith({ state: 'unknown', headline: 'Deployment shop/blog-api: cannot tell why it is Error', code: '' }),
      ],
      severity: '',
    }),
  ),
  healthy: cardOf(
    incidentWith({ causes: [causeWith({ state: 'healthy', headline: 'Deployment shop/blog-api: nothing is wrong' })] }),
  ),
  unmapped: cardOf(
    incidentWith({
      cluster: '',
      names: ['HighLatency'],
      causes: [],
      roots: [
        rootWith({
          title: 'not mapped, label pod is "a b"',
          look: 'impossible',
          reason: 'label pod is "a b", which is not a name that Kubernetes allows',
        }),
      ],
      firing: 1,
      total: 1,
    }),
    { canSilence: false },
  ),
  'several-causes': cardOf(
    incidentWith({ causes: [causeWith(), dns, image], roots: manyRoots, firing: 21, total: 24, before: [...before] }),
  ),
  'with-people': cardOf(incidentWith({ muted: 'night' }), {
    people: {
      acknowledged: { user: 'U0ALICE01', at: '2026-11-20T10:20:00Z' },
      snoozed: { user: 'U0ALICE01', until: '2026-11-20T11:20:00Z' },
      silences: [{ ...silence, id: 'old', undoneBy: 'U0ALICE01' }, silence],
    },
  }),
  'with-two-silences': cardOf(incidentWith(), {
    people: { silences: [silence, { ...silence, id: 'second' }, { ...silence, id: 'third' }] },
  }),
  resolved: cardOf(incidentWith({ ...resolved, resolvedBy: 'alerts', before: [...before] })),
  'resolved-by-cluster': cardOf(incidentWith({ ...resolved, resolvedBy: 'cluster', firing: 2 }), {
    people: { silences: [silence] },
  }),
  'resolved-by-silence': cardOf(
    incidentWith({ ...resolved, resolvedBy: 'silence', causes: [], heardAt: '2026-11-19T10:54:00Z' }),
  ),
  merged: cardOf(incidentWith({ ...resolved, resolvedBy: 'merged', mergedInto: 'i-other' }), {
    mergedThread: { channel: 'C0SHOP001', ts: '1763631900.000200' },
  }),
};

const detailed = cardOf(
  incidentWith({
    causes: [causeWith(), dns],
    roots: [
      ...manyRoots,
      rootWith({ title: 'Deployment shop/i-web', cause: 'dns' }),
      rootWith({
        title: 'Deployment shop/i-shop',
        says: 'Deployment shop/i-shop: container `i-shop` is restarted because its probe calls `blog-api`',
      }),
      rootWith({
        title: 'scrape target node-exporter',
        cause: 'none',
        look: 'impossible',
        reason: 'nothing names the object',
      }),
    ],
    changes: [
      {
        at: '2026-11-20T10:05:00Z',
        object: 'ConfigMap shop/blog-api-appsettings',
        what: 'was written by `kubectl-edit`',
      },
      {
        at: '2026-11-20T09:50:00Z',
        object: 'Deployment shop/cart',
        what: 'image of cart changed from cart:1 to cart:2',
      },
    ],
    before: [...before],
    notes: ['the payload was too long: what came after the first 8 MiB was not read'],
  }),
);

/** Contents of incidents for every state, by name. */
export const incidentContents: Readonly<Record<string, MessageContent>> = {
  ...Object.fromEntries(
    Object.entries(incidents).map(([name, incident]) => [`incident-${name}`, { kind: 'incident', incident } as const]),
  ),
  'incident-details': { kind: 'incident-details', incident: detailed },
  'incident-event': {
    kind: 'incident-event',
    text: 'Two more alerts joined: `KubePodNotReady` of shop/i-web.',
    mentions: [],
  },
  'incident-event-owner': { kind: 'incident-event', text: '', mentions: ['U0BOB0001', 'S0SHOPOPS', '!channel'] },
  'digest-storm': { kind: 'digest', digest: digestWith() },
  'digest-without-rows': {
    kind: 'digest',
    digest: digestWith({ firing: 0, total: 0, objects: 0, looked: 0, rows: [] }),
  },
  'digest-long': {
    kind: 'digest',
    digest: digestWith({
      rows: Array.from({ length: 15 }, (_, index) =>
        rowWith(
          `Deployment shop/service-${index}: image \`registry.example.com/shop/service:${index}\` does not exist`,
        ),
      ),
      beyond: 40,
    }),
  },
  'digest-calm': {
    kind: 'digest',
    digest: digestWith({
      state: 'calm',
      firing: 0,
      rows: [
        rowWith('Node worker-7: its kubelet is stopped', { state: 'resolved', firing: 0 }),
        rowWith('ConfigMap shop/app does not exist', {
          state: 'open',
          thread: { channel: 'C0SHOP001', ts: '1763631900.000300' },
        }),
      ],
    }),
  },
};
