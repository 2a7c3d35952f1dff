export { createTestApp, type TestApp, type TestAppOptions } from './app.ts'
export { createTestDatabase, type TestDatabase } from './database.ts'
