import { type City, county } from './city.ts'

/** 株洲市: nine county-level units. */
export const zhuzhou: City = {
  id: 'zhuzhou',
  code: '430200',
  name: '株洲市',
  provinceCode: '430000',
  lon: 113.13,
  lat: 27.83,
  counties: [
    county('430202', '荷塘区', 113.17, 27.86),
    county('430203', '芦淞区', 113.15, 27.79),
    county('430204', '石峰区', 113.12, 27.88),
    county('430211', '天元区', 113.08, 27.83),
    county('430212', '渌口区', 113.14, 27.7),
    county('430223', '攸县', 113.35, 27.0),
    county('430224', '茶陵县', 113.54, 26.78),
    county('430225', '炎陵县', 113.77, 26.49),
    county('430281', '醴陵市', 113.5, 27.65),
  ],
}
