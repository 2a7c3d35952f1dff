import { type City, county } from './city.ts'

/** 晋城市: six county-level units. */
export const jincheng: City = {
  id: 'jincheng',
  code: '140500',
  name: '晋城市',
  provinceCode: '140000',
  lon: 112.85,
  lat: 35.49,
  counties: [
    county('140502', '城区', 112.85, 35.5),
    county('140521', '沁水县', 112.19, 35.69),
    county('140522', '阳城县', 112.41, 35.49),
    county('140524', '陵川县', 113.28, 35.78),
    county('140525', '泽州县', 112.9, 35.62),
    county('140581', '高平市', 112.92, 35.8),
  ],
}
