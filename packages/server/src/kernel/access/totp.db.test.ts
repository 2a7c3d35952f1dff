import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Client, city, createCity, type TestCity } from './access.fixture.ts'

let world: TestCity
beforeAll(async () => {
  world = await createCity('required')
})
afterAll(() => world.close())

const codeOf = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: world.clock.time })

async function enrol(client: Client): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = (await client.call('POST', '/api/session/totp')).json() as { secret: string }
  const confirmed = await client.call('POST', '/api/session/totp/confirm', { code: codeOf(secret) })
  return { secret, recoveryCodes: confirmed.json().recoveryCodes }
}

test('a role that demands a second factor opens nothing but its enrolment', async () => {
  await world.person('supervisor', { roleCode: 'county-supervisor', areaCode: '350502' })
  const client = new Client(world.app)
  expect((await client.signIn('supervisor')).json()).toMatchObject({ mustEnrolTotp: true, totpEnrolled: false })
  for (const url of ['/api/accounts', '/api/roles']) {
    const refused = await client.call('GET', url)
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'totp-enrolment'])
  }
  const begun = await client.call('POST', '/api/session/totp')
  expect(begun.json().uri).toContain(begun.json().secret)
  const bad = await client.call('POST', '/api/session/totp/confirm', { code: '000000' })
  expect(bad.json().errors).toMatchObject([{ pointer: '/code', code: 'totp-wrong' }])
  const { recoveryCodes } = await enrol(client)
  expect(recoveryCodes).toHaveLength(8)
  expect((await client.call('GET', '/api/session')).json()).toMatchObject({ mustEnrolTotp: false, totpEnrolled: true })
  expect((await client.call('GET', '/api/accounts')).statusCode).toBe(200)
  expect((await client.call('POST', '/api/session/totp')).statusCode).toBe(409)
})

test('sign-in asks for the code, takes each code once, and counts wrong ones', async () => {
  await world.person('two-factor', { roleCode: 'viewer', areaCode: city })
  const client = new Client(world.app)
  await client.signIn('two-factor')
  const { secret } = await enrol(client)
  const used = codeOf(secret)
  const asked = await new Client(world.app).signIn('two-factor')
  expect([asked.statusCode, asked.json().code]).toEqual([401, 'totp-required'])
  const wrongPassword = await new Client(world.app).signIn('two-factor', { password: 'wrong wrong', totp: used })
  expect(wrongPassword.json().code).toBe('wrong-credentials')
  const replayed = await new Client(world.app).signIn('two-factor', { totp: used })
  expect([replayed.statusCode, replayed.json().code]).toEqual([401, 'totp-wrong'])
  world.clock.forward(30)
  const next = codeOf(secret)
  const both = await Promise.all([1, 2].map(() => new Client(world.app).signIn('two-factor', { totp: next })))
  expect(both.map((answer) => answer.statusCode).sort()).toEqual([200, 401])
  world.clock.forward(60)
  for (let i = 0; i < 5; i++) await new Client(world.app).signIn('two-factor', { totp: '000000' })
  expect((await new Client(world.app).signIn('two-factor', { totp: codeOf(secret) })).statusCode).toBe(429)
  const refused = (await world.audit('session.create')).filter((row) => row.detail.reason === 'totp')
  expect(refused.length).toBeGreaterThanOrEqual(6)
})

test('asking for the code does not buy new guesses of it', async () => {
  await world.person('guessed', { roleCode: 'viewer', areaCode: city })
  const client = new Client(world.app)
  await client.signIn('guessed')
  await enrol(client)
  world.clock.forward(3600)
  const codes: string[] = []
  for (let round = 0; round < 8; round++) {
    codes.push((await new Client(world.app).signIn('guessed')).json().code)
    codes.push((await new Client(world.app).signIn('guessed', { totp: '000000' })).json().code)
  }
  expect(codes.filter((code) => code === 'totp-wrong').length).toBeLessThanOrEqual(5)
  expect(codes.at(-1)).toBe('too-many')
  // Who only asks is never made to wait.
  world.clock.forward(3600)
  await world.person('asking', { roleCode: 'viewer', areaCode: city })
  const asking = new Client(world.app)
  await asking.signIn('asking')
  await enrol(asking)
  for (let round = 0; round < 8; round++)
    expect((await new Client(world.app).signIn('asking')).json().code).toBe('totp-required')
})

test('a recovery code opens once', async () => {
  await world.person('lost-phone', { roleCode: 'viewer', areaCode: city })
  const client = new Client(world.app)
  await client.signIn('lost-phone')
  const { recoveryCodes } = await enrol(client)
  const totp = recoveryCodes[0]!.toLowerCase()
  expect((await new Client(world.app).signIn('lost-phone', { totp })).statusCode).toBe(200)
  expect((await new Client(world.app).signIn('lost-phone', { totp })).statusCode).toBe(401)
})

test('neither the secret nor the recovery codes lie in the database', async () => {
  await world.person('sealed', { roleCode: 'viewer', areaCode: city })
  const client = new Client(world.app)
  await client.signIn('sealed')
  const { secret, recoveryCodes } = await enrol(client)
  const [row] = await world.owner(`select * from access.account where username = 'sealed'`)
  const bytes = Buffer.concat([row!.totp_sealed as Buffer, ...(row!.recovery_hashes as Buffer[])]).toString('latin1')
  const log = JSON.stringify(await world.owner('select * from audit.entry'))
  for (const text of [secret, Buffer.from(Secret.fromBase32(secret).bytes).toString('latin1'), ...recoveryCodes]) {
    expect(bytes).not.toContain(text)
    expect(log).not.toContain(text)
  }
})

test('a reset by another administrator takes the second factor away', async () => {
  const admin = new Client(world.app)
  await world.person('chief', { roleCode: 'city-director', areaCode: city })
  await admin.signIn('chief')
  await enrol(admin)
  const id = await world.person('to-reset', { roleCode: 'viewer', areaCode: city })
  const client = new Client(world.app)
  await client.signIn('to-reset')
  await enrol(client)
  const reset = await admin.call('POST', `/api/accounts/${id}/reset`)
  expect(reset.statusCode).toBe(200)
  expect((await client.call('GET', '/api/session')).statusCode).toBe(401)
  expect((await new Client(world.app).signIn('to-reset')).json().code).toBe('wrong-credentials')
  const body = { username: 'to-reset', code: reset.json().code, password: 'plum rain lantern' }
  const accepted = await client.call('POST', '/api/invitations/accept', body)
  expect(accepted.json()).toMatchObject({ totpEnrolled: false })
  expect(JSON.stringify(await world.audit('account.reset'))).not.toContain(reset.json().code)
})
