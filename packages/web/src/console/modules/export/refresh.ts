import { keys, queryClient } from '../../kernel/query.ts'

/** Asks again for templates and exports after one was changed. */
export const refreshTemplates = () => queryClient.invalidateQueries({ queryKey: keys.exports })
