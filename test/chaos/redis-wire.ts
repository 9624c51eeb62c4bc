import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosBot } from './chaos-bot.ts';
import type { Gates } from './gates.ts';
import { CommandReader, type RedisCommand } from './resp.ts';

/** A way to Redis on which single commands can be held. */
export interface RedisWire {
  readonly port: number;
  /** Whose commands these are. */
  bot: ChaosBot | undefined;
  close(): void;
}

/** Keeps back the answers of a server on all ways to it: what is not acknowledged may get lost. */
export interface Valve {
  /** Resolves when the server is dead; undefined while answers pass. */
  closed: Promise<void> | undefined;
}

/** Passes the connections of one bot on to a server. */
export async function startRedisWire(target: number, gates: Gates, valve: Valve): Promise<RedisWire> {
  const sockets = new Set<Socket>();
  const wire: { port: number; bot: ChaosBot | undefined; close(): void } = {
    port: 0,
    bot: undefined,
    close: () => undefined,
  };
  const server: Server = createServer({ noDelay: true }, (incoming) => {
    const outgoing = connect({ port: target, host: '127.0.0.1', noDelay: true });
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        incoming.destroy();
        outgoing.destroy();
      });
    }
    void new Line(incoming, outgoing, { gateOf: (command) => gateOf(command, gates, wire.bot), valve }).run();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  wire.port = (server.address() as AddressInfo).port;
  wire.close = () => {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  };
  return wire;
}

function gateOf(command: RedisCommand, gates: Gates, bot: ChaosBot | undefined) {
  if (gates.isIdle) {
    return undefined;
  }
  const { raw } = command;
  const gate = gates.take({
    wire: 'redis',
    bot,
    what: whatOf(command),
    includes: (text) => raw.includes(text),
    text: () => raw.toString('latin1'),
  });
  return gate === undefined ? undefined : { phase: gate.phase, reached: () => gate.reached(bot) };
}

function whatOf({ name, first, raw }: RedisCommand): string {
  if (name === 'EVALSHA') {
    return first;
  }
  return name === 'EVAL' ? createHash('sha1').update(scriptOf(raw)).digest('hex') : name;
}

/** The text of `*n $4 EVAL $size text …`. */
function scriptOf(raw: Buffer): Buffer {
  const start = raw.indexOf('$', raw.indexOf('\r\n', raw.indexOf('$') + 1) + 1);
  const end = raw.indexOf('\r\n', start);
  return raw.subarray(end + 2, end + 2 + Number(raw.subarray(start + 1, end).toString('latin1')));
}

type Held = { readonly phase: 'before' | 'after'; reached(): Promise<void> } | undefined;

/** A command had its effect by then, unless the server stands still. */
const EFFECT_MS = 10;

interface LineOptions {
  readonly gateOf: (command: RedisCommand) => Held;
  readonly valve: Valve;
}

/** One connection of a bot and its counterpart. */
class Line {
  private readonly incoming: Socket;
  private readonly outgoing: Socket;
  private readonly gateOf: LineOptions['gateOf'];
  private readonly valve: Valve;
  private readonly reader = new CommandReader();
  /** What was read is sent in its order. */
  private sent: Promise<void> = Promise.resolve();
  private waiting = 0;
  /** What must happen before the next answer is handed on. */
  private readonly holds = new Set<Promise<void>>();

  constructor(incoming: Socket, outgoing: Socket, { gateOf: gate, valve }: LineOptions) {
    this.incoming = incoming;
    this.outgoing = outgoing;
    this.gateOf = gate;
    this.valve = valve;
  }

  async run(): Promise<void> {
    const answers = this.passAnswers().catch(() => undefined);
    try {
      for await (const piece of this.incoming as AsyncIterable<Buffer>) {
        this.reader.read(piece).forEach((command) => this.pass(command));
      }
    } catch {
      // One side is gone.
    }
    await this.sent;
    this.outgoing.destroy();
    await answers;
  }

  /** Gates see a command as soon as it comes, also while another one before it is held. */
  private pass(command: RedisCommand): void {
    const held = this.gateOf(command);
    if (held === undefined && this.waiting === 0) {
      this.outgoing.write(command.raw);
      return;
    }
    this.waiting += 1;
    this.sent = this.sendAfter(this.sent, command, held);
  }

  private async sendAfter(earlier: Promise<void>, { raw }: RedisCommand, held: Held): Promise<void> {
    const reached = held?.phase === 'before' ? held.reached() : undefined;
    await earlier;
    await reached;
    if (held?.phase === 'after') {
      this.hold(() => held.reached());
    }
    this.outgoing.write(raw);
    this.waiting -= 1;
  }

  private hold(reached: () => Promise<void>): void {
    const hold = pause(EFFECT_MS).then(reached);
    this.holds.add(hold);
    void hold.finally(() => this.holds.delete(hold));
  }

  private async passAnswers(): Promise<void> {
    for await (const piece of this.outgoing as AsyncIterable<Buffer>) {
      while (this.holds.size > 0) {
        await Promise.all(this.holds);
      }
      if (this.valve.closed !== undefined) {
        // Whoever waits for this answer never gets it.
        await this.valve.closed;
        break;
      }
      this.incoming.write(piece);
    }
    this.incoming.destroy();
  }
}
