import type { fileRoutes } from '@vigil/contract'
import type { Handlers } from '../http/handler.ts'
import type { Kernel } from '../kernel.ts'

export const fileHandlers = (kernel: Kernel): Handlers<typeof fileRoutes> => ({
  'file.download': async ({ caller, params }) => {
    const { mediaType, filename, stream } = await kernel.files.openOwn(caller, params.id)
    return { mediaType, filename, body: stream }
  },
})
