/** One line of the doctor: what was looked at, how it is, and what to do about it. */
export interface DoctorLine {
  readonly area: 'inventory' | 'key' | 'disk' | 'schedule' | 'database' | 'aws' | 'clock' | 'address-data';
  readonly subject: string;
  readonly status: 'ok' | 'warning' | 'broken';
  readonly says: string;
  /** What to do; empty where nothing is to be done. */
  readonly todo: string;
}

export function ok(area: DoctorLine['area'], subject: string, says: string): DoctorLine {
  return { area, subject, status: 'ok', says, todo: '' };
}

export function warning(area: DoctorLine['area'], subject: string, says: string, todo: string): DoctorLine {
  return { area, subject, status: 'warning', says, todo };
}

export function broken(area: DoctorLine['area'], subject: string, says: string, todo: string): DoctorLine {
  return { area, subject, status: 'broken', says, todo };
}
