import type { KeptPhoto } from '../scan/outbox.ts'

const longest = 1600

async function drawn(file: Blob): Promise<HTMLCanvasElement> {
  const url = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const scale = Math.min(1, longest / Math.max(image.naturalWidth, image.naturalHeight, 1))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale))
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale))
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return canvas
  } finally {
    URL.revokeObjectURL(url)
  }
}

/**
 * A photo as it is kept and sent: at most 1600 pixels long, JPEG, without what the camera wrote into it. Rejects for a file that is no
 * picture.
 */
export async function keptPhoto(file: File): Promise<KeptPhoto> {
  const canvas = await drawn(file)
  const data = canvas.toDataURL('image/jpeg', 0.82)
  return {
    name: `${file.name.replace(/\.\w+$/, '').slice(0, 60) || 'photo'}.jpg`,
    type: 'image/jpeg',
    data: data.slice(data.indexOf(',') + 1),
  }
}

/** Where the phone is, rounded to about a metre. Rejects with a sentence when it may not or cannot tell. */
export function placeOfPhone(): Promise<{ lon: number; lat: number }> {
  return new Promise((resolve, reject) => {
    const places = (navigator as { geolocation?: Geolocation }).geolocation
    if (!places) reject(new Error('unsupported'))
    places?.getCurrentPosition(
      ({ coords }) => resolve({ lon: Number(coords.longitude.toFixed(5)), lat: Number(coords.latitude.toFixed(5)) }),
      reject,
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    )
  })
}
