import { lastLine, shorten } from './text.ts';

/** A probe as it stands in a container's spec. */
export interface ProbeSpec {
  readonly httpGet?: {
    readonly path?: string;
    readonly port?: string | number;
    readonly scheme?: string;
    readonly host?: string;
  };
  readonly tcpSocket?: { readonly port?: string | number; readonly host?: string };
  readonly grpc?: { readonly port?: number };
  readonly exec?: { readonly command?: readonly string[] };
  readonly timeoutSeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
  readonly initialDelaySeconds?: number;
}

/** How a probe fails, and how soon the kubelet can act on it. */
export interface ProbeFailure {
  readonly kind:
    | 'status'
    | 'refused'
    | 'timeout'
    | 'tool-missing'
    | 'protocol'
    | 'dns'
    | 'port-name'
    | 'command'
    | 'other';
  /** Follows "its liveness probe": `gets HTTP 404 from /healthz on port 80`. */
  readonly text: string;
  /** HTTP status; 0 when none came. */
  readonly status: number;
  /** Seconds of consecutive failures, counted from the start of a run, after which the kubelet acts. */
  readonly budget: number;
  /** Seconds after a start before which so many failures cannot have happened. */
  readonly soonest: number;
}

/** Reads the output of a failed probe (the part of the event after `probe failed:`) with the probe that made it. */
export function probeFailure(probe: ProbeSpec, output: string): ProbeFailure {
  const period = probe.periodSeconds ?? 10;
  const budget = (probe.initialDelaySeconds ?? 0) + period * (probe.failureThreshold ?? 3);
  const status = Number(/statuscode: (\d{3})/.exec(output)?.[1] ?? 0);
  const kind = kindOf(probe, output, status);
  const text = probe.exec === undefined ? networkText(probe, kind, output, status) : commandText(probe, kind, output);
  return { kind, text, status, budget, soonest: budget - period };
}

/**
 * The runtime or a shell could not start the program. What the program itself prints may speak of missing files as well.
 */
const TOOL_MISSING =
  /exec: "[^"]+": (?:executable file not found|stat \S+: no such file)|executable file `(?<crun>[^`]+)` not found|fork\/exec (?<path>\S+): no such file|(?:^|\s)(?:\S*\/)?(?:ba|da|a)?sh: (?:line )?(?:\d+: )?(?<tool>[^\s:]+): (?:command )?not found(?=\s|$)/;

function kindOf(probe: ProbeSpec, output: string, status: number): ProbeFailure['kind'] {
  if (status > 0) {
    return 'status';
  }
  const command = probe.exec !== undefined;
  if (command && TOOL_MISSING.test(output)) {
    return 'tool-missing';
  }
  if (
    command &&
    /^(?:command "?.*)?(?:timed out|timeout: |.*did not complete within)|timed out after \d|DeadlineExceeded/.test(
      output,
    )
  ) {
    return 'timeout';
  }
  if (command) {
    return 'command';
  }
  if (/connection refused|actively refused/.test(output)) {
    return 'refused';
  }
  if (
    /malformed HTTP|server gave HTTP response to HTTPS client|does not look like a TLS handshake|http2: /.test(output)
  ) {
    return 'protocol';
  }
  if (/strconv\.Atoi: parsing/.test(output)) {
    return 'port-name';
  }
  if (/no such host|server misbehaving/.test(output)) {
    return 'dns';
  }
  return /deadline exceeded|Client\.Timeout|timed out|timeout/.test(output) ? 'timeout' : 'other';
}

/** Whom a probe asks, for people; without a host it is the pod itself. */
function addressOf({ httpGet, tcpSocket, grpc }: ProbeSpec) {
  const port = `port ${httpGet?.port ?? tcpSocket?.port ?? grpc?.port ?? '?'}`;
  const host = httpGet?.host ?? tcpSocket?.host ?? '';
  const at = host === '' ? port : `${port} of ${host}`;
  return { port, host, at, where: httpGet === undefined ? at : `${httpGet.path ?? '/'} on ${at}` };
}

function networkText(probe: ProbeSpec, kind: ProbeFailure['kind'], output: string, status: number): string {
  const { port, host, at, where } = addressOf(probe);
  const answer = probe.grpc === undefined ? 'answer' : 'gRPC answer';
  switch (kind) {
    case 'status':
      return `gets HTTP ${status} from ${where}`;
    case 'refused':
      return `finds nothing listening on ${at}`;
    case 'timeout':
      return `gets no ${answer} from ${where} within ${probe.timeoutSeconds ?? 1} s`;
    case 'protocol':
      return /HTTPS client|TLS handshake/.test(output)
        ? `speaks HTTPS to ${port}, which answers in plain HTTP`
        : `speaks HTTP to ${port}, which does not`;
    case 'port-name':
      return `asks for ${port}, a name that no port of the container has`;
    case 'dns':
      return `cannot resolve the host \`${host}\``;
    default:
      return `fails on ${where}: ${shorten(output, 90)}`;
  }
}

function commandText({ exec, timeoutSeconds }: ProbeSpec, kind: ProbeFailure['kind'], output: string): string {
  const command = exec?.command ?? [];
  const shown = shorten(command.join(' '), 50);
  switch (kind) {
    case 'tool-missing':
      return `runs \`${shown}\`, but ${missingTool(command, output)}`;
    case 'timeout':
      return `runs \`${shown}\`, which takes longer than ${timeoutSeconds ?? 1} s`;
    default: {
      const said = lastLine(output);
      return said === ''
        ? `runs \`${shown}\`, which fails without a word`
        : `runs \`${shown}\`, which fails: ${shorten(said, 80)}`;
    }
  }
}

function missingTool(command: readonly string[], output: string): string {
  const { crun, path, tool } = TOOL_MISSING.exec(output)?.groups ?? {};
  const named = /exec: "([^"]+)"/.exec(output)?.[1] ?? crun ?? path ?? tool;
  return `\`${shorten(named ?? command[0] ?? '', 40)}\` is not in the image`;
}
