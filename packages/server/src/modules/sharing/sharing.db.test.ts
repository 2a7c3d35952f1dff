import { createHash } from 'node:crypto'
import { addDays, dayOf, startOfDay, weekday } from '@vigil/codes'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { openTable } from '../../kernel/tabular/index.ts'
import { createTestApp, createTestDatabase, type TestApp, type TestDatabase } from '../../testing/index.ts'
import { callerAt, citizenId, cityPath, createShop, purchase, sell, stores } from '../../testing/shop.ts'
import { selfSigned } from './certificate.fixture.ts'
import { accept, answer, type Behaviour, isGenuine, type Receiver, startReceiver } from './receiver.fixture.ts'
import { audited, caller, destinationAt, director, enrol, settings, settle } from './sharing.fixture.ts'
import { dropMonth } from './sharing.store.ts'

/** Milliseconds to the next noon: at some hours of the night the tests would pass the half past six of a schedule. */
function untilNoon(): number {
  const [now, halfDay] = [Date.now(), 43_200_000]
  const noon = startOfDay(dayOf(new Date(now))).getTime() + halfDay
  return noon - now + (noon < now ? 2 * halfDay : 0)
}

class Clock {
  readonly start = untilNoon()
  offset = this.start
  now = () => new Date(Date.now() + this.offset)
  forward(seconds: number) {
    this.offset += seconds * 1000
  }
}

const clock = new Clock()
let database: TestDatabase
let app: TestApp
let call: ReturnType<typeof caller>
let receiver: Receiver
const open: Receiver[] = []
const today = () => dayOf(clock.now())
const hour = 3600
/** A weekday that no test reaches. */
const fourDaysAhead = () => weekday(addDays(today(), 4))

beforeAll(async () => {
  process.env.VIGIL_SHARING_ALLOW = '127.0.0.1'
  database = await createTestDatabase()
  app = await createShop({ clock, database })
  await enrol(app)
  call = caller(app)
  receiver = await receiverAt()
  await sell(app, [purchase(app, 1), purchase(app, 2), purchase(app, 3, { storeCode: 'NA-0001' })])
})
afterAll(async () => {
  delete process.env.VIGIL_SHARING_ALLOW
  await app.close()
  for (const each of open) await each.close()
  await database.drop()
})
// Nothing of one test is sent during the next.
afterEach(async () => {
  await withScope(app.kernel.db, systemScope, async (tx) => {
    await tx.updateTable('sharing.destination').set({ state: 'paused' }).execute()
    await tx
      .updateTable('sharing.delivery')
      .set({ status: 'closed' })
      .where('status', 'in', ['preparing', 'waiting'])
      .execute()
  })
  receiver.behave(accept)
  receiver.received.length = 0
  clock.offset = clock.start
})

async function receiverAt(tls?: { key: string; cert: string }): Promise<Receiver> {
  const started = await startReceiver(tls)
  open.push(started)
  return started
}

/** Pushes today to a new destination; what happened after `rounds` tries, the time passing between them. */
async function pushed(change: Parameters<typeof settings>[1] = {}, rounds = 1, url = receiver.url) {
  const destination = await destinationAt(app, url, {
    schedule: { every: 'week', weekday: fourDaysAhead(), at: '12:00' },
    ...change,
  })
  const ordered = await call('sharing.push', { params: { id: destination.id }, body: { from: today(), to: today() } })
  for (let round = 0; round < rounds; round++) {
    await settle(app)
    clock.forward(2 * hour)
  }
  clock.forward(-2 * hour)
  const { delivery, attempts } = await call('sharing.delivery', { params: { id: ordered.id } })
  return { destination, delivery, attempts }
}

const never: Behaviour = () => new Promise(() => undefined)

