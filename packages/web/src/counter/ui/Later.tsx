/** Screens behind the first one, in a script of their own: the one before the first input stays small. */
export { Correct } from './Correct.tsx'
export { Today } from './Today.tsx'
