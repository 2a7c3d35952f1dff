import type { StaffMember } from '@vigil/contract'
import type { Tone } from '../../ui/Mark.tsx'

/** Tone of the mark that names how a worker stands. */
export const stateTones: Readonly<Record<StaffMember['state'], Tone>> = {
  overdue: 'bad',
  due: 'bad',
  soon: 'warn',
  covered: 'good',
  exempt: 'info',
  free: 'idle',
}
