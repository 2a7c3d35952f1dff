export { type AlertBudget, type BudgetOptions, calibrateBudget } from './calibrate.ts'
export { benjaminiHochberg, type Discoveries } from './discovery.ts'
