/** Seconds that the kubelet waits before restart number 1, 2, …: 0, 10, 20, 40, … up to 300 (`pkg/kubelet/kubelet.go`). */
export function backoffBeforeRestart(restartNumber: number, initial = 10, maximum = 300): number {
  if (restartNumber <= 1) {
    return 0;
  }
  return Math.min(Math.min(initial, maximum) * 2 ** Math.min(restartNumber - 2, 30), maximum);
}

/** Without trouble for this long the kubelet starts the ladder again (`client-go/util/flowcontrol/backoff.go`). */
export const BACKOFF_RESET_SECONDS = 600;
