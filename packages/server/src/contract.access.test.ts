import { dayOf, uuidv7 } from '@vigil/codes'
import {
  type Contract,
  contract,
  type Permission,
  permissionNames,
  type Route,
  type RouteName,
  urlOf,
} from '@vigil/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Client } from './kernel/access/access.fixture.ts'
import { systemScope, withScope } from './kernel/db/index.ts'
import { creditCode as coldCreditCode } from './modules/coldchain/coldchain.fixture.ts'
import { defaultRules as followupRules } from './modules/followup/rules.domain.ts'
import { created, csv } from './modules/import/import.fixture.ts'
import { citizenId, createPharmacyCity, type PharmacyCity } from './modules/pharmacy/pharmacy.fixture.ts'

const routes = Object.entries(contract as Record<RouteName, Route>) as [RouteName, Route][]
const closed = routes.filter(([, route]) => route.permission !== 'public')

let city: PharmacyCity
beforeAll(async () => {
  city = await createPharmacyCity()
}, 120_000)
afterAll(() => city.close())

/** A path of the right form; whatever it names does not exist. */
const anywhere = (route: Route) =>
  urlOf(
    route,
    Object.fromEntries(Object.keys(route.params?.properties ?? {}).map((name) => [name, sample[name] ?? uuidv7()])),
  )
const sample: Record<string, string> = { code: 'nobody', month: '2020-01', sscc: '095212340000000013' }

async function call(client: Client, route: Route, url: string, body?: unknown) {
  const method = route.method as 'GET'
  return client.call(method, url, body ?? (route.body && !route.upload ? {} : undefined))
}

describe('without a credential', () => {
  test.each(closed)('%s is 401', async (_name, route) => {
    const response = await call(new Client(city.app.http), route, anywhere(route))
    expect(response.statusCode).toBe(401)
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/)
  })
  test.each(closed)('%s is 401 with a made-up session or key', async (_name, route) => {
    const session = new Client(city.app.http)
    session.cookies.set('vigil_session', 'x'.repeat(43))
    const key = new Client(city.app.http, { authorization: `Bearer vgl_${'x'.repeat(32)}` })
    for (const client of [session, key]) expect((await call(client, route, anywhere(route))).statusCode).toBe(401)
  })
})

describe('with every permission but its own', () => {
  const lacking = new Map<Permission, Client>()
  beforeAll(async () => {
    const needed = new Set(closed.map(([, route]) => route.permission).filter((name) => name !== 'signed-in'))
    for (const permission of needed as Set<Permission>) {
      const code = `no-${permission.replaceAll('.', '-')}`
      const rest = permissionNames.filter((name) => name !== permission)
      await city.owner('INSERT INTO access.role (code, name, permissions) VALUES ($1, $1, $2)', [code, rest])
      lacking.set(permission, await city.person(code, code, '350500'))
    }
  }, 120_000)
  test.each(closed.filter(([, route]) => route.permission !== 'signed-in'))('%s is 403', async (_name, route) => {
    const response = await call(lacking.get(route.permission as Permission)!, route, anywhere(route))
    expect([response.statusCode, response.json().code]).toEqual([403, 'forbidden'])
  })
})

type Target = { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown }

