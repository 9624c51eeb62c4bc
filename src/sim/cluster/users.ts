import type { SimUser } from './access-rules.ts';

const READ = [
  { verbs: ['get', 'list'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['get'], nonResourceURLs: ['*'] },
];

/** May read everything. */
export const READER_USER: SimUser = {
  token: 'kubewhy-sim',
  name: 'system:serviceaccount:kubewhy:kubewhy',
  rules: READ,
};

/** May also do what the changes need, as `executor.yaml` and `executor-finalizers.yaml` of deploy/rbac grant it. */
export const EXECUTOR_USER: SimUser = {
  token: 'kubewhy-sim-executor',
  name: 'system:serviceaccount:kubewhy:kubewhy-executor',
  rules: [
    ...READ,
    { verbs: ['delete'], apiGroups: [''], resources: ['pods'] },
    { verbs: ['create'], apiGroups: [''], resources: ['events', 'pods/eviction'] },
    { verbs: ['patch'], apiGroups: [''], resources: ['nodes', 'persistentvolumeclaims', 'pods'] },
    { verbs: ['update'], apiGroups: [''], resources: ['namespaces/finalize'] },
    { verbs: ['patch'], apiGroups: ['apps'], resources: ['daemonsets', 'deployments', 'statefulsets'] },
    { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'] },
  ],
};
