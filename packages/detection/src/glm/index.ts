export { type GlmFit, type GlmInput, quasiPoisson } from './glm.ts'
