/** What the parts of a worker tell each other about its health. */
export interface WorkerState {
  readonly isQueueUp: () => boolean;
  readonly setQueueUp: (up: boolean) => void;
  /** Whether the page that lists the reports lacks some; asking says that they will be written. */
  readonly takeUnlisted: () => boolean;
  readonly noteReport: () => void;
  /** Whether some ledger says that the clock is behind. */
  readonly isClockOff: () => boolean;
  /** Gives whether it is news that the clock is off. */
  readonly noteClock: (deployment: string, off: boolean) => boolean;
}

export function createWorkerState(): WorkerState {
  let [queueUp, unlisted] = [false, false];
  const behind = new Set<string>();
  return {
    isQueueUp: () => queueUp,
    setQueueUp: (up) => {
      queueUp = up;
    },
    takeUnlisted: () => {
      const was = unlisted;
      unlisted = false;
      return was;
    },
    noteReport: () => {
      unlisted = true;
    },
    isClockOff: () => behind.size > 0,
    noteClock: (deployment, off) => {
      const news = off && behind.size === 0;
      if (off) behind.add(deployment);
      else behind.delete(deployment);
      return news;
    },
  };
}
