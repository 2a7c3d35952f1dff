export { type BayesOptions, bayes, bayesOnline, bayesSystems } from './bayes.ts'