describe.each(['ed25519', 'sm2'] as const)('signed by %s', (algorithm) => {
  test('a recipient that fails twice gets it the third time, the same number and file, and signs for it', async () => {
    receiver.behave(answer(500, '系统繁忙'), answer(503, { code: 1 }), accept)
    // Late in the evening the tries go on beyond midnight.
    const day = today()
    const { destination, delivery, attempts } = await pushed({ algorithm }, 3)
    expect(delivery).toMatchObject({ status: 'acknowledged', rows: 3, attempts: 3, version: 1, error: null })
    expect(delivery.receiptNumber).toBe(`R-${delivery.number}`)
    expect(attempts.map(({ outcome, httpStatus }) => [outcome, httpStatus])).toEqual([
      ['failed', 500],
      ['failed', 503],
      ['acknowledged', 200],
    ])
    expect(attempts[0]).toMatchObject({ error: '接收方系统出错（HTTP 500）', answer: '系统繁忙' })
    expect(receiver.received.length).toBe(3)
    const host = new URL(receiver.url).host
    for (const request of receiver.received) {
      expect(request.headers['idempotency-key']).toBe(delivery.number)
      expect(createHash('sha256').update(request.body).digest('hex')).toBe(delivery.sha256)
      expect(isGenuine(request, host, destination.keys[0]!.publicKey)).toBe(true)
      expect(isGenuine({ ...request, url: '/other' }, host, destination.keys[0]!.publicKey)).toBe(false)
    }
    const [request] = receiver.received
    expect(request!.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'vigil-rows': '3',
      'vigil-version': '1',
      'vigil-period': `${day}/${day}`,
    })
    const text = request!.body.toString()
    expect(text.split('\r\n').length).toBe(5)
    expect(text).not.toContain(citizenId(1))
    expect(text).not.toContain('林小明')
  })
})

describe('is not taken for success:', () => {
  const cases: [string, Behaviour, string | RegExp][] = [
    [
      'an error inside a 200',
      answer(200, { code: 500, msg: '校验失败 350582199001011234' }),
      '接收方未签收：回执“code”应为“0”，实为“500”',
    ],
    ['a page', answer(200, '<!DOCTYPE html><h1>统一登录</h1>', { 'content-type': 'text/html' }), /网页/],
    ['an empty answer', answer(200, ''), '答复成功但没有回执'],
    ['202 without a receipt', answer(202, ''), '答复成功但没有回执'],
    ['a wrong digest', answer(200, { code: 0, data: { no: 'R', digest: 'x', rows: 3 } }), /校验值/],
    [
      'a wrong number of rows',
      async (_request, response, body) => {
        const { body: bytes } = await body()
        const digest = createHash('sha256').update(bytes).digest('hex')
        response.end(JSON.stringify({ code: 0, data: { no: 'R', digest, rows: 2 } }))
      },
      /行数/,
    ],
    ['a reset', async (request) => (request.socket as import('node:net').Socket).resetAndDestroy(), '接收方中断了连接'],
    [
      'a closed connection',
      async (request, _response, body) => body().then(() => request.socket.destroy()),
      /断开|中断/,
    ],
    ['no answer in time', never, '接收方 1 秒内没有答完'],
    [
      'an answer that hangs in the middle',
      async (_request, response, body) => {
        await body()
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"code":0,')
      },
      '接收方 1 秒内没有答完',
    ],
    [
      'an answer that drips',
      async (_request, response, body) => {
        await body()
        response.writeHead(200, { 'content-type': 'application/json' })
        const timer = setInterval(() => response.write(' '), 100)
        response.once('close', () => clearInterval(timer))
      },
      '接收方 1 秒内没有答完',
    ],
    [
      'an answer shorter than it says',
      async (request, response, body) => {
        await body()
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"code":0}')
        setTimeout(() => request.socket.destroy(), 50)
      },
      '接收方没有答完就断开了连接',
    ],
    [
      'an answer without end',
      async (_request, response, body) => {
        await body()
        response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.alloc(200_000, 32))
      },
      /过长/,
    ],
    [
      'something that is no HTTP',
      async (request, _response, body) => body().then(() => request.socket.end('hello\r\n\r\n')),
      /不是 HTTP/,
    ],
  ]
  test.each(cases)('%s', async (_name, behaviour, error) => {
    receiver.behave(behaviour)
    const { destination, delivery, attempts } = await pushed()
    // Where the wait is told depends on whether the answer had begun.
    const wanted = _name === 'no answer in time' ? '接收方 1 秒没有动静' : error
    expect(delivery).toMatchObject({
      status: 'waiting',
      error: typeof wanted === 'string' ? wanted : expect.stringMatching(wanted),
    })
    expect(attempts).toHaveLength(1)
    expect(attempts[0]).toMatchObject({ outcome: 'failed' })
    expect(JSON.stringify(attempts)).not.toContain('350582199001011234')
    expect(new Date(delivery.nextAt!).getTime()).toBeGreaterThan(clock.now().getTime())
    const stuck = await call('sharing.stuck')
    expect(stuck.items.find((item) => item.destinationId === destination.id)).toMatchObject({
      dead: 0,
      failing: 1,
      error: delivery.error,
    })
  })
})

