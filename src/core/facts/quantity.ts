const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity (`100m`, `1.5Gi`, `2e3`) in base units (cores, bytes); undefined when it is none. */
export function parseQuantity(text: string | number | undefined): number | undefined {
  if (typeof text === 'number') {
    return text;
  }
  const parts = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(text?.trim() ?? '');
  if (parts === null) {
    return undefined;
  }
  const factor = SUFFIXES[parts[3] ?? ''] ?? 1;
  return Number(`${parts[1]}${parts[2] ?? ''}`) * factor;
}

/** Bytes as `512Mi`, `1.5Gi`; other resources as a plain number; cpu as `250m`, `1500m` or `2`. */
export function formatQuantity(value: number, resource: string): string {
  if (resource === 'cpu') {
    return Number.isInteger(value) ? String(value) : `${Math.round(value * 1000)}m`;
  }
  if (!/memory|storage/.test(resource)) {
    return String(value);
  }
  for (const suffix of ['Ti', 'Gi', 'Mi', 'Ki']) {
    const amount = value / (SUFFIXES[suffix] ?? 1);
    if (Math.abs(amount) >= 1) {
      return `${Math.round(amount * 10) / 10}${suffix}`;
    }
  }
  return String(value);
}
