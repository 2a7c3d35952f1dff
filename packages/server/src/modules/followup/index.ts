export { followupList } from './followup.list.ts'
export { type Followups, openFollowups } from './open.ts'