describe('redirects', () => {
  test('elsewhere are not followed; after three tries a person is asked', async () => {
    const elsewhere = await receiverAt()
    receiver.behave(answer(307, '', { location: elsewhere.url }))
    const { delivery, attempts } = await pushed({}, 4)
    expect(elsewhere.received).toEqual([])
    expect(attempts).toHaveLength(3)
    expect(delivery).toMatchObject({ status: 'dead', nextAt: null })
    expect(delivery.error).toBe('接收方让转到别处（HTTP 307），未予跟随，请核对地址（已尝试 3 次，不再自动重试）')
    const given = (await audited(app, 'sharing.give-up')).at(-1)
    expect(given).toMatchObject({ outcome: 'failed', object: `delivery:${delivery.number}` })
  })
})

describe('retries', () => {
  test('wait as long as the recipient asks', async () => {
    receiver.behave(answer(429, '慢一点', { 'retry-after': '5400' }), accept)
    const { delivery } = await pushed()
    const wait = new Date(delivery.nextAt!).getTime() - clock.now().getTime()
    expect(wait).toBeGreaterThan(5300_000)
    expect(wait).toBeLessThanOrEqual(5400_000)
    clock.forward(5000)
    await settle(app)
    expect(receiver.received).toHaveLength(1)
    clock.forward(401)
    await settle(app)
    expect((await call('sharing.delivery', { params: { id: delivery.id } })).delivery.status).toBe('acknowledged')
  })

  test('end at the limit; the dead letter is listed, and is sent again by hand with the same number and file', async () => {
    receiver.behave(answer(500, ''))
    const { destination, delivery } = await pushed({ maxAttempts: 2 }, 4)
    expect(delivery).toMatchObject({
      status: 'dead',
      attempts: 2,
      error: '接收方系统出错（HTTP 500）（已尝试 2 次，不再自动重试）',
    })
    const stuck = await call('sharing.stuck')
    expect(stuck.items.find((item) => item.destinationId === destination.id)).toMatchObject({
      dead: 1,
      failing: 0,
      name: '省平台',
      areaName: '泉州市',
    })
    expect((await call('sharing.list')).items.find(({ id }) => id === destination.id)).toMatchObject({
      dead: 1,
      last: { status: 'dead' },
    })

    receiver.behave(accept)
    await call('sharing.resend', { params: { id: delivery.id } })
    await settle(app)
    const again = await call('sharing.delivery', { params: { id: delivery.id } })
    expect(again.delivery).toMatchObject({
      status: 'acknowledged',
      attempts: 3,
      number: delivery.number,
      sha256: delivery.sha256,
    })
    expect(new Set(receiver.received.map(({ headers }) => headers['idempotency-key']))).toEqual(
      new Set([delivery.number]),
    )
    expect((await audited(app, 'sharing.resend')).at(-1)?.object).toBe(`delivery:${delivery.number}`)
    await expect(call('sharing.resend', { params: { id: delivery.id } })).rejects.toThrow('接收方已签收')
  })

  test('a delivery that is closed is sent no more and is stuck no more', async () => {
    receiver.behave(answer(500, ''))
    const { destination, delivery } = await pushed({ maxAttempts: 1 })
    await call('sharing.close', { params: { id: delivery.id }, body: { reason: '已另行报送' } })
    clock.forward(24 * hour)
    await settle(app)
    expect(receiver.received).toHaveLength(1)
    const stuck = await call('sharing.stuck')
    expect(stuck.items.some((item) => item.destinationId === destination.id)).toBe(false)
  })

  test('one recipient that hangs keeps no other waiting', async () => {
    const slow = await receiverAt()
    slow.behave(never)
    const hanging = await destinationAt(app, slow.url, { timeoutSeconds: 30 })
    for (let n = 0; n < 6; n++)
      await call('sharing.push', { params: { id: hanging.id }, body: { from: today(), to: today() } })
    await app.modules.sharing.loop.tick()
    const quick = await destinationAt(app, receiver.url)
    const { id } = await call('sharing.push', { params: { id: quick.id }, body: { from: today(), to: today() } })
    await app.modules.sharing.loop.tick()
    await expect
      .poll(async () => (await call('sharing.delivery', { params: { id } })).delivery.status, { timeout: 5000 })
      .toBe('acknowledged')
    await call('sharing.set-state', { params: { id: hanging.id }, body: { state: 'paused' } })
    slow.behave(answer(500, ''))
    await slow.close()
    await app.modules.sharing.loop.idle()
  })
})

