import type { Check } from './check.ts';
import { networkWords } from './network-words.ts';
import type { RedisFacts } from './redis-facts.ts';

type Answered = Extract<RedisFacts, { kind: 'answered' }>;

const OLDEST = [6, 2] as const;
const ALARM = 0.7;
const MIB = 1024 * 1024;

const FIXES = {
  unreachable: 'Check that Redis runs there, that REDIS_URL is right, and the firewall or NetworkPolicy between.',
  timeout:
    'Check that Redis runs there and is not overloaded, whether it speaks TLS (rediss://) or not (redis://), and the firewall or NetworkPolicy between.',
  credentials:
    'Correct the user and password in REDIS_URL; characters such as @ and / are written as %40 and %2F there.',
  rights: 'Let the user of REDIS_URL run the commands of BullMQ and INFO (ACL SETUSER).',
  tls: 'Use rediss:// for a server with TLS and redis:// for one without; NODE_EXTRA_CA_CERTS names a private authority.',
} as const;

/** Judges what was found out about Redis; undefined: REDIS_URL is not set. `changes`: approved changes are kept there too. */
export function redisChecks(facts: RedisFacts | undefined, changes = false): readonly Check[] {
  const base = { area: 'redis', id: 'redis.connection' } as const;
  if (facts === undefined) {
    return [
      {
        ...base,
        status: 'skipped',
        says: 'Not configured: REDIS_URL is not set.',
        fix: 'Set it, for example to redis://127.0.0.1:6379/0; docker-compose.yml has a Redis with the right settings.',
      },
    ];
  }
  if (facts.kind === 'failed') {
    const { address, why, reason } = facts;
    const says = `Redis at ${address} cannot be used: ${networkWords(reason)}.`;
    return [{ ...base, status: 'failure', says, fix: FIXES[why] }];
  }
  return [
    { ...base, status: 'ok', says: `Redis answers at ${facts.address}.` },
    versionCheck(facts),
    roleCheck(facts),
    persistenceCheck(facts, changes),
    policyCheck(facts),
    memoryCheck(facts),
  ];
}

function versionCheck({ server, version }: Answered): Check {
  const base = { area: 'redis', id: 'redis.version' } as const;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fresh = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return fresh
    ? { ...base, status: 'ok', says: `Its version is new enough: ${server} ${version}.` }
    : {
        ...base,
        status: 'failure',
        says: `Its version is too old: ${server} ${version}; the queue needs ${OLDEST.join('.')}.`,
        fix: 'Upgrade Redis, or use Valkey.',
      };
}

function roleCheck({ role, cluster }: Answered): Check {
  const base = { area: 'redis', id: 'redis.role' } as const;
  if (cluster) {
    return {
      ...base,
      status: 'warning',
      says: 'It is a Redis Cluster, with which Kubewhy is not tested.',
      fix: 'Use a single Redis, or one with a replica and a fixed address.',
    };
  }
  return role === 'master'
    ? { ...base, status: 'ok', says: 'It accepts writes.' }
    : {
        ...base,
        status: 'failure',
        says: 'It is a replica, which accepts no writes.',
        fix: 'Let REDIS_URL name the primary.',
      };
}

function persistenceCheck({ appendOnly, appendSync, writeFailed }: Answered, changes: boolean): Check {
  const intents = changes
    ? ' Changes depend on it: what was about to be sent to a cluster may be forgotten, and what it has sent be unknown.'
    : '';
  const base = { area: 'redis', id: 'redis.persistence' } as const;
  if (writeFailed) {
    return {
      ...base,
      status: 'failure',
      says: 'Its last write to disk failed, so it may refuse commands.',
      fix: 'Look at the log of Redis; the disk is often full.',
    };
  }
  if (!appendOnly) {
    return {
      ...base,
      status: 'warning',
      says: `It keeps no append-only file: a restart loses questions and answers that were accepted.${intents}`,
      fix: 'Set `appendonly yes` and `appendfsync always` in redis.conf.',
    };
  }
  if (appendSync === undefined) {
    return { ...base, status: 'note', says: 'It keeps an append-only file; it does not tell how often it is synced.' };
  }
  return appendSync === 'always'
    ? { ...base, status: 'ok', says: 'It writes everything to disk before it answers (appendfsync always).' }
    : {
        ...base,
        status: 'warning',
        says: `It syncs its append-only file only now and then (appendfsync ${appendSync}): a power loss loses about a second of questions.${intents}`,
        fix: 'Set `appendfsync always` in redis.conf; it costs less than half a millisecond a question.',
      };
}

function policyCheck({ evictionPolicy }: Answered): Check {
  const base = { area: 'redis', id: 'redis.eviction' } as const;
  return evictionPolicy === 'noeviction'
    ? { ...base, status: 'ok', says: 'It throws nothing away when memory is short (noeviction).' }
    : {
        ...base,
        status: 'failure',
        says: `It may throw questions away when memory is short (maxmemory-policy ${evictionPolicy}).`,
        fix: 'Set `maxmemory-policy noeviction` in redis.conf; do not share this Redis with a cache.',
      };
}

function memoryCheck({ usedBytes, limitBytes }: Answered): Check {
  const base = { area: 'redis', id: 'redis.memory' } as const;
  const used = `${Math.ceil(usedBytes / MIB)} MiB`;
  if (limitBytes === 0) {
    return { ...base, status: 'note', says: `It uses ${used} and has no limit of its own (maxmemory 0).` };
  }
  const share = usedBytes / limitBytes;
  const says = `It uses ${used} of ${Math.floor(limitBytes / MIB)} MiB (${Math.round(share * 100)} %).`;
  return share < ALARM
    ? { ...base, status: 'ok', says }
    : {
        ...base,
        status: share >= 0.95 ? 'failure' : 'warning',
        says,
        fix: 'Raise maxmemory, or lower `retention.days` in kubewhy.yaml: a full Redis stops all questions.',
      };
}
