/** A pod whose ConfigMap is absent. */
export const CONFIG_MISSING = `
apiVersion: v1
kind: Pod
metadata: { name: config-missing }
spec:
  containers:
    - { name: app, image: lab/idle:1, imagePullPolicy: IfNotPresent, envFrom: [{ configMapRef: { name: absent } }] }
`;

/** A pod that no node has room for. */
export const TOO_LARGE = `
apiVersion: v1
kind: Pod
metadata: { name: too-large }
spec:
  containers:
    - { name: app, image: lab/idle:1, resources: { requests: { cpu: "64" } } }
`;
