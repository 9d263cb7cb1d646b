// Every table has a limit: rows, texts and interfaces. Once one is reached, the reduction is refused as a whole.

let full: bool = false;

export function isFull(): bool {
  return full;
}

export function refuseMore(): void {
  full = true;
}