describe('receipts', () => {
  test('are kept, downloadable and recorded', async () => {
    const { delivery } = await pushed()
    const { body, filename } = await call('sharing.receipt', { params: { id: delivery.id } })
    const receipt = JSON.parse(Buffer.from(body as Uint8Array).toString())
    expect(filename).toBe(`回执_${delivery.number}.json`)
    expect(receipt).toMatchObject({
      number: delivery.number,
      rows: delivery.rows,
      sha256: delivery.sha256,
      receiptNumber: `R-${delivery.number}`,
    })
    expect(JSON.parse(receipt.answer.body).code).toBe(0)
    expect((await audited(app, 'sharing.receipt')).at(-1)?.object).toBe(`delivery:${delivery.number}`)
  })
  test('of what was not acknowledged there is none', async () => {
    receiver.behave(answer(500, ''))
    const { delivery } = await pushed()
    await expect(call('sharing.receipt', { params: { id: delivery.id } })).rejects.toThrow('回执不存在')
  })
})

describe('addresses', () => {
  test('a private one is refused at set-up, and at the connection when only its name is known', async () => {
    for (const url of [
      'https://10.1.2.3/',
      'http://example.com/',
      'https://169.254.169.254/',
      'https://[::1]/',
      'ftp://a/',
      'x',
    ])
      await expect(call('sharing.create', { body: settings(url) }), url).rejects.toMatchObject({
        details: { errors: [{ pointer: '/url' }] },
      })
    const { delivery, attempts } = await pushed({}, 4, `https://localhost:${new URL(receiver.url).port}/`)
    // 127.0.0.1 is allowed, so the name leads there and meets no TLS; where it does not, it is blocked.
    expect(attempts).toHaveLength(3)
    expect(delivery.status).toBe('dead')
    expect(receiver.received).toEqual([])
  })
})

describe('TLS', () => {
  test('an unknown certificate is refused; with it as CA the file goes through', async () => {
    const pair = selfSigned()
    const secure = await receiverAt(pair)
    const { delivery } = await pushed({}, 1, secure.url)
    expect(delivery.error).toBe('接收方的证书不受信任，请核对地址，或填写其 CA 证书')
    expect(secure.received).toEqual([])
    const trusted = await pushed({ ca: pair.cert }, 1, secure.url)
    expect(trusted.delivery.status).toBe('acknowledged')
    const other = await pushed({ ca: selfSigned().cert }, 1, secure.url)
    expect(other.delivery.status).toBe('waiting')
    await expect(call('sharing.create', { body: settings(secure.url, { ca: 'no PEM' }) })).rejects.toThrow(
      '请按提示修改',
    )
  })
})

describe('the secret header', () => {
  test('is sent, never shown, not kept when it is echoed, and asked for again at another host', async () => {
    const secret = 'Bearer top-secret-token'
    receiver.behave(async (request, response, body) => {
      await body()
      response.end(JSON.stringify({ code: 1, you: request.headers.authorization }))
    })
    const { destination, delivery, attempts } = await pushed({ secretHeader: 'Authorization', secret })
    expect(receiver.received[0]!.headers.authorization).toBe(secret)
    expect(destination.hasSecret).toBe(true)
    const shown = JSON.stringify([
      destination,
      delivery,
      attempts,
      await call('sharing.list'),
      await audited(app, 'sharing.create'),
    ])
    expect(shown).not.toContain('top-secret')
    expect(attempts[0]!.answer).toContain('＊')
    const {
      areaCode: _area,
      algorithm: _algorithm,
      ...rest
    } = settings('https://elsewhere.example/', { secretHeader: 'Authorization' })
    await expect(
      call('sharing.change', { params: { id: destination.id }, body: { ...rest, revision: destination.revision } }),
    ).rejects.toThrow('更换主机时须重新填写请求头口令')
    for (const name of ['Host', 'content-type', 'Vigil-Rows', 'signature'])
      await expect(
        call('sharing.create', { body: settings(receiver.url, { secretHeader: name, secret: 'x' }) }),
      ).rejects.toThrow('请按提示修改')
  })
})

