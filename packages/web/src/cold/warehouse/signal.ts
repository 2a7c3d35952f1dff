let audio: AudioContext | undefined

/** Says by sound and touch whether a scan was taken: eyes are on the goods. */
export function feel(good: boolean): void {
  navigator.vibrate?.(good ? 50 : [90, 60, 90])
  try {
    audio ??= new AudioContext()
    const [tone, volume] = [audio.createOscillator(), audio.createGain()]
    tone.frequency.value = good ? 1320 : 330
    volume.gain.value = 0.08
    tone.connect(volume).connect(audio.destination)
    tone.start()
    tone.stop(audio.currentTime + (good ? 0.07 : 0.25))
  } catch {
    // A browser without sound still shows it.
  }
}
