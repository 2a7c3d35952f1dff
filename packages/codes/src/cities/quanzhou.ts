import { type City, county, zone } from './city.ts'

/** 泉州市: 11 statutory county-level units (Kinmen is not supervised from here) and two zones with local codes. */
export const quanzhou: City = {
  id: 'quanzhou',
  code: '350500',
  name: '泉州市',
  provinceCode: '350000',
  lon: 118.67,
  lat: 24.87,
  counties: [
    county('350502', '鲤城区', 118.59, 24.91),
    county('350503', '丰泽区', 118.61, 24.89),
    county('350504', '洛江区', 118.67, 24.94),
    county('350505', '泉港区', 118.92, 25.12),
    county('350521', '惠安县', 118.8, 25.03),
    county('350524', '安溪县', 118.19, 25.06),
    county('350525', '永春县', 118.29, 25.32),
    county('350526', '德化县', 118.24, 25.49),
    county('350581', '石狮市', 118.65, 24.73),
    county('350582', '晋江市', 118.55, 24.78),
    county('350583', '南安市', 118.39, 24.96),
    zone('350571', '泉州开发区', 118.56, 24.86),
    zone('350572', '泉州台商投资区', 118.76, 24.9),
  ],
}
