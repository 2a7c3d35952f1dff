export { followupList } from './followup.list.ts'
export {
  type Courier,
  type Handover,
  type HandoverResult,
  handoverColumns,
  handoverRows,
  settleHandover,
} from './handover.ts'
export { type Followups, openFollowups } from './open.ts'