describe('keys', () => {
  test('the next key is shown first, then signs; the private part of the old one is gone', async () => {
    const first = await destinationAt(app, receiver.url)
    const prepared = await call('sharing.prepare-key', { params: { id: first.id }, body: { algorithm: 'sm2' } })
    const next = prepared.keys.find(({ state }) => state === 'next')!
    const push = async () => {
      await call('sharing.push', { params: { id: first.id }, body: { from: today(), to: today() } })
      await settle(app)
      return receiver.received.at(-1)!
    }
    const host = new URL(receiver.url).host
    expect(isGenuine(await push(), host, first.keys[0]!.publicKey)).toBe(true)
    await call('sharing.activate-key', { params: { id: first.id, keyId: next.id } })
    expect(isGenuine(await push(), host, next.publicKey)).toBe(true)
    const rows = await withScope(app.kernel.db, systemScope, (tx) =>
      tx
        .selectFrom('sharing.key')
        .select(['id', 'state', 'sealedPrivate'])
        .where('destinationId', '=', first.id)
        .execute(),
    )
    expect(rows.map(({ state, sealedPrivate }) => [state, sealedPrivate === null]).sort()).toEqual([
      ['active', false],
      ['retired', true],
    ])
    await expect(call('sharing.activate-key', { params: { id: first.id, keyId: next.id } })).rejects.toThrow('不存在')
    expect((await audited(app, 'sharing.activate-key')).at(-1)?.detail).toEqual({ keyId: next.id })
  })
})

describe('clear text', () => {
  const clear = { clear: true, reason: '省局〔2026〕1 号' }
  test('needs the right to export it and a reason, and is recorded with it', async () => {
    const manager = callerAt(cityPath, 'sharing.manage', 'sharing.read', 'purchase.export')
    await expect(caller(app, manager)('sharing.create', { body: settings(receiver.url, clear) })).rejects.toThrow(
      '没有此项权限',
    )
    await expect(call('sharing.create', { body: settings(receiver.url, { clear: true }) })).rejects.toMatchObject({
      details: { errors: [{ pointer: '/reason' }] },
    })
    const { delivery } = await pushed(clear)
    expect(receiver.received[0]!.body.toString()).toContain(citizenId(1))
    expect(delivery.clear).toBe(true)
    expect((await audited(app, 'sharing.create')).at(-1)?.detail).toMatchObject({ clear: true, reason: clear.reason })
    // Nobody without the right may turn such a destination to his own address.
    const { id, revision } = (await call('sharing.list')).items.find((item) => item.clear)!
    const { areaCode: _area, algorithm: _algorithm, ...rest } = settings('http://127.0.0.1:1/', clear)
    await expect(
      caller(app, manager)('sharing.change', { params: { id }, body: { ...rest, revision } }),
    ).rejects.toThrow('没有此项权限')
  })
  test('a clear file that waits is not sent once the destination is masked', async () => {
    receiver.behave(answer(500, ''))
    const { destination, delivery } = await pushed(clear)
    receiver.received.length = 0
    const { areaCode: _area, algorithm: _algorithm, ...rest } = settings(receiver.url)
    await call('sharing.change', { params: { id: destination.id }, body: { ...rest, revision: destination.revision } })
    receiver.behave(accept)
    for (let round = 0; round < 3; round++) {
      clock.forward(2 * hour)
      await settle(app)
    }
    expect(receiver.received).toEqual([])
    expect((await call('sharing.delivery', { params: { id: delivery.id } })).delivery.error).toMatch(/已改为脱敏/)
  })
  describe('whose responsible account', () => {
    const change = (text: string, id: string | null) => app.kernel.connections.system.query(text, [id])
    const push = (id: string) => call('sharing.push', { params: { id }, body: { from: today(), to: today() } })
    const read = async (id: string) => (await call('sharing.delivery', { params: { id } })).delivery
    /** A clear destination of somebody who may set it up, and this person. */
    const owned = async () => {
      const owner = callerAt(cityPath, ...director.grants[0]!.permissions)
      await enrol(app, owner)
      const as = caller(app, owner)
      const schedule = { every: 'week', weekday: fourDaysAhead(), at: '12:00' } as const
      const { id } = await as('sharing.create', { body: settings(receiver.url, { ...clear, schedule }) })
      await as('sharing.set-state', { params: { id }, body: { state: 'active' } })
      return { id, owner: owner.id }
    }
    const strip = `UPDATE access.role SET permissions = array_remove(permissions, 'purchase.export-clear') WHERE code = $1`
    test.each([
      ['may not export in clear any more', strip],
      ['is disabled', `UPDATE access.account SET status = 'disabled' WHERE id = $1`],
      ['is not known', `UPDATE sharing.destination SET clear_by = NULL WHERE clear_by = $1`],
      ['has lost the area', `DELETE FROM access.grant WHERE account_id = $1`],
    ])(
      '%s is held, told and recorded; nothing leaves, until somebody with the right takes it over',
      async (_why, text) => {
        const { id, owner } = await owned()
        await change(text, owner)
        const ordered = await push(id)
        await settle(app)
        expect(receiver.received).toEqual([])
        const held = await read(ordered.id)
        expect(held).toMatchObject({ status: 'held', rows: 0, sha256: null, nextAt: null })
        expect(held.error).toMatch(/已停用或已无明文导出权限，暂不推送/)
        expect((await audited(app, 'sharing.hold')).at(-1)).toMatchObject({
          outcome: 'refused',
          object: `delivery:${held.number}`,
        })
        expect((await call('sharing.list')).items.find((item) => item.id === id)).toMatchObject({ dead: 1, failing: 0 })
        expect((await call('sharing.stuck')).items.find((item) => item.destinationId === id)).toMatchObject({ dead: 1 })
        // Nothing goes by itself, and by hand only the same answer comes.
        clock.forward(2 * hour)
        await settle(app)
        await call('sharing.resend', { params: { id: held.id } })
        await settle(app)
        expect(receiver.received).toEqual([])
        expect((await read(held.id)).status).toBe('held')
        await call('sharing.set-state', { params: { id }, body: { state: 'active' } })
        await call('sharing.resend', { params: { id: held.id } })
        await settle(app)
        expect(await read(held.id)).toMatchObject({ status: 'acknowledged', error: null, number: held.number })
        expect(receiver.received).toHaveLength(1)
        expect(receiver.received[0]!.body.toString()).toContain(citizenId(1))
      },
    )
    test('loses the right while a file waits for its next try', async () => {
      receiver.behave(answer(500, ''))
      const { id, owner } = await owned()
      const ordered = await push(id)
      await settle(app)
      expect(receiver.received).toHaveLength(1)
      await change(strip, owner)
      receiver.behave(accept)
      clock.forward(2 * hour)
      await settle(app)
      expect(receiver.received).toHaveLength(1)
      expect((await read(ordered.id)).status).toBe('held')
    })
    test('is asked for clear text alone: a masked file goes', async () => {
      const { destination } = await pushed()
      await change(`UPDATE sharing.destination SET clear_by = NULL WHERE id = $1`, destination.id)
      const ordered = await push(destination.id)
      await settle(app)
      expect((await read(ordered.id)).status).toBe('acknowledged')
    })
  })
  test('another area does not see it', async () => {
    const { destination, delivery } = await pushed()
    const neighbour = caller(
      app,
      callerAt('/350000/350500/350583/', 'sharing.read', 'sharing.manage', 'sharing.send', 'purchase.export'),
    )
    expect((await neighbour('sharing.list')).items).toEqual([])
    await expect(neighbour('sharing.delivery', { params: { id: delivery.id } })).rejects.toThrow('不存在')
    await expect(
      neighbour('sharing.push', { params: { id: destination.id }, body: { from: today(), to: today() } }),
    ).rejects.toThrow('不存在')
    await expect(neighbour('sharing.create', { body: settings(receiver.url) })).rejects.toThrow('不存在')
  })
})

