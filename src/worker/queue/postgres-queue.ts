import { setTimeout as wait } from 'node:timers/promises';
import type { BackendFactory, PostgresConnectionOptions } from 'bullmq';
import { PostgresConnection, PostgresQueueBackend, runMigrations } from 'bullmq';

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;

/**
 * A connection that asks until the server was there once, and its tables were made. The library's own keeps its first
 * answer, and one of a server that was just starting would stand for as long as the worker runs. Later breaks it mends itself.
 */
class PatientConnection extends PostgresConnection {
  #ready: Promise<void> | undefined;

  constructor(options: PostgresConnectionOptions) {
    super(options);
    // A client that is in use when its server dies says so twice: its query fails, which is heard, and it emits an
    // error, which would end the process.
    this.pool.on('connect', (client) => {
      client.on('error', () => undefined);
    });
  }

  override waitUntilReady(): Promise<void> {
    this.#ready ??= this.#untilReady();
    return this.#ready;
  }

  /** @throws the last failure, once the connection was told to close. */
  async #untilReady(): Promise<void> {
    for (let pause = FIRST_RETRY_MS; ; pause = Math.min(2 * pause, LONGEST_RETRY_MS)) {
      try {
        await this.#makeTables();
        setTimeout(() => this.emit('ready'), 0);
        return;
      } catch (error) {
        if (this.isClosing !== undefined) throw error;
        if (this.listenerCount('error') > 0) this.emit('error', error);
      }
      await wait(pause, undefined, { ref: false });
    }
  }

  /** On one client, since the lock that keeps two from making them belongs to its session. */
  async #makeTables(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await runMigrations(client, this.schema);
    } finally {
      client.release();
    }
  }
}

/** Makes the library's Postgres backends, each with a connection of its own that waits for its server. */
export const postgresBackends: BackendFactory = (name, options) =>
  new PostgresQueueBackend(
    new PatientConnection(options.connection as PostgresConnectionOptions),
    name,
    options as ConstructorParameters<typeof PostgresQueueBackend>[2],
  );
