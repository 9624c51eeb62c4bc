import { describe, expect, it } from 'vitest';
import { probeFailure } from '../../../src/core/facts/probe-failure.ts';

const http = { httpGet: { path: '/live', port: 8080 } };
const command = { exec: { command: ['redis-cli', 'ping'] } };

describe('probeFailure', () => {
  it.each([
    [http, 'HTTP probe failed with statuscode: 503', 'status', 'gets HTTP 503 from /live on port 8080'],
    [
      http,
      'Get "http://10.1.2.3:8080/live": dial tcp 10.1.2.3:8080: connect: connection refused',
      'refused',
      'finds nothing listening on port 8080',
    ],
    [
      http,
      'Get "http://10.1.2.3:8080/live": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      'timeout',
      'gets no answer from /live on port 8080 within 1 s',
    ],
    [
      http,
      'Get "https://10.1.2.3:8080/live": http: server gave HTTP response to HTTPS client',
      'protocol',
      'speaks HTTPS to port 8080, which answers in plain HTTP',
    ],
    [
      { tcpSocket: { port: 'web' } },
      'dial tcp 192.168.1.119:80: connect: connection refused',
      'refused',
      'finds nothing listening on port web',
    ],
    [
      { ...command, timeoutSeconds: 3 },
      'command "redis-cli ping" timed out',
      'timeout',
      'runs `redis-cli ping`, which takes longer than 3 s',
    ],
    [
      command,
      'rpc error: code = Unknown desc = exec failed: exec: "redis-cli": executable file not found in $PATH',
      'tool-missing',
      'runs `redis-cli ping`, but `redis-cli` is not in the image',
    ],
    [
      command,
      'NOAUTH Authentication required.',
      'command',
      'runs `redis-cli ping`, which fails: NOAUTH Authentication required.',
    ],
    [
      command,
      'open /data/ready: no such file or directory',
      'command',
      'runs `redis-cli ping`, which fails: open /data/ready: no such file or directory',
    ],
    [
      { exec: { command: ['sh', '-c', 'curl -f localhost'] } },
      'sh: curl: not found',
      'tool-missing',
      'runs `sh -c curl -f localhost`, but `curl` is not in the image',
    ],
    [
      { httpGet: { path: '/', port: 'htttp' } },
      'strconv.Atoi: parsing "htttp": invalid syntax',
      'port-name',
      'asks for port htttp, a name that no port of the container has',
    ],
    [
      { httpGet: { path: '/', port: 80, host: '10.0.0.9' } },
      'Get "http://10.0.0.9:80/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
      'timeout',
      'gets no answer from / on port 80 of 10.0.0.9 within 1 s',
    ],
    [
      { grpc: { port: 80 } },
      'timeout: failed to connect service "10.1.2.3:80" within 1s: context deadline exceeded',
      'timeout',
      'gets no gRPC answer from port 80 within 1 s',
    ],
    [command, '', 'command', 'runs `redis-cli ping`, which fails without a word'],
  ])('%j with %j is %s', (probe, output, kind, text) => {
    expect(probeFailure(probe, output)).toMatchObject({ kind, text });
  });

  it('counts the seconds until the kubelet acts', () => {
    const probe = { ...http, initialDelaySeconds: 5, periodSeconds: 3, failureThreshold: 3 };

    expect(probeFailure(probe, '')).toMatchObject({ budget: 14, soonest: 11 });
    expect(probeFailure(http, '')).toMatchObject({ budget: 30, soonest: 20 });
  });
});
