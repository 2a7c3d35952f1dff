import type { Clinic, DrugPackLine } from '@vigil/contract'
import { SendError } from '../../device/failure.ts'
import { areaBook, countyOf, type TreeNode } from '../core/area.ts'
import type { Environment } from './environment.ts'
import * as state from './state.ts'

interface Pack {
  readonly version: string
  readonly items: readonly DrugPackLine[]
}

/** Reads what the device kept of the catalogue, clinics and areas, so that the form works before the network answers. */
export async function loadCached(env: Environment): Promise<void> {
  const [pack, clinics, tree, recent, recentAreas] = await Promise.all([
    env.storage.read<Pack>('pack'),
    env.storage.read<readonly Clinic[]>('clinics'),
    env.storage.read<readonly TreeNode[]>('tree'),
    env.storage.read<readonly string[]>('recent'),
    env.storage.read<readonly string[]>('recent-areas'),
  ])
  if (pack) state.pack.value = pack.items
  if (clinics) state.clinics.value = clinics
  if (tree) state.tree.value = tree
  state.recent.value = recent ?? []
  state.recentAreas.value = recentAreas ?? []
  settleHome()
}

function settleHome(): void {
  const code = state.session.value.device?.areaCode ?? ''
  const home = code === '' ? '' : countyOf(state.tree.value, code)
  state.homeCounty.value = home
  const { draft } = state
  if (draft.value.person.areaCode === '' && home !== '')
    draft.value = { ...draft.value, person: { ...draft.value.person, areaCode: home } }
}

/** Fetches catalogue, clinics and areas anew; what cannot be fetched stays as it was. */
export async function loadFresh(env: Environment): Promise<void> {
  await Promise.all([loadPack(env), loadClinics(env), loadTree(env)])
}

async function loadPack(env: Environment): Promise<void> {
  try {
    const fresh = await env.server.call('drug.pack')
    state.pack.value = fresh.items
    state.packProblem.value = ''
    await env.storage.write('pack', fresh)
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    if (!state.pack.value) state.packProblem.value = error.failure.message
  }
}

async function loadClinics(env: Environment): Promise<void> {
  try {
    const { items } = await env.server.call('clinic.nearest', { query: {} })
    state.clinics.value = items
    await env.storage.write('clinics', items)
  } catch (error) {
    if (!(error instanceof SendError)) throw error
  }
}

async function loadTree(env: Environment): Promise<void> {
  try {
    const { items } = await env.server.call('area.tree')
    const tree = items.map(({ code, name, level, parent }) => ({ code, name, level, parent }))
    state.tree.value = tree
    settleHome()
    await env.storage.write('tree', tree)
  } catch (error) {
    if (!(error instanceof SendError)) throw error
  }
}

let loading: Promise<void> | null = null
/** Loads the country's areas, a lazy part of the page. Until then provinces are all that is named. */
export function loadAreas(): Promise<void> {
  loading ??= import('@vigil/codes/areas').then(
    (data) => {
      state.areas.value = areaBook(data, state.tree.value)
      state.tree.subscribe((tree) => {
        state.areas.value = areaBook(data, tree)
      })
    },
    () => {
      loading = null
    },
  )
  return loading
}
