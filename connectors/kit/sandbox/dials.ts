/**
 * Dials declared as data: what each is at rest and what it takes. A value that does not fit is refused with what would, so that
 * no test turns a dial that does not move. What a dial does is the vendor part's.
 */

export interface Dial<T> {
  rest: T;
  /** What it takes, as a refusal says it. */
  takes: string;
  /** The value as it is kept; undefined when it does not fit. */
  read(value: unknown): T | undefined;
  /** Null is one of its positions and not the way back to rest. */
  takesNull?: true;
}

export type DialSet = Readonly<Record<string, Dial<unknown>>>;
/** Where every dial stands. */
export type DialValues<S extends DialSet> = {
  -readonly [K in keyof S]: S[K] extends Dial<infer T> ? T : never;
};

export function flag(rest = false): Dial<boolean> {
  return {
    rest,
    takes: 'true or false',
    read: (value) => (typeof value === 'boolean' ? value : undefined),
  };
}

export function count(rest: number, least = 0): Dial<number> {
  return {
    rest,
    takes: `a number of ${least} or more`,
    read: (value) => (typeof value === 'number' && value >= least ? value : undefined),
  };
}

export function choice<const T extends string | number>(rest: NoInfer<T>, options: readonly T[]): Dial<T> {
  return {
    rest,
    takes: `one of ${options.join(', ')}`,
    read: (value) => options.find((option) => option === value),
  };
}

export function texts(rest: readonly string[] = []): Dial<readonly string[]> {
  return {
    rest,
    takes: 'a list of texts',
    read: (value) => (Array.isArray(value) && value.every(isText) ? value : undefined),
  };
}

export function textByName(): Dial<Readonly<Record<string, string>>> {
  return {
    rest: {},
    takes: 'an object of texts',
    read: (value) =>
      isObject(value) && Object.values(value).every(isText) ? (value as Record<string, string>) : undefined,
  };
}

/** A text that `read` understands, as it makes of it. */
export function written<T>(rest: T, takes: string, read: (text: string) => T | null | undefined): Dial<T> {
  return { rest, takes, read: (value) => (isText(value) ? (read(value) ?? undefined) : undefined) };
}

/** The dial, or nothing: null, which is its rest unless told otherwise. */
export function orNothing<T>(dial: Dial<T>, rest: T | null = null): Dial<T | null> {
  return {
    rest,
    takes: `${dial.takes}, or null for none`,
    takesNull: true,
    read: (value) => (value === null ? null : dial.read(value)),
  };
}

/** An object of dials; what is not named is at rest. */
export function shape<S extends DialSet>(members: S): Dial<DialValues<S>> {
  const takes = Object.entries(members).map(([name, member]) => `"${name}": ${member.takes}`);
  return {
    rest: restOf(members),
    takes: `an object of ${takes.join('; ')}`,
    read(value) {
      if (!isObject(value)) return undefined;
      const values = restOf(members);
      for (const [name, given] of Object.entries(value)) {
        const member = Object.hasOwn(members, name) ? members[name] : undefined;
        const read = given === null && member?.takesNull !== true ? member?.rest : member?.read(given);
        if (read === undefined) return undefined;
        Object.assign(values, { [name]: read });
      }
      return values;
    },
  };
}

/** The first that the value fits. */
export function either<A, B>(first: Dial<A>, second: Dial<B>): Dial<A | B> {
  return {
    rest: first.rest,
    takes: `${first.takes}, or ${second.takes}`,
    read: (value) => first.read(value) ?? second.read(value),
  };
}

/** A dial that is kept in another form than it is turned in. */
export function kept<A, B>(dial: Dial<A>, rest: B, keep: (value: A) => B | undefined): Dial<B> {
  return {
    rest,
    takes: dial.takes,
    read(value) {
      const read = dial.read(value);
      return read === undefined ? undefined : keep(read);
    },
  };
}

/** A fresh value of every dial: the vendor part may change what it gets. */
export function restOf<S extends DialSet>(set: S): DialValues<S> {
  const rest = Object.entries(set).map(([name, dial]) => [name, structuredClone(dial.rest)]);
  return Object.fromEntries(rest) as DialValues<S>;
}

/** Turns one dial; null lays it back to rest. Throws one sentence when there is none, or when the value does not fit. */
export function turnDial<S extends DialSet>(
  set: S,
  values: DialValues<S>,
  name: string,
  value: unknown,
): void {
  const dial = Object.hasOwn(set, name) ? set[name] : undefined;
  if (dial === undefined) {
    throw new TypeError(`The dial "${name}" is unknown; use one of ${Object.keys(set).join(', ')}.`);
  }
  const toRest = value === null && dial.takesNull !== true;
  const read = toRest ? structuredClone(dial.rest) : dial.read(value);
  if (read === undefined) {
    const shown = JSON.stringify(value) as string | undefined;
    throw new TypeError(`The dial "${name}" takes ${dial.takes}; ${shown ?? 'nothing'} does not fit.`);
  }
  Object.assign(values, { [name]: read });
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
