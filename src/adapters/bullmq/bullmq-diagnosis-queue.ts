import type { DiagnosisJob } from '../../core/question/question.ts';
import type { DiagnosisQueue } from '../../ports/diagnosis-queue.ts';
import { JobQueues, type JobQueuesOptions } from './job-queues.ts';
import { diagnosisQueueName } from './queue-options.ts';

/** The queue knows no lower rank. */
const LOWEST_PRIORITY = 2_097_151;

/** One BullMQ queue for each cluster, opened when its first job comes. */
export class BullmqDiagnosisQueue implements DiagnosisQueue {
  private readonly queues: JobQueues;

  constructor(options: JobQueuesOptions) {
    this.queues = new JobQueues(options);
  }

  /** Connects to the queues of these clusters ahead of their first job. */
  open(clusters: readonly string[]): void {
    this.queues.open(clusters.map(diagnosisQueueName));
  }

  async enqueue(job: DiagnosisJob, position: number): Promise<void> {
    const priority = Math.min(Math.max(Math.ceil(position), 1), LOWEST_PRIORITY);
    await this.queues.add(diagnosisQueueName(job.cluster), {
      name: 'diagnose',
      data: job,
      options: {
        jobId: `dg-${job.questionId}-${job.run}`,
        attempts: 5,
        backoff: { type: 'exponential', delay: 1000 },
        priority,
      },
    });
  }

  async close(): Promise<void> {
    await this.queues.close();
  }
}