describe('a test push', () => {
  test('goes to a paused destination too, is marked, holds nobody, and is stuck nowhere', async () => {
    const { id } = await call('sharing.create', {
      body: settings(receiver.url, { clear: true, reason: '依据', format: 'jsonl' }),
    })
    const ordered = await call('sharing.test', { params: { id } })
    await settle(app)
    const { delivery } = await call('sharing.delivery', { params: { id: ordered.id } })
    expect(delivery).toMatchObject({ kind: 'test', status: 'acknowledged', rows: 1, clear: false })
    expect(receiver.received[0]!.headers['vigil-test']).toBe('?1')
    expect(receiver.received[0]!.body.toString()).toMatch(/^\{"登记编号":"测试数据，请勿入库"/)
    await expect(call('sharing.push', { params: { id }, body: { from: today(), to: today() } })).rejects.toThrow(
      '已暂停',
    )
    receiver.behave(answer(404, ''))
    await call('sharing.test', { params: { id } })
    await settle(app)
    expect((await call('sharing.stuck')).items.some(({ destinationId }) => destinationId === id)).toBe(false)
  })
})

describe('formats', () => {
  test.each(['csv', 'xlsx', 'jsonl'] as const)('%s', async (format) => {
    const { delivery } = await pushed({ format, timeoutSeconds: 10 })
    expect(delivery).toMatchObject({ status: 'acknowledged', error: null })
    const { body } = receiver.received[0]!
    if (format === 'xlsx') expect(body.subarray(0, 2).toString()).toBe('PK')
    if (format === 'jsonl')
      expect(
        body
          .toString()
          .trim()
          .split('\n')
          .map((line) => Object.keys(JSON.parse(line))[0]),
      ).toEqual(Array(delivery.rows).fill('登记编号'))
  })
})

describe('the schedule', () => {
  test('is answered once by two processes, which share the work', async () => {
    const other = await createTestApp({ clock, database, dataDir: app.kernel.config.dataDir })
    try {
      const made = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          destinationAt(app, receiver.url, { name: `接收方${n}`, timeoutSeconds: 20 }),
        ),
      )
      clock.forward(24 * hour)
      for (let round = 0; round < 6; round++) await Promise.all([settle(app), settle(other)])
      for (const { id } of made) {
        const { items } = await call('sharing.deliveries', { params: { id } })
        expect(items.map(({ kind, status, attempts, error }) => [kind, status, attempts, error])).toEqual([
          ['scheduled', 'acknowledged', 1, null],
        ])
        expect(items[0]!.to).toBe(addDays(dayOf(new Date(items[0]!.createdAt)), -1))
      }
      const keys = receiver.received.map(({ headers }) => headers['idempotency-key'])
      expect(keys).toHaveLength(8)
      expect(new Set(keys).size).toBe(8)
      expect((await audited(app, 'sharing.schedule')).length).toBe(8)
    } finally {
      await other.close()
    }
  })

  test('days that were missed are made up for, each with its own file', async () => {
    const { id } = await destinationAt(app, receiver.url)
    clock.forward(3 * 24 * hour)
    for (let round = 0; round < 8; round++) await settle(app)
    const { items } = await call('sharing.deliveries', { params: { id } })
    const days = items.map(({ from }) => from).sort()
    expect(days).toHaveLength(3)
    expect(new Set(days).size).toBe(3)
  })

  test('since the last acknowledgement: a failure is made up for by the next file, and nothing new is nothing sent', async () => {
    const { id } = await destinationAt(app, receiver.url, { cover: 'since-acknowledged', maxAttempts: 1 })
    const list = async () => (await call('sharing.deliveries', { params: { id } })).items
    const day = async () => {
      clock.forward(24 * hour)
      await settle(app)
      await settle(app)
    }
    receiver.behave(answer(500, ''))
    await day()
    const [first] = await list()
    expect(first!.status).toBe('dead')
    receiver.behave(accept)
    await day()
    const [second] = await list()
    expect(second).toMatchObject({ status: 'acknowledged', from: first!.from, to: addDays(first!.to, 1) })
    await day()
    const [third] = await list()
    expect(third).toMatchObject({ status: 'acknowledged', from: addDays(second!.to, 1), to: addDays(second!.to, 1) })
    expect(await list()).toHaveLength(3)
  })

  test('settings that contradict each other are told', async () => {
    const body = settings(receiver.url, { schedule: { every: 'hours', hours: 2 } })
    await expect(call('sharing.create', { body })).rejects.toMatchObject({
      details: { errors: [{ pointer: '/cover' }] },
    })
  })
})

