/** One thing that Slack refuses, with the JSON pointer to it. */
export interface Problem {
  readonly pointer: string;
  readonly message: string;
}

/** The form in which Slack's answers mention a problem. */
export function describeProblem({ pointer, message }: Problem): string {
  return `${message} [json-pointer:${pointer}]`;
}
