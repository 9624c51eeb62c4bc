/** What was found out about Redis. */
export type RedisFacts =
  | {
      readonly kind: 'answered';
      /** Host and port, without a password. */
      readonly address: string;
      /** `redis` or `valkey`; other servers call themselves `redis`. */
      readonly server: string;
      /** The version of Redis whose commands it speaks. */
      readonly version: string;
      readonly role: string;
      readonly cluster: boolean;
      readonly appendOnly: boolean;
      /** Undefined when the server does not tell, as managed ones do. */
      readonly appendSync: string | undefined;
      readonly evictionPolicy: string;
      readonly usedBytes: number;
      /** 0: without limit. */
      readonly limitBytes: number;
      /** The last write to disk failed, which makes Redis refuse commands. */
      readonly writeFailed: boolean;
    }
  | {
      readonly kind: 'failed';
      readonly address: string;
      readonly why: 'unreachable' | 'credentials' | 'rights' | 'tls' | 'timeout';
      /** The server's or the system's own word for it, safe to print. */
      readonly reason: string;
    };
