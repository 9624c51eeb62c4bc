/** The errors of a connection that administrators meet, in words; the code stays for searching. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was closed',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ENOTFOUND: 'DNS does not know the name',
  EAI_AGAIN: 'DNS does not answer',
  ETIMEDOUT: 'no connection in time',
};

/** A reason as words where it is a known code of the system, such as `nothing listens there (ECONNREFUSED)`. */
export function networkWords(reason: string): string {
  const words = WORDS[reason];
  return words === undefined ? reason : `${words} (${reason})`;
}
