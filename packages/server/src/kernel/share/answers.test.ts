import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SharedAnswers } from './answers.ts'

const paths = ['/', '/1/', '/1/2/', '/1/2/3/', '/1/2/4/', '/1/5/', '/1/5/6/']
const path = fc.constantFrom(...paths)
const scope = fc.constantFrom(['/1/'], ['/1/2/'], ['/1/2/3/'], ['/1/2/', '/1/5/6/'])
const event = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('ask' as const), scope, question: fc.constantFrom('a', 'b') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sell' as const), path }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('import' as const), path }) },
)

test('no answer is older than a change that was told in its scope, or of another scope or question', async () => {
  let shared = 0
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
      const answers = new SharedAnswers<{ scope: readonly string[]; question: string; at: number }>({ most: 6 })
      /** Number of the event that last changed what a scope shows. */
      const changes: { at: number; path: string; below: boolean }[] = []
      for (const [at, each] of events.entries()) {
        if (each.do === 'sell') {
          changes.push({ at, path: each.path, below: false })
          answers.changed(each.path)
        } else if (each.do === 'import') {
          changes.push({ at, path: each.path, below: true })
          answers.changedBelow(each.path)
        } else {
          const { scope, question } = each
          const answer = await answers.ask(scope, question, async () => ({ scope, question, at }))
          expect([answer.scope, answer.question]).toEqual([scope, question])
          const last = changes.findLast(({ path, below }) =>
            scope.some((root) => path.startsWith(root) || (below && root.startsWith(path))),
          )
          expect(answer.at).toBeGreaterThan(last?.at ?? -1)
          if (answer.at < at) shared++
        }
      }
    }),
  )
  expect(shared).toBeGreaterThan(50)
})

test('who asks while it is being read waits for that reading, unless something changed meanwhile', async () => {
  const answers = new SharedAnswers<number>()
  let read = 0
  const slow = async () => {
    const own = ++read
    await new Promise((resolve) => setImmediate(resolve))
    return own
  }
  const both = [answers.ask(['/1/'], '', slow), answers.ask(['/1/'], '', slow)]
  answers.changed('/1/2/')
  const after = answers.ask(['/1/'], '', slow)
  expect(await Promise.all([...both, after, answers.ask(['/1/'], '', slow)])).toEqual([1, 1, 2, 2])
})

test('a failure is told to those who waited for it and is not kept', async () => {
  const answers = new SharedAnswers<number>()
  const failing = () => Promise.reject(new Error('away'))
  const both = [answers.ask(['/'], '', failing), answers.ask(['/'], '', failing)]
  await Promise.all(both.map((one) => expect(one).rejects.toThrow('away')))
  expect(await answers.ask(['/'], '', async () => 7)).toBe(7)
})

test('without a word of a change an answer is given for a bounded time', async () => {
  const answers = new SharedAnswers<number>({ keepMs: 0 })
  expect([await answers.ask(['/'], '', async () => 1), await answers.ask(['/'], '', async () => 2)]).toEqual([1, 2])
})
