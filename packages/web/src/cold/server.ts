import { createCall } from '../device/call.ts'
import { t } from '../text.ts'
import { type ColdContract, coldRoutes } from './routes.ts'
import * as state from './state.ts'

const events = {
  reached: () => {
    state.online.value = true
  },
  unreached: () => {
    state.online.value = false
  },
  expired: () => {
    if (state.me.value) state.signedOut.value = t('登录已过期，请重新登录；没有提交的内容还在。')
    state.me.value = null
  },
}

/** Typed calls to the server; every failure is a SendError. */
export const call = createCall<ColdContract>(coldRoutes, events, [
  'session.create',
  'session.read',
  'session.accept-invitation',
  'session.change-password',
])
