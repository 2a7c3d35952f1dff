export { createJoined, createTurns, type Joined, type QueueLoop, repeat, startQueue, type Turns } from './loop.ts'