test('pushed again, a period gets its next version with a number of its own', async () => {
  const { destination, delivery } = await pushed()
  const again = await call('sharing.push', { params: { id: destination.id }, body: { from: today(), to: today() } })
  expect(again.version).toBe(2)
  expect(again.number).not.toBe(delivery.number)
  await settle(app)
  expect(receiver.received.map(({ headers }) => headers['vigil-version'])).toEqual(['1', '2'])
})

test('with the key of a month go the files of it', async () => {
  const exported = await pushed()
  const { destination, delivery } = await pushed({ format: 'jsonl' })
  receiver.behave(answer(500, ''))
  const waiting = await call('sharing.push', { params: { id: destination.id }, body: { from: today(), to: today() } })
  await settle(app)
  const month = today().slice(0, 7)
  const { files } = await withScope(app.kernel.db, systemScope, (tx) => dropMonth(tx, month))
  expect(files).toEqual(expect.arrayContaining([delivery.id, waiting.id]))
  const after = await call('sharing.delivery', { params: { id: waiting.id } })
  expect(after.delivery).toMatchObject({ status: 'dead', kept: false, error: `${month} 的数据密钥已销毁，推送已停止` })
  await expect(call('sharing.resend', { params: { id: waiting.id } })).rejects.toThrow('请按同一期间重新推送')
  expect((await call('sharing.delivery', { params: { id: delivery.id } })).delivery).toMatchObject({
    status: 'acknowledged',
    kept: false,
  })
  // The file of an export goes with the export's own listener; here it must not be sent any more.
  const gone = await call('sharing.delivery', { params: { id: exported.delivery.id } })
  expect([exported.delivery.kept, gone.delivery.kept]).toEqual([true, false])
})

