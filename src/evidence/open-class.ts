import type { DataClass, DataMap } from './generated/data-map.ts';

/** Whether a class can hold prose: what rests on such a class rests on detection. */
export function isOpenClass(holds: DataClass): boolean {
  switch (holds.class) {
    case 'label':
    case 'operational-text':
    case 'fact':
      return true;
    case 'json':
      return Object.values(holds.keys).some(isOpenClass);
    case 'array':
      return isOpenClass(holds.items);
    case 'map':
      return isOpenClass(holds.keys) || isOpenClass(holds.values);
    default:
      return false;
  }
}

/** Whether no column of a database can hold prose. */
export function isClosedMap(map: DataMap): boolean {
  return Object.values(map.schemas).every((tables) =>
    Object.values(tables).every(({ columns }) =>
      Object.values(columns).every(({ holds }) => !isOpenClass(holds)),
    ),
  );
}
