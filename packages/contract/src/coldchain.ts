import { coldDeclarationRoutes } from './coldchain-declaration.ts'
import { coldDeskRoutes } from './coldchain-desk.ts'
import { coldExportRoutes } from './coldchain-export.ts'
import { coldLotRoutes } from './coldchain-lot.ts'
import { coldPalletRoutes } from './coldchain-pallet.ts'
import { coldRecallRoutes } from './coldchain-recall.ts'
import { coldScanRoutes } from './coldchain-scan.ts'
import { coldTemperatureRoutes } from './coldchain-temperature.ts'
import { coldTradeRoutes } from './coldchain-trade.ts'

/** The cold chain of imported food: declaration to release, trade, supervision, and what the public may know. */
export const coldchainRoutes = {
  ...coldDeclarationRoutes,
  ...coldExportRoutes,
  ...coldDeskRoutes,
  ...coldLotRoutes,
  ...coldPalletRoutes,
  ...coldRecallRoutes,
  ...coldScanRoutes,
  ...coldTemperatureRoutes,
  ...coldTradeRoutes,
}
