/** Screens behind the first one, in a script of their own: the one before the first input stays small. */
export { Correct } from './Correct.tsx'
export { Tasks } from './Tasks.tsx'
export { Today } from './Today.tsx'
export { followTasks } from './tasks/follow.ts'
