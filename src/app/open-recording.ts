import type { Recording } from '../core/recording/recording.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterReader } from '../ports/cluster-reader.ts';

/** A recording as a question can be asked about it. */
export interface OpenedRecording {
  readonly cluster: ClusterReader;
  readonly clock: Clock;
  /** What was asked about when it was recorded. */
  readonly subject: string;
  /** The namespace of what was read first. */
  readonly namespace: string;
}

/** Reads a recording from its folder; nothing of the Kubernetes adapter is loaded. Throws RECORDING_INVALID. */
export async function openRecording(folder: string): Promise<OpenedRecording> {
  const [{ readRecording }, { recordingClusterReader }] = await Promise.all([
    import('../adapters/recording/recording-files.ts'),
    import('../adapters/recording/recording-cluster-reader.ts'),
  ]);
  const recording = await readRecording(folder);
  return {
    cluster: recordingClusterReader(recording),
    clock: { now: () => new Date(recording.clock) },
    subject: recording.subject,
    namespace: firstNamespace(recording) ?? 'default',
  };
}

function firstNamespace(recording: Recording): string | undefined {
  if (!recording.closedWorld) {
    return recording.reads.map(({ query }) => query.namespace).find((namespace) => namespace !== undefined);
  }
  const namespaces = recording.objects.map(({ metadata }) =>
    typeof metadata === 'object' && metadata !== null && 'namespace' in metadata ? metadata['namespace'] : undefined,
  );
  return namespaces.find((namespace) => typeof namespace === 'string');
}
