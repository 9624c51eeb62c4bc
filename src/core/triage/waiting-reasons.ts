const IMAGE = [
  'image-not-found',
  'image-pull-unauthorized',
  'image-pull-rate-limited',
  'image-pull-network',
  'image-inspect-or-registry-error',
] as const;
const CREATION = ['subpath-stale-bind-mount', 'command-not-executable'] as const;

const FIRST: readonly { readonly reasons: readonly string[]; readonly first: readonly string[] }[] = [
  {
    reasons: ['ContainerCreating'],
    first: [
      'missing-configmap-or-secret',
      'mount-timeout-umbrella',
      'multi-attach-error',
      'pod-sandbox-creation-failed',
    ],
  },
  { reasons: ['PodInitializing'], first: ['init-container-failed'] },
  { reasons: ['InvalidImageName'], first: ['invalid-image-name'] },
  { reasons: ['ErrImageNeverPull'], first: ['image-never-pull'] },
  {
    reasons: [
      'ErrImagePull',
      'ImagePullBackOff',
      'ImageInspectError',
      'RegistryUnavailable',
      'SignatureValidationFailed',
    ],
    first: IMAGE,
  },
  {
    reasons: ['CreateContainerConfigError'],
    first: ['missing-configmap-or-secret', 'missing-config-key', 'run-as-non-root-violation', 'subpath-prepare-failed'],
  },
  { reasons: ['CreateContainerError'], first: ['container-create-name-reserved', ...CREATION] },
  { reasons: ['RunContainerError'], first: [...CREATION, 'container-start-failed-other'] },
  { reasons: ['PreCreateHookError', 'PreStartHookError'], first: ['container-start-failed-other'] },
  { reasons: ['PostStartHookError'], first: ['post-start-hook-failed'] },
  {
    reasons: ['CreatePodSandboxError', 'ConfigPodSandboxError', 'KillPodSandboxError', 'KillContainerError'],
    first: ['pod-sandbox-creation-failed', 'pod-terminating-kubelet-stuck'],
  },
];

/** The playbooks to test first for a container that waits for that reason; none for a reason that is not known. */
export function playbooksForReason(reason: string): readonly string[] {
  return FIRST.find(({ reasons }) => reasons.includes(reason))?.first ?? [];
}
