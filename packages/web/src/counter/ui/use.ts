import { useContext } from 'preact/hooks'
import { type Counter, CounterContext } from '../app/counter.ts'

/** What the screens may do; present in every screen. */
export function useCounter(): Counter {
  const counter = useContext(CounterContext)
  if (!counter) throw new Error('the counter is not started')
  return counter
}
