/** Seconds that the kubelet waits before restart number 1, 2, …; catalogue section 6. */
export function backoffBeforeRestart(restartNumber: number, initial = 10, maximum = 300): number {
  if (restartNumber <= 1) {
    return 0;
  }
  return Math.min(Math.min(initial, maximum) * 2 ** Math.min(restartNumber - 2, 30), maximum);
}

/** Without trouble for this long the kubelet starts the ladder again (`pkg/kubelet/kubelet.go`, 10 minutes). */
export const BACKOFF_RESET_SECONDS = 600;
