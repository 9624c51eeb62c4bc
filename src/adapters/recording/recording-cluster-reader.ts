import type { Recording } from '../../core/recording/recording.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import { caseClusterReader } from './case-cluster-reader.ts';
import { sessionClusterReader } from './session-cluster-reader.ts';

/** Answers from a recording as the cluster did, or from a hand-written case as a cluster would. */
export function recordingClusterReader(recording: Recording): ClusterReader {
  return recording.closedWorld ? caseClusterReader(recording) : sessionClusterReader(recording);
}
