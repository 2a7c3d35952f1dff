export { type Message, tell } from './tell.ts'
