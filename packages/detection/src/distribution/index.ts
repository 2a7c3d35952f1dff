export { betaI, betaQ } from './beta.ts'
export { betaQuantile, gammaQuantile } from './continuous.ts'
export { gammaP, gammaQ, logGamma } from './gamma.ts'
export { binomialPmf } from './loader.ts'
export {
  negativeBinomialCdf,
  negativeBinomialPmf,
  negativeBinomialQuantile,
  negativeBinomialSf,
} from './negative-binomial.ts'
export { normalCdf, normalPdf, normalQuantile, normalSf } from './normal.ts'
export { poissonCdf, poissonPmf, poissonQuantile, poissonSf } from './poisson.ts'
export { studentCdf, studentPdf, studentQuantile, studentSf } from './student.ts'
