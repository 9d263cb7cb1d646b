/** An AWS SDK module as far as it is known here: commands and schemas are found by their names in the table of kinds. */
export type AwsModule = Readonly<Record<string, unknown>>;

/** What is used of a client of the AWS SDK. */
export interface AwsClient {
  readonly send: (command: object, options: { readonly abortSignal: AbortSignal }) => Promise<unknown>;
  readonly destroy: () => void;
  readonly middlewareStack: {
    readonly add: (middleware: Middleware, place: MiddlewarePlace) => void;
  };
}

export type Middleware = (next: Next, context: { readonly commandName?: string }) => Next;
export type Next = (step: MiddlewareStep) => Promise<MiddlewareResult>;

export interface MiddlewareStep {
  readonly input: unknown;
  readonly request?: unknown;
}

export interface MiddlewareResult {
  readonly output?: unknown;
  readonly response: unknown;
}

export interface MiddlewarePlace {
  readonly step: 'initialize' | 'deserialize';
  readonly name: string;
  readonly priority: 'high' | 'low';
}
