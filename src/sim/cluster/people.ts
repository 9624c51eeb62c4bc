import type { AccessRule, Requester, SimUser } from './access-rules.ts';

/** What somebody may do of whom only the name or a group is known, as SubjectAccessReviews ask. */
export interface SimIdentity {
  readonly user?: string;
  readonly group?: string;
  readonly rules: readonly AccessRule[];
}

/** Everybody whom the simulated cluster can tell something about. */
export class People {
  readonly users: readonly SimUser[];
  #identities: readonly SimIdentity[];

  constructor(users: readonly SimUser[], identities: readonly SimIdentity[]) {
    this.users = users;
    this.#identities = identities;
  }

  /** From now on this table counts. */
  replace(identities: readonly SimIdentity[]): void {
    this.#identities = identities;
  }

  /** Somebody by name and groups, with everything that is allowed to them. */
  identity(user: string, groups: readonly string[]): Requester {
    const own = this.users.filter(({ name }) => name === user);
    const others = this.#identities.filter(
      (one) => (one.user !== undefined && one.user === user) || (one.group !== undefined && groups.includes(one.group)),
    );
    return { name: user, rules: [...own, ...others].flatMap(({ rules }) => rules) };
  }
}
