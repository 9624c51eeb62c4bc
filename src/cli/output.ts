import { EXIT } from './exit-codes.ts';

/** Where a command writes. */
export interface Output {
  /** Columns to lay text out in. */
  readonly width: number;
  /** Columns for messages; a log that keeps them breaks no lines. */
  readonly noteWidth: number;
  /** Whether standard output is a terminal. */
  readonly terminal: boolean;
  print(text: string): void;
  /** A message beside the answer, on standard error. */
  note(text: string): void;
  /** Runs a task; people at a terminal see that it is running when it takes long. */
  waiting<T>(text: string, task: () => Promise<T>): Promise<T>;
}

const DEFAULT_WIDTH = 80;
const NARROWEST = 30;
/** Lines longer than this are hard to read. */
const WIDEST = 120;
const SPINNER_DELAY_MS = 300;
const FRAME_MS = 100;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const ERASE_LINE = '\r\u001b[K';

/** Writes to the standard streams. A reader that went away (`| head`) ends the program quietly. */
export function standardOutput(columns: number | undefined): Output {
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) {
    stream.on('error', endQuietly);
  }
  return {
    width: usableWidth(columns ?? (stdout.isTTY ? stdout.columns : undefined)),
    noteWidth: stderr.isTTY ? usableWidth(columns ?? stderr.columns) : Number.POSITIVE_INFINITY,
    terminal: stdout.isTTY,
    print: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    waiting: (text, task) => (stderr.isTTY ? withSpinner(text, task) : task()),
  };
}

/** Some terminals say that they have no column at all. */
function usableWidth(columns: number | undefined): number {
  return columns === undefined || columns < 1 ? DEFAULT_WIDTH : Math.min(WIDEST, Math.max(NARROWEST, columns));
}

/** Ends the program once everything is written; open connections do not hold it. */
export async function finish(code: number): Promise<never> {
  process.exitCode = code;
  await Promise.all([process.stdout, process.stderr].map(flushed));
  process.exit(code);
}

/** Ctrl-C ends the program without a word, on a clean line. */
export function quietInterrupt(): void {
  process.on('SIGINT', () => {
    if (process.stderr.isTTY) {
      process.stderr.write(ERASE_LINE);
    }
    process.exit(EXIT.interrupted);
  });
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => {
      resolve();
    });
  });
}

function endQuietly(error: Error): never {
  if ('code' in error && error.code === 'EPIPE') {
    process.exit();
  }
  process.stderr.write(`kubewhy: the answer could not be written: ${error.message}\n`);
  process.exit(EXIT.unknown);
}

async function withSpinner<T>(text: string, task: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const elapsed = performance.now() - startedAt;
    if (elapsed >= SPINNER_DELAY_MS) {
      const frame = FRAMES[Math.floor(elapsed / FRAME_MS) % FRAMES.length] ?? '';
      process.stderr.write(`${ERASE_LINE}${frame} ${text}`);
    }
  }, FRAME_MS);
  try {
    return await task();
  } finally {
    clearInterval(timer);
    if (performance.now() - startedAt >= SPINNER_DELAY_MS) {
      process.stderr.write(ERASE_LINE);
    }
  }
}