test('who may only read cannot set up, send or close', async () => {
  const { destination, delivery } = await pushed()
  const reader = caller(app, callerAt(cityPath, 'sharing.read'))
  expect((await reader('sharing.list')).items.length).toBeGreaterThan(0)
  await expect(reader('sharing.create', { body: settings(receiver.url) })).rejects.toThrow('没有此项权限')
  await expect(reader('sharing.test', { params: { id: destination.id } })).rejects.toThrow('没有此项权限')
  await expect(reader('sharing.resend', { params: { id: delivery.id } })).rejects.toThrow('没有此项权限')
  expect(director.grants[0]!.permissions.has('sharing.send')).toBe(true)
})

describe('by a template', () => {
  const provincial = async () =>
    (
      await app.kernel.connections.system.query<{ id: string }>(
        "SELECT id FROM export.template WHERE list = 'purchases'",
      )
    ).rows[0]!.id
  test("the province's own workbook comes filled to a recipient that fails twice first, and is an export with its rows", async () => {
    receiver.behave(answer(500, ''), answer(502, ''), accept)
    const { delivery, destination } = await pushed(
      { format: 'xlsx', templateId: await provincial(), timeoutSeconds: 5 },
      3,
    )
    expect(delivery).toMatchObject({ status: 'acknowledged', attempts: 3, error: null })
    const [first, second, third] = receiver.received.map(({ body }) => body)
    expect(first!.equals(second!) && second!.equals(third!)).toBe(true)
    const table = await openTable(third!, {
      filename: 'a.xlsx',
      columns: [{ key: 'store', heads: ['药店编码', '销售单位药店编码', '销售单位/药店编码'], required: true }],
    })
    const rows: string[][] = []
    for await (const row of table.rows) rows.push(row.raw)
    expect(rows.length).toBeGreaterThanOrEqual(delivery.rows)
    const kept = await withScope(app.kernel.db, systemScope, (tx) =>
      tx.selectFrom('export.export').selectAll().where('id', '=', delivery.exportId!).executeTakeFirstOrThrow(),
    )
    expect(kept).toMatchObject({
      sha256: delivery.sha256,
      rows: delivery.rows,
      status: 'ready',
      createdBy: '数据共享',
      traced: true,
    })
    expect(destination.templateId).toBe(kept.templateId)
  })
  test('is told before anything is sent when it is not there, or is for another format', async () => {
    await expect(
      call('sharing.create', { body: settings(receiver.url, { format: 'xlsx', templateId: crypto.randomUUID() }) }),
    ).rejects.toThrow('导出模板不存在')
    const other = settings(receiver.url, { format: 'csv', templateId: await provincial() })
    await expect(call('sharing.create', { body: other })).rejects.toMatchObject({
      details: { errors: [{ pointer: '/templateId' }] },
    })
  })
})

test('a correction after a push is listed as a difference, to who may export the area and to nobody else', async () => {
  const sold = purchase(app, 77)
  await sell(app, [sold])
  const { delivery } = await pushed({ timeoutSeconds: 10 })
  const differences = (as: Caller) =>
    app.modules.handlers['export.differences']({ caller: as, params: { id: delivery.exportId }, query: {} } as never)
  expect((await differences(director)).items).toEqual([])
  const clerk = callerAt(`${stores['JJ-0001']}JJ-0001/`, 'purchase.read-own', 'purchase.register')
  await app.modules.handlers['purchase.undo']({
    caller: { ...clerk, storeCode: 'JJ-0001' },
    params: { id: sold.id },
    body: undefined,
  } as never)
  const { items } = await differences(director)
  expect(items.map(({ kind, recordId }) => [kind, recordId])).toContainEqual(['undone', sold.id])
  await expect(differences(callerAt('/350000/350500/350582/', 'purchase.export'))).rejects.toThrow('不存在')
  await expect(differences(callerAt(cityPath, 'sharing.read'))).rejects.toThrow('不存在')
})
