import { addDays, citizenIdCheckDigit, type Day, dayOf, daysBetween, startOfDay, uuidv7 } from '@vigil/codes'
import type { City } from '@vigil/simulate'
import { systemCaller } from '../kernel/access/index.ts'
import { command } from '../kernel/command/command.ts'
import type { Tx } from '../kernel/db/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { personIndex, type Reference, type Store } from '../modules/pharmacy/index.ts'
import { insertRule, type NewMember, putMember, putTest } from '../modules/staff/index.ts'
import { demoStore } from './accounts.ts'
import { chance } from './opening.ts'

/** Share of the stores that have handed in a roster, of tests that are left out, and of those entered a day or two late. */
const rosterShare = 0.4
const leftOutShare = 0.035
const lateShare = 0.06
const cycleDays = 15
/** Days between the tests of one worker: somewhat less than the cycle, as people are careful. */
const habitDays = 14
const storesAtOnce = 20
const caller = systemCaller('示范数据', ['staff.manage'])

const at = (day: Day, minutes: number): Date => new Date(startOfDay(day).getTime() + minutes * 60_000)

interface Person {
  readonly name: string
  readonly documentNumber: string
  readonly mobile: string
}

/** People of the demo store, which the synthetic city does not know. */
const demoPeople: readonly Person[] = ['林晓芸', '郑文彬', '苏佳怡'].map((name, index) => {
  const first17 = `35058219${85 + index}0${index + 3}1${index + 2}00${index * 2 + 1}`
  return { name, documentNumber: first17 + citizenIdCheckDigit(first17), mobile: `1380000101${index}` }
})

/** Puts a store's people on its roster long before the demo begins, and enters their tests up to now. */
async function fillStore(
  kernel: Kernel,
  tx: Tx,
  store: Store,
  people: readonly Person[],
  startDay: Day,
): Promise<void> {
  const now = kernel.clock.now()
  const today = dayOf(now)
  const joinedOn = addDays(startDay, -40)
  for (const [index, person] of people.entries()) {
    const { name, documentNumber, mobile } = person
    const role: NewMember['role'] = index === 0 ? 'pharmacist' : index === 3 ? 'other' : 'clerk'
    const given = { role, documentType: 'citizen-id', personal: { name, documentNumber, mobile }, joinedOn }
    await putMember(tx, kernel.vault, store, given, { at: at(joinedOn, 10 * 60), name: '示范数据' })
    const phase = Math.floor(chance('phase', store.code, index) * habitDays)
    for (let day = addDays(startDay, -phase - habitDays); day <= today; day = addDays(day, habitDays)) {
      if (daysBetween(day, today) < habitDays && chance('out', store.code, index) < leftOutShare) continue
      const sampledAt = at(day, 8 * 60 + Math.floor(chance('time', store.code, index, day) * 300))
      const late =
        chance('late', store.code, index, day) < lateShare ? 1 + Math.floor(chance('by', store.code, index) * 3) : 0
      const enteredAt = at(addDays(day, late), 19 * 60)
      if (sampledAt > now || enteredAt > now) continue
      const test = { sampledAt, outcome: 'negative' as const, code: null, lab: '市检测中心', source: 'store' as const }
      await putTest(tx, personIndex(kernel.vault, 'citizen-id', documentNumber), test, {
        at: enteredAt,
        name: store.code,
      })
    }
  }
}

/** The cycle of the demo city, and rosters with tests of a share of its stores. */
export async function fillRosters(kernel: Kernel, reference: Reference, city: City, startDay: Day): Promise<void> {
  const area = reference.area(city.code)
  if (!area) return
  const from = addDays(startDay, -40)
  await kernel.vault.ensureMonth(from.slice(0, 7))
  await command(kernel.db, caller, 'staff.manage', (tx, audit) =>
    insertRule(tx, audit, {
      id: uuidv7(),
      areaCode: area.code,
      path: area.path,
      validFrom: from,
      cycleDays,
      warnDays: 3,
      note: '示范：从业人员应检尽检',
      createdAt: at(from, 9 * 60),
      createdBy: '示范数据',
    }),
  )
  const rosters = city.stores
    .filter(({ code }) => chance('roster', code) < rosterShare)
    .map(({ code, clerks }) => ({ code, people: clerks as readonly Person[] }))
  const all = [{ code: demoStore.code, people: demoPeople }, ...rosters]
  for (let start = 0; start < all.length; start += storesAtOnce) {
    await kernel.vault.ensureMonth(from.slice(0, 7))
    const part = all.slice(start, start + storesAtOnce)
    await command(kernel.db, caller, 'staff.manage', async (tx, audit) => {
      for (const { code, people } of part) {
        const store = reference.store(code)
        if (store) await fillStore(kernel, tx, store, people, startDay)
      }
      await audit({ action: 'staff.import', object: 'staff.member', path: area.path, detail: { stores: part.length } })
    })
  }
}
