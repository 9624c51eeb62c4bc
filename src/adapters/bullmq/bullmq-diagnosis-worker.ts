import { diagnosisJobSchema } from '../../core/question/question-schema.ts';
import type { DiagnosisWorker, HandleDiagnosisJob } from '../../ports/diagnosis-worker.ts';
import { JobWorker, type WorkerOptions } from './job-worker.ts';
import { diagnosisQueueName } from './queue-options.ts';

/** What a worker of diagnoses needs. */
export interface BullmqDiagnosisWorkerOptions extends WorkerOptions {
  readonly cluster: string;
  readonly handle: HandleDiagnosisJob;
  /** Jobs at the same time. Default 8. */
  readonly concurrency?: number;
}

const CONCURRENCY = 8;

/** Takes jobs from the BullMQ queue of one cluster. */
export class BullmqDiagnosisWorker implements DiagnosisWorker {
  private readonly worker: JobWorker;

  constructor({ cluster, handle, concurrency = CONCURRENCY, ...options }: BullmqDiagnosisWorkerOptions) {
    this.worker = new JobWorker({
      ...options,
      queue: diagnosisQueueName(cluster),
      concurrency,
      run: async (data) => {
        const job = diagnosisJobSchema.safeParse(data);
        if (!job.success || job.data.cluster !== cluster) {
          return 'not understood';
        }
        await handle(job.data);
        return 'done';
      },
    });
  }

  isReady(): boolean {
    return this.worker.isReady();
  }

  async close(): Promise<void> {
    await this.worker.close();
  }
}