describe('outside the own area', () => {
  let neighbour: Client
  const targets: Partial<Record<RouteName, Target>> = {}
  /** Names of routes whose parameters and bodies name no place; the reason stands beside each. */
  const placeless: readonly RouteName[] = [
    'role.save', // roles are the whole installation's
    'vault.shred', // so are the months' keys
    'purchase.register', // answers row by row: see purchase.db.test.ts
    'import.create', // names a kind of rows, whose places are checked row by row: see import.db.test.ts
    'template.create', // a form with a file: its area is checked in template.db.test.ts
    'template.replace', // so is that of this one
    'compliance.change-rule', // rules about stores are the whole installation's
    'stop-sale.add-document', // a form with a file: its order is checked in stopsale.db.test.ts
    'stop-check.add-photo', // so is the task of this one
    'cold-declaration.add-document', // forms with a file: their places are checked in coldchain.db.test.ts
    'cold-violation.add-photo',
    'cold-temperature.add', // in temperature.db.test.ts
    'cold-recall.add-proof', // in recall.db.test.ts
    'cold-desk.add-partner', // a partner may be anywhere; which areas there are is checked in holder.db.test.ts
    'cold-desk.slots', // who declares in another county asks for its hours, too
    'epcis.release-token', // a page token is all there is of it: the server keeps nothing
    'device.activate', // before anybody is signed in
  ]

  beforeAll(async () => {
    await city.owner(`INSERT INTO access.role (code, name, permissions) VALUES ('everything', '全部', $1)`, [
      [...permissionNames],
    ])
    neighbour = await city.person('neighbour', 'everything', '350583')
    const today = dayOf(city.clock.now())
    const sale = city.sale({ storeCode: 'STORE-A', symptoms: ['fever'] })
    await city.register([sale])
    const one = async (text: string) => (await city.owner<{ id: string }>(text))[0]!.id
    const account = await one(`SELECT id FROM access.account WHERE username = 'supervisor'`)
    const clerk = await one(`SELECT id FROM access.account WHERE store_code = 'STORE-A'`)
    const deviceId = await one(
      `SELECT d.id FROM access.device d JOIN access.account a ON a.id = d.account_id WHERE a.store_code = 'STORE-A'`,
    )
    await city.program('chain-api', '350582')
    const key = await one(`SELECT k.id FROM access.api_key k WHERE path = '/350000/350500/350582/'`)
    const filter = { from: today, to: today }
    const exported = await city.director.call('POST', '/api/exports', { format: 'csv', filter })
    expect(exported.statusCode).toBe(202)
    const period = { from: today, to: today }
    const accounts = await city.director.call('POST', '/api/pharmacy/stores/accounts', { areaCode: '350582' })
    expect(accounts.json().batchId).not.toBeNull()
    const recipient = {
      name: '省平台',
      kind: 'province',
      url: 'https://recipient.invalid/in',
      format: 'csv',
      templateId: null,
      clear: false,
      schedule: { every: 'day', at: '06:30' },
      cover: 'yesterday',
      receipt: { kind: 'status' },
      timeoutSeconds: 10,
      retrySeconds: 30,
      maxAttempts: 5,
      maxAgeHours: 24,
      secretHeader: null,
      ca: null,
    }
    const made = { ...recipient, areaCode: '350582', algorithm: 'ed25519' }
    const destination = await city.director.call('POST', '/api/sharing/destinations', made)
    expect(destination.statusCode).toBe(201)
    const { id: destinationId, keys } = destination.json()
    const delivery = uuidv7()
    await city.owner(
      `INSERT INTO sharing.delivery (id, number, destination_id, path, area_code, kind, from_day, to_day, version, format, clear,
        status, next_at, give_up_at, created_at, created_by) SELECT $1, 'VGS-1', id, path, area_code, 'manual', $2, $2, 1, format,
        clear, 'dead', now(), now(), now(), '' FROM sharing.destination WHERE id = $3`,
      [delivery, today, destinationId],
    )
    const toRecipient = { params: { id: destinationId } }
    const toDelivery = { params: { id: delivery } }
    await city.app.modules.followups.loop.compare()
    const followed = {
      params: { id: await one(`SELECT id FROM followup.entry WHERE area_code LIKE '350582%' LIMIT 1`) },
    }
    const handed = await city.director.call('POST', '/api/followups/sheets', {
      ids: [followed.params.id],
      recipient: 'cdc',
      recipientName: '疾控中心',
    })
    expect(handed.statusCode).toBe(201)
    const toSheet = { params: { id: handed.json().id as string } }
    const alertUnit = {
      kind: 'county',
      code: '350582',
      name: '晋江市',
      path: '/350000/350500/350582/',
      county: '350582',
    }
    await withScope(city.app.kernel.db, systemScope, (tx) =>
      city.app.modules.alerts.applySignals(tx, [
        {
          unit: { ...alertUnit, kind: 'county' },
          class: 'antipyretic',
          day: today,
          ruleId: uuidv7(),
          ruleVersion: 1,
          ruleName: '规则',
          observed: 9,
          expected: 1,
          lower: 0,
          upper: 3,
          score: 5,
          p: 0.001,
          grade: 'orange',
          reason: '高于预期',
          completeness: 1,
        },
      ]),
    )
    const toAlert = { params: { id: await one('SELECT id FROM alert.alert') } }
    const robot = {
      name: '群',
      grades: ['red'],
      quiet: null,
      active: true,
      kind: 'wecom',
      address: 'https://robot.invalid/x',
    }
    const channel = await city.director.call('POST', '/api/channels', { ...robot, areaCode: '350582' })
    expect(channel.statusCode).toBe(201)
    const toChannel = { params: { id: channel.json().id as string } }
    const ownChannel = await city.supervisor.call('POST', '/api/me/channels', robot)
    expect(ownChannel.statusCode).toBe(201)
    const toOwn = { params: { id: ownChannel.json().id as string } }
    const told = await city.director.call('POST', `/api/channels/${toChannel.params.id}/test`)
    expect(told.statusCode).toBe(202)
    const { kind: _kind, address: _address, ...robotChange } = robot
    const template = uuidv7()
    await city.owner(
      `INSERT INTO export.template SELECT $1, name, list, '350582', '/350000/350500/350582/', version, archived,
      updated_at, updated_by FROM export.template WHERE list = 'purchases'`,
      [template],
    )
    await city.owner(
      `INSERT INTO export.template_version SELECT $1, version, '/350000/350500/350582/', grain, sheet, head_from, head_to,
      columns, problems, workbook, workbook_name, note, created_at, created_by FROM export.template_version v WHERE EXISTS (SELECT FROM export.template t WHERE t.id = v.template_id AND t.list = 'purchases' AND t.id <> $1)`,
      [template],
    )
    const mapping = {
      grain: 'record',
      sheet: '直报表',
      headFrom: 3,
      headTo: 4,
      columns: [{ column: 1, source: 'number' }],
    }
    const toTemplate = { params: { id: template } }
    await city.owner(
      `INSERT INTO compliance.store (store_code, path, county, score, parts, entries, from_day, to_day, judged_at)
      SELECT code, path, county, 100, '[]', 0, $1, $1, now() FROM pharmacy.store WHERE code = 'STORE-A' ON CONFLICT DO NOTHING`,
      [today],
    )
    const measure = uuidv7()
    const toldStore = uuidv7()
    await city.owner(
      `INSERT INTO compliance.measure (id, number, store_code, path, kind, rules, reasons, note, due_at, created_at, created_by)
      SELECT $1, 'N-1', code, path, 'letter', '{}', '{}', '', now(), now(), '' FROM pharmacy.store WHERE code = 'STORE-A'`,
      [measure],
    )
    await city.owner(
      `INSERT INTO notice.notice (id, store_code, path, kind, title, body, needs, source_module, source_id, sent_at, sent_by)
      SELECT $1, code, path, 'other', '', '', 'sign', 'test', '1', now(), '' FROM pharmacy.store WHERE code = 'STORE-A'`,
      [toldStore],
    )
    const toMeasure = { params: { id: measure } }
    const toNotice = { params: { id: toldStore } }
    const toStore = { params: { code: 'STORE-A' } }
    const id = { params: { id: sale.id } }
    const imported = { params: { id: (await created(city.director, 'purchase', csv([]))).id } }
    const drugId = await one('SELECT id FROM pharmacy.drug LIMIT 1')
    const order = {
      name: '停售目录',
      areaCode: '350582',
      from: today,
      to: null,
      reason: '防控',
      documentNo: '',
      items: [{ kind: 'drug', value: drugId }],
    }
    const made350582 = await city.director.call('POST', '/api/stop-sales', order)
    expect(made350582.statusCode).toBe(201)
    const toOrder = { params: { id: made350582.json().id as string } }
    const check = { name: '停售检查', areaCode: '350582', orderId: null, dueOn: today }
    const campaign = await city.director.call('POST', '/api/stop-checks', check)
    expect(campaign.statusCode).toBe(201)
    const toCampaign = { params: { id: campaign.json().id as string } }
    const toTask = { params: { id: await one('SELECT id FROM stopsale.task LIMIT 1') } }
    const points = ['sealed', 'counter', 'window', 'displayed', 'pledged']
    const answers = points.map((point) => ({ point, answer: 'yes' }))
    const foreignGrant = { roleCode: 'viewer', areaCode: '350582' }
    const worker = {
      role: 'clerk',
      name: '员工甲',
      documentType: 'citizen-id',
      documentNumber: citizenId(900),
      mobile: '13800000900',
    }
    const workers = '/api/staff/members'
    const { id: workerId } = (await city.director.call('POST', workers, { storeCode: 'STORE-A', ...worker })).json()
    const toWorker = { params: { id: workerId } }
    await city.director.call('POST', '/api/staff/results', { memberId: workerId, outcome: 'negative' })
    const away = { ...period, reason: 'leave', note: '' }
    await city.director.call('POST', `${workers}/${workerId}/exemptions`, away)
    const worked = (await city.director.call('GET', `${workers}/${workerId}`)).json()
    const settings = {
      detector: 'daily',
      parameters: {},
      levels: ['county'],
      classes: ['all'],
      grades: { blue: 2, yellow: 3, orange: 4, red: 5 },
      ...{ budget: 1, minExcess: 5, minCompleteness: 0.5, historyDays: 400 },
    }
    const cold = async (path: string, body: object) => {
      const response = await city.director.call('POST', `/api/coldchain/${path}`, body)
      expect([path, response.statusCode]).toEqual([path, expect.toBeOneOf([200, 201])])
      return response.json() as { id: string; lotId: string; violation: { id: string } }
    }
    const business = { creditCode: coldCreditCode(1), address: '码头路', areaCode: '350582' }
    const warehouse = {
      ...business,
      code: 'COLD-W',
      name: '监管仓',
      kind: 'warehouse',
      capacityGrams: 1e9,
      slotsPerHour: 9,
    }
    const { id: warehouseId } = await cold('holders', warehouse)
    const { id: ownerId } = await cold('holders', { ...business, code: 'COLD-I', name: '货主', kind: 'importer' })
    const product = { gtin: null, name: '三文鱼', category: '水产', spec: '', limitTenths: -180, shelfLifeDays: null }
    const { id: goodsId } = await cold('goods', product)
    const hourMs = 3_600_000
    const arrival = {
      ...{
        goodsId,
        lotNo: '',
        origin: '挪威',
        plantNo: 'N1',
        supplierLot: 'S1',
        containerNo: '',
        boxes: 1,
        grams: 1000,
      },
      ...{ producedOn: '2022-01-01', expiresOn: '2099-01-01', ownerId, warehouseId, vehicle: '闽C1' },
      ...{ driverName: '王', driverMobile: '13800000000' },
      slotAt: new Date((Math.floor(city.clock.now().getTime() / hourMs) + 60) * hourMs).toISOString(),
    }
    const arrived = await cold('declarations', arrival)
    const toArrival = { params: { id: arrived.id } }
    const toLot = { params: { id: arrived.lotId } }
    const sample = { code: 'SAMPLE-1', subject: 'vehicle', grams: 0 }
    const toSample = { params: { id: (await cold(`lots/${arrived.lotId}/samples`, sample)).id } }
    const found = { holderId: ownerId, place: '', lon: null, lat: null, grams: null, note: '' }
    const { violation } = await cold('scans', { ...found, code: 'http://fake.invalid/1' })
    const toCertificate = { params: { id: uuidv7() } }
    await city.owner(
      `INSERT INTO coldchain.certificate (id, number, lot_id, issuer, issued_on, grams, boxes, token, path, at, by)
      SELECT $1, 'C-1', id, '', '2022-01-01', 1, 1, 'x', path, now(), '' FROM coldchain.lot`,
      [toCertificate.params.id],
    )
    const toRecall = { params: { id: uuidv7() } }
    await city.owner(
      `INSERT INTO coldchain.recall (id, number, kind, state, reason, ordered_by, path, created_at, created_by)
      SELECT $1, 'CR-1', 'real', 'draft', '', '', path, now(), '' FROM coldchain.lot`,
      [toRecall.params.id],
    )
    const newRule = { name: '规则', areaCode: '350582', settings, note: '' }
    const watchRule = await city.director.call('POST', '/api/surveillance/rules', newRule)
    expect(watchRule.statusCode).toBe(201)
    const toRule = { params: { id: watchRule.json().id as string } }
    const toVersion = { params: { ...toRule.params, version: '1' } }
    const newScan = { areaCode: '350582', class: 'cough' }
    const scan = await city.director.call('POST', '/api/surveillance/scans', newScan)
    expect(scan.statusCode).toBe(202)
    const [kindOf, stepOf, stateOf, thing] = ['type', 'step', 'state', 'thing'].map(
      (each) => `https://far.example/${each}`,
    )
    const far = { '@context': {}, eventTime: '2022-01-01T00:00:00Z', eventTimeZoneOffset: '+00:00', action: 'OBSERVE' }
    const place = { id: 'https://far.example/place' }
    const seen = {
      ...far,
      epcList: [thing],
      bizStep: stepOf,
      disposition: stateOf,
      readPoint: place,
      bizLocation: place,
    }
    const inArea = await city.program('epcis-api', '350582')
    for (const event of [
      { ...seen, type: 'ObjectEvent', eventID: 'urn:uuid:far' },
      { ...far, type: kindOf },
    ])
      expect((await inArea.call('POST', '/epcis/events', event)).statusCode).toBe(201)
    const captured = { type: 'EPCISDocument', schemaVersion: '2.0', creationDate: '2022-01-01T00:00:00Z' }
    const empty = { ...captured, '@context': {}, epcisBody: { eventList: [] } }
    const { location } = (await inArea.call('POST', '/epcis/capture', empty)).headers
    const toJob = { params: { id: String(location).split('/').at(-1)! } }
    expect((await inArea.call('POST', '/epcis/queries', { name: 'far', query: {} })).statusCode).toBe(201)
    const following = { dest: 'https://recipient.invalid/in', stream: true }
    const followedBy = await inArea.call('POST', '/epcis/queries/far/subscriptions', following)
    expect(followedBy.statusCode).toBe(201)
    const toQuery = { params: { name: 'far' } }
    const toSubscription = { params: { name: 'far', id: followedBy.json().subscriptionID as string } }
    const valued = (value = '') => ({ params: { value } })
    const resources = {
      'event-type': kindOf,
      epc: thing,
      'biz-step': stepOf,
      disposition: stateOf,
      'biz-location': place.id,
      'read-point': place.id,
    }
    for (const [name, value] of Object.entries(resources))
      for (const route of [`epcis.${name}`, `epcis.${name}-events`]) targets[route as RouteName] = valued(value)
    Object.assign(targets, {
      'epcis.job': toJob,
      'epcis.event': { params: { eventID: 'urn:uuid:far' } },
      'epcis.query': toQuery,
      'epcis.query-events': toQuery,
      'epcis.delete-query': toQuery,
      'epcis.subscriptions': toQuery,
      'epcis.subscribe': { ...toQuery, body: following },
      'epcis.subscription': toSubscription,
      'epcis.unsubscribe': toSubscription,
      'surveillance.create': { body: newRule },
      'surveillance.rule': toRule,
      'surveillance.revise': { ...toRule, body: { name: '规则', settings, note: '', revision: 0 } },
      'surveillance.activate': { ...toRule, body: { version: 1, revision: 0 } },
      'surveillance.start-backtest': { ...toVersion, body: {} },
      'surveillance.backtest': toVersion,
      'surveillance.states': { query: { area: '350582' } },
      'surveillance.start-scan': { body: newScan },
      'surveillance.scan': { params: { id: scan.json().id as string } },
      'account.list': { query: { area: '350582' } },
      'account.invite': { body: { username: 'newcomer', displayName: '新人', grants: [foreignGrant] } },
      'account.disable': { params: { id: account } },
      'account.enable': { params: { id: account } },
      'account.reset': { params: { id: account } },
      'account.devices': { params: { id: clerk } },
      'device.revoke': { params: { id: clerk, deviceId } },
      'api-key.create': { body: { name: '程序', grants: [foreignGrant], days: 1 } },
      'api-key.revoke': { params: { id: key } },
      'party.list': { query: { area: '350582' } },
      'store.list': { query: { area: '350582' } },
      'store.read': { params: { code: 'STORE-A' } },
      'store.set-status': { params: { code: 'STORE-A' }, body: { status: 'suspended', reason: '检查' } },
      'store.issue-accounts': { body: { areaCode: '350582' } },
      'store.account-sheet': { params: { batchId: accounts.json().batchId } },
      'store.posters': { query: { store: 'STORE-A', size: 'A4' } },
      'duty.save': { body: { areaCode: '350582', classes: ['cough'], from: today, to: null, note: '' } },
      'clinic.nearest': { query: { store: 'STORE-A' } },
      'clinic.list': { query: { area: '350582' } },
      'purchase.search': { body: { filter: { ...period, area: '350582' } } },
      'purchase.read': id,
      'purchase.reveal': { ...id, body: { purpose: 'follow-up', reason: '随访' } },
      'purchase.correct': { ...id, body: { revision: 0, reason: '更正', changes: {} } },
      'purchase.undo': id,
      'overview.read': { query: { ...period, area: '350582' } },
      'export.create': { body: { format: 'csv', filter: { ...period, area: '350582' } } },
      'export.read': { params: { id: exported.json().id } },
      'export.download': { params: { id: exported.json().id } },
      'export.row': { params: { id: exported.json().id }, query: { row: 1 } },
      'export.differences': { params: { id: exported.json().id } },
      'template.read': toTemplate,
      'template.save': { ...toTemplate, body: { ...mapping, name: '直报表', version: 1 } },
      'template.preview': { ...toTemplate, body: mapping },
      'template.archive': toTemplate,
      'template.download': toTemplate,
      'import.read': imported,
      'import.look': imported,
      'import.map': { ...imported, body: { columns: [] } },
      'import.check': imported,
      'import.run': imported,
      'import.cancel': imported,
      'import.errors': imported,
      'import.handout': imported,
      'file.download': { params: { id: exported.json().id } },
      'compliance.list': { query: { area: '350582' } },
      'compliance.store': toStore,
      'compliance.entries': { ...toStore, query: { rule: 'shared-id', key: 'x' } },
      'compliance.act': { body: { kind: 'warning', storeCodes: ['STORE-A'], note: '', dueDays: 3 } },
      'compliance.measures': { query: { area: '350582' } },
      'compliance.settle': { ...toMeasure, body: { outcome: 'confirmed', result: '属实' } },
      'compliance.cancel': { ...toMeasure, body: { reason: '误发' } },
      'compliance.letter': toMeasure,
      'compliance.dismiss': { ...toStore, body: { rule: 'shared-id', reason: '核实', days: 1 } },
      'compliance.people': { query: { store: 'STORE-A' } },
      'compliance.save-overdue-rule': { body: { areaCode: '350582', from: today, upDays: 3, note: '' } },
      'compliance.run': { body: { area: '350582' } },
      'notice.read': toNotice,
      'notice.sign': { ...toNotice, body: { name: '王' } },
      'notice.answer': { ...toNotice, body: { name: '王', replies: [{ code: 'a', value: 'b' }] } },
      'notice.list': { query: { store: 'STORE-A' } },
      'sharing.create': { body: made },
      'sharing.change': { ...toRecipient, body: { ...recipient, revision: 0 } },
      'sharing.set-state': { ...toRecipient, body: { state: 'active' } },
      'sharing.prepare-key': { ...toRecipient, body: { algorithm: 'sm2' } },
      'sharing.activate-key': { params: { id: destinationId, keyId: keys[0].id } },
      'sharing.test': toRecipient,
      'sharing.push': { ...toRecipient, body: { from: today, to: today } },
      'sharing.deliveries': toRecipient,
      'sharing.delivery': toDelivery,
      'sharing.resend': toDelivery,
      'sharing.close': { ...toDelivery, body: { reason: '不再需要' } },
      'sharing.receipt': toDelivery,
      'alert.list': { query: { area: '350582' } },
      'alert.read': toAlert,
      'alert.series': { ...toAlert, query: { kind: 'county', code: '350582' } },
      'alert.take': toAlert,
      'alert.handlers': toAlert,
      'alert.assign': { ...toAlert, body: { accountId: account } },
      'alert.ask': { ...toAlert, body: { stores: ['STORE-A'], text: '为何', hours: 1 } },
      'alert.refer': { ...toAlert, body: { recipient: '疾控', text: '请核查' } },
      'alert.receipt': { params: { ...toAlert.params, referralId: uuidv7() }, body: { text: '已收' } },
      'alert.note': { ...toAlert, body: { text: '记录' } },
      'alert.find': { ...toAlert, body: { finding: 'false', text: '无' } },
      'alert.close': { ...toAlert, body: {} },
      'alert.response': { query: { ...period, area: '350582', by: 'county' } },
      'channel.create': { body: { ...robot, areaCode: '350582' } },
      'channel.change': { ...toChannel, body: { ...robotChange, revision: 0 } },
      'channel.remove': toChannel,
      'channel.test': toChannel,
      'channel.resend': { params: { id: told.json().id as string } },
      'channel.change-own': { ...toOwn, body: { ...robotChange, revision: 0 } },
      'channel.remove-own': toOwn,
      'channel.test-own': toOwn,
      'stop-sale.list': { query: { area: '350582' } },
      'stop-sale.read': toOrder,
      'stop-sale.create': { body: order },
      'stop-sale.change': { ...toOrder, body: { ...order, areaCode: '350583', revision: 0 } },
      'stop-sale.issue': toOrder,
      'stop-sale.lift': { ...toOrder, body: { reason: '解除' } },
      'stop-sale.document': { params: { ...toOrder.params, documentId: uuidv7() } },
      'stop-sale.refusals': { query: { area: '350582' } },
      'stop-check.create': { body: check },
      'stop-check.close': toCampaign,
      'stop-check.progress': toCampaign,
      'stop-check.tasks': toCampaign,
      'stop-check.store': toStore,
      'stop-check.submit': { ...toTask, body: { revision: 0, answers, note: '' } },
      'stop-check.photo': { params: { ...toTask.params, photoId: uuidv7() } },
      'reimbursement.list': { query: { ...period, area: '350582' } },
      'reimbursement.summary': { query: { ...period, area: '350582' } },
      'reimbursement.joint': { query: { ...period, area: '350582' } },
      'opening.read': { query: { ...period, area: '350582' } },
      'opening.stores': { query: { day: today, area: '350582' } },
      'opening.store': { params: { code: 'STORE-A' }, query: { day: today } },
      'opening.call': { body: { storeCode: 'STORE-A', result: 'no-answer', note: '' } },
      'opening.save-rule': { body: { areaCode: '350582', from: today, at: '10:00', note: '' } },
      'staff.coverage': { query: { ...period, area: '350582' } },
      'staff.list': { query: { area: '350582' } },
      'staff.read': toWorker,
      'staff.reveal': { ...toWorker, body: { purpose: 'investigation', reason: '核对' } },
      'staff.add': { body: { storeCode: 'STORE-A', ...worker } },
      'staff.leave': { ...toWorker, body: { leftOn: today, reason: 'resigned' } },
      'staff.exempt': { ...toWorker, body: { ...period, reason: 'leave', note: '' } },
      'staff.void': { params: { id: worked.results[0].id }, body: { reason: '有误' } },
      'staff.end-exemption': { params: { id: worked.exemptions[0].id } },
      'staff.save-rule': { body: { areaCode: '350582', from: today, cycleDays: 7, warnDays: 2, note: '' } },
      'followup.list': { query: { area: '350582' } },
      'followup.board': { query: { area: '350582' } },
      'followup.read': followed,
      'followup.people': followed,
      'followup.reveal': { ...followed, body: { purpose: 'follow-up', reason: '随访' } },
      'followup.take': { ...followed, body: { revision: 1 } },
      'followup.note': { ...followed, body: { text: '电话' } },
      'followup.close': { ...followed, body: { revision: 1, outcome: 'well', note: '' } },
      'followup.reopen': { ...followed, body: { revision: 1, reason: '复查' } },
      'followup.sheet-file': { ...toSheet, body: { clear: false } },
      'followup.receipt': { ...toSheet, body: { number: '1', note: '' } },
      'followup.send': toSheet,
      'followup.rules': { query: { area: '350582' } },
      'followup.save-rules': { body: { areaCode: '350582', version: 0, rules: followupRules, reason: '试' } },
      'cold-desk.invite': { params: { id: ownerId }, body: { username: 'newcomer', displayName: '新来' } },
      'cold-holder.save': { body: { ...warehouse, code: 'COLD-X' } },
      'cold-rule.save': {
        body: { areaCode: '350582', from: today, tolerancePpm: 1, noticeHours: 1, testDays: 1, note: '' },
      },
      'cold-declaration.read': toArrival,
      'cold-declaration.document': { params: { ...toArrival.params, documentId: uuidv7() } },
      'cold-declaration.figure': { ...toArrival, body: { side: 'warehouse', boxes: 1, grams: 1000, reason: '' } },
      'cold-declaration.cancel': { ...toArrival, body: { reason: '改期' } },
      'cold-lot.read': toLot,
      'cold-lot.add-boxes': { ...toLot, body: { boxes: [{ grams: 1 }] } },
      'cold-lot.labels': { ...toLot, query: { format: 'zpl' } },
      'cold-pallet.save-prefix': { body: { prefix: '9521234', areaCode: '350582' } },
      'cold-pallet.issue': { params: { id: ownerId }, body: { codes: ['https://id.gs1.org/01/09521234000013/21/1'] } },
      'cold-pallet.break': { params: { id: ownerId }, body: { code: '095212340000000013' } },
      'cold-pallet.label': { params: { id: ownerId, sscc: '095212340000000013' }, query: { format: 'zpl' } },
      'cold-lot.sample': { ...toLot, body: { ...sample, code: 'SAMPLE-2' } },
      'cold-lot.result': { ...toSample, body: { result: 'negative', lab: '疾控', reportNo: '' } },
      'cold-lot.disinfect': { ...toLot, body: { agent: '氯', doneAt: '2022-01-01T00:00:00Z', note: '' } },
      'cold-lot.release': { ...toLot, body: { reason: '' } },
      'cold-lot.withdraw': { ...toLot, body: { reason: '阳性' } },
      'cold-lot.destroy-by-order': {
        ...toLot,
        body: { holderId: warehouseId, orderNo: '1', grams: 1, reason: '污染' },
      },
      'cold-lot.certify': { ...toLot, body: { boxes: 1, grams: 1 } },
      'cold-lot.certificate': toCertificate,
      'cold-temperature.list': toLot,
      'cold-scan.pack': { params: { id: ownerId } },
      'cold-scan.code': { params: { id: ownerId }, query: { code: 'http://fake.invalid/1' } },
      'cold-recall.read': toRecall,
      'cold-recall.start': { ...toRecall, body: { orderedBy: '主任' } },
      'cold-recall.count': { ...toRecall, body: { holderId: ownerId, lotId: arrived.lotId, grams: 1, note: '' } },
      'cold-recall.close': { ...toRecall, body: { outcome: '完成' } },
      'cold-recall.certificate': toRecall,
      'cold-recall.list': { query: { area: '350582' } },
      'cold-recall.dispose': {
        ...toRecall,
        body: { holderId: ownerId, lotId: arrived.lotId, grams: 1, orderNo: '1', witness: '李四', note: '' },
      },
      'cold-recall.proof': { params: { id: uuidv7(), fileId: uuidv7() } },
      'cold-mock.rules': { query: { area: '350582' } },
      'cold-mock.runs': { query: { area: '350582' } },
      'cold-mock.save-rule': {
        body: { areaCode: '350582', from: today, months: 3, lots: 1, hours: 24, note: '' },
      },
      'cold-contact.list': { params: { id: ownerId } },
      'cold-contact.add': {
        params: { id: ownerId },
        body: { kind: 'sms', name: '值班', address: '13800000000', secret: '' },
      },
      'cold-contact.remove': { params: { id: ownerId, contactId: uuidv7() } },
      'cold-inspect.queue': { query: { area: '350582' } },
      'cold-inspect.refusals': toLot,
      'cold-inspect.refuse': { ...toLot, body: { reason: '破损' } },
      'cold-violation.close': { params: violation, body: { outcome: '下架', withdrawnGrams: 1 } },
      'cold-declaration.list': { query: { area: '350582' } },
      'cold-lot.list': { query: { area: '350582' } },
      'cold-violation.list': { query: { area: '350582' } },
      'cold-violation.read': { params: violation },
      'cold-violation.photo': { params: { ...violation, photoId: uuidv7() } },
      'cold-violation.follow': { params: violation, body: { note: '已到现场' } },
      'cold-lot.epcis': { ...toLot, query: { reach: 'lot' } },
      'cold-declaration.reveal-driver': { ...toArrival, body: { purpose: 'investigation', reason: '核对运输' } },
      'cold-chain.statistics': { query: { ...period, area: '350582' } },
      'cold-chain.gaps': { query: { area: '350582' } },
      'cold-chain.overview': { query: { ...period, area: '350582' } },
    } satisfies Partial<Record<RouteName, Target>>)
  }, 120_000)

  const naming = /"(area|areaCode|store|storeCode|storeCodes|filter|grants)"/
  const placed = closed.filter(
    ([name, route]) =>
      !placeless.includes(name) && (route.params || naming.test(JSON.stringify([route.query ?? {}, route.body ?? {}]))),
  )

  test('the list covers every route that names a thing or a place', () => {
    expect(placed.map(([name]) => name).sort()).toEqual(Object.keys(targets).sort())
  })

  test.each(placed)('%s is 404', async (name, route) => {
    const { params, query, body } = targets[name as keyof Contract]!
    const response = await call(neighbour, route, urlOf(route, params, query), body)
    expect([response.statusCode, response.json().code]).toEqual([404, 'not-found'])
  })

  test('nothing of it has changed', async () => {
    const [state] = await city.owner(`SELECT (SELECT status FROM pharmacy.store WHERE code = 'STORE-A') AS store,
      (SELECT status FROM access.account WHERE username = 'supervisor') AS account,
      (SELECT count(*)::int FROM access.device WHERE revoked_at IS NOT NULL) AS devices,
      (SELECT count(*)::int FROM access.api_key WHERE revoked_at IS NOT NULL) AS keys,
      (SELECT count(*)::int FROM pharmacy.purchase WHERE status <> 'valid') AS purchases,
      (SELECT count(*)::int FROM access.account WHERE username = 'newcomer') AS accounts`)
    expect(state).toEqual({ store: 'active', account: 'active', devices: 0, keys: 0, purchases: 0, accounts: 0 })
  })

  // The nearest clinic may be over there, duties of the city bind both, and goods are declared and sold in any county.
  const everywhere = new Set<RouteName>(['clinic.nearest', 'duty.list', 'cold-desk.areas', 'cold-desk.warehouses'])
  test('lists without a place show nothing of the neighbour', async () => {
    const plain = closed.filter(([name, route]) => route.method === 'GET' && !route.params && name !== 'event.stream')
    for (const [name, route] of plain) {
      const today = dayOf(city.clock.now())
      const query = { from: today, to: today, size: 'A4' }
      const wanted = Object.keys(route.query?.properties ?? {}).filter((key) => key in query)
      const response = await call(
        neighbour,
        route,
        urlOf(route, {}, Object.fromEntries(wanted.map((key) => [key, query[key as 'from']]))),
      )
      expect([name, response.statusCode < 500]).toEqual([name, true])
      if (!everywhere.has(name)) expect([name, /STORE-[AB]|350582/.test(response.body)]).toEqual([name, false])
    }
  })
})

test('the running server offers exactly the routes of the contract', async () => {
  const document = (await city.app.http.inject('/api/openapi.json')).json()
  const offered = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
    (path) => Object.values(path).map((operation) => operation.operationId),
  )
  expect(offered.sort()).toEqual(routes.map(([name]) => name).sort())
})
