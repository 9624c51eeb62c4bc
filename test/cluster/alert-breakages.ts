interface Parts {
  readonly replicas?: number;
  /** Further fields of the container, as YAML in flow style. */
  readonly container?: string;
  /** Further fields of the spec of the pod. */
  readonly pod?: string;
}

const PULL = 'imagePullPolicy: IfNotPresent';
const SLEEP = 'command: [sleep, "3600"]';

function deployment(name: string, image: string, { replicas = 1, container = SLEEP, pod = '' }: Parts = {}): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{ name: ${name}, image: "${image}", ${PULL}, ${container} }]
      ${pod}
---`;
}

const NEEDS_KEY = {
  container: `${SLEEP}, env: [{ name: DB, valueFrom: { configMapKeyRef: { name: settings, key: DATABASE_URL } } }]`,
};

/** Three workloads that need the same key of a ConfigMap, which is not there. */
export const MISSING_KEY = `
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { CACHE_URL: "redis://cache" }
---${deployment('orders', 'busybox:1.36', { ...NEEDS_KEY, replicas: 2 })}${deployment('cart', 'busybox:1.36', NEEDS_KEY)}${deployment('billing', 'busybox:1.36', NEEDS_KEY)}`;

/** A workload that runs until somebody gives it another image. */
export const RUNNING = (name: string): string => deployment(name, 'nginx:1.27', { container: 'ports: []' });

/** `api` cannot read its settings; the health page of `web` asks it. */
export const CASCADE = `
apiVersion: v1
kind: Service
metadata: { name: api }
spec: { selector: { app: api }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: web-site }
data:
  health: |
    #!/bin/sh
    if wget -T 2 -q -O /dev/null "$API_URL/"; then
      printf 'Content-Type: text/plain\\r\\n\\r\\nok\\n'
    else
      printf 'Status: 500 Internal Server Error\\r\\nContent-Type: text/plain\\r\\n\\r\\nunhealthy\\n'
    fi
---${deployment('api', 'python:3.12-slim', {
  container: `command: [sh, -c, "echo 'Error: cannot parse /etc/api/settings.json: unexpected end of input' >&2; exit 1"]`,
})}${deployment('web', 'nginx:1.27', {
  replicas: 2,
  container: `env: [{ name: API_URL, value: "http://api" }], volumeMounts: [{ name: site, mountPath: /usr/share/nginx/html/cgi-bin }],
        readinessProbe: { httpGet: { path: /cgi-bin/health, port: 80 }, periodSeconds: 3, timeoutSeconds: 3 },
        livenessProbe: { httpGet: { path: /cgi-bin/health, port: 80 }, periodSeconds: 3, timeoutSeconds: 3 }`,
  pod: 'volumes: [{ name: site, configMap: { name: web-site, defaultMode: 0755 } }]',
})}`;

/** A StatefulSet whose claims name a class that nobody made. */
export const NO_CLASS = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  replicas: 2
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers: [{ name: db, image: "postgres:16", ${PULL}, volumeMounts: [{ name: data, mountPath: /data }] }]
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], storageClassName: fast-ssd, resources: { requests: { storage: 1Gi } } }
`;

/** Two workloads of one namespace that have nothing to do with each other, and are broken at the same time. */
export const TWO_TROUBLES = `${deployment('cache', 'redis:7', {
  container: 'command: [sh, -c, "sleep 1; tail /dev/zero"], resources: { limits: { memory: 24Mi } }',
})}${deployment('worker', 'busybox:1.36', { container: 'command: [sleeep, "3600"]' })}`;

/** One that is well, and one with a pod whose name another pod gets. */
export const OTHERS = `${deployment('steady', 'busybox:1.36')}
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: queue }
spec:
  serviceName: queue
  selector: { matchLabels: { app: queue } }
  template:
    metadata: { labels: { app: queue } }
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: queue
          image: busybox:1.36
          ${PULL}
          command: [sh, -c, "echo 'FATAL: cannot open /var/lib/queue/journal: No such file or directory' >&2; exit 1"]
---${deployment('mailer', 'busybox:1.36', { container: `command: [sh, -c, "echo 'panic: SMTP_HOST is not set' >&2; exit 2"]` })}`;
